// Names of files and people's text get into pages as text alone: nothing here takes markup.

type Child = Node | string | null | undefined | false;

/** Makes an element. Attributes with false or undefined are left out, functions are listeners. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElementTagNameMap[K];
export function h(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement;
export function h(tag: string, attributes?: Record<string, unknown> | null, ...children: Child[]): HTMLElement {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === false || value === undefined || value === null) continue;
    if (typeof value === 'function') e.addEventListener(name.slice(2), value as EventListener);
    else e.setAttribute(name, value === true ? '' : String(value));
  }
  e.append(...children.filter((c): c is Node | string => !!c || c === ''));
  return e;
}

/** A name of a stranger's, kept from turning the direction of what is around it. */
export const name = (text: string): HTMLElement => h('bdi', null, text);

/** Writes text to the clipboard, and says so on the button for a while. */
export async function copy(text: string, button: HTMLElement): Promise<void> {
  const label = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS there is no clipboard but this.
    const area = h('textarea', { 'aria-hidden': 'true' }, text);
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = label; }, 1500);
}

/** An icon of strokes, 24 × 24. */
export function icon(path: string): SVGElement {
  const ns = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(ns, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', 'icon');
  const p = document.createElementNS(ns, 'path');
  p.setAttribute('d', path);
  svg.append(p);
  return svg;
}

export const icons = {
  play: 'M8 5.5v13l10.500-6.500z',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.500h4M4 14.500h4M16 9.500h4M16 14.500h4',
  music: 'M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15 9.500h.01',
  text: 'M6 3h9l4 4v14H6zM14 3v5h5M9 12h7M9 16h7',
  file: 'M6 3h9l4 4v14H6zM14 3v5h5',
  folder: 'M3 6h6l2 2.500h10V19H3z',
  right: 'M9 6l6 6-6 6',
  check: 'M5 12.500l4.500 4.500L19 7.500',
};
