import { h, icon, icons, name } from './dom';
import { count, size } from './format';
import type { Entry, Kind } from './listing';
import { fileName, kindOf, target } from './listing';
import type { Page } from './page';
import { places, seen } from './store';

interface Folder { name: string; size: number; files: number; folders: Map<string, Folder>; own: Entry[]; open: boolean }
type Row = { depth: number; folder?: Folder; file?: Entry };

const rowHeight = 44, spare = 12, openUpTo = 60;

/** The files of a torrent as a tree with a filter. Only the rows that are in view are elements, so 20,000 files are as quick as 20. */
export function tree(page: Page, files: Entry[], depth: number): HTMLElement {
  const root = grow(files, Math.max(1, depth));
  let folded: string[] | null = null; // names as the filter looks at them
  if (files.length <= openUpTo) openAll(root);
  const seenPlaces = places();
  let rows: Row[] = [], filter = '';

  const viewport = h('div', { class: 'viewport', tabindex: '0', role: 'region', 'aria-label': 'Files' });
  const list = h('ul', { class: 'rows' });
  viewport.append(list);
  const found = h('span', { role: 'status', class: 'found' });
  const input = h('input', { type: 'search', id: 'filter', placeholder: 'Filter', autocomplete: 'off', spellcheck: 'false' });
  const head = h('div', { class: 'row' }, h('h2', null, 'Files'), found, h('label', { for: 'filter', class: 'sr' }, 'Filter the files'), input);
  input.hidden = files.length < 8;

  function draw(): void {
    const first = Math.max(0, Math.floor(viewport.scrollTop / rowHeight) - spare);
    const end = Math.min(rows.length, first + Math.ceil(viewport.clientHeight / rowHeight) + 2 * spare);
    list.style.paddingTop = `${first * rowHeight}px`;
    list.style.paddingBottom = `${(rows.length - end) * rowHeight}px`;
    list.replaceChildren(...rows.slice(first, end).map((r, i) => element(r, first + i)));
  }

  function element(r: Row, at: number): HTMLElement {
    const item = h('li', { 'aria-setsize': String(rows.length), 'aria-posinset': String(at + 1) });
    item.style.setProperty('--depth', String(r.depth));
    if (r.folder) {
      const f = r.folder;
      item.append(h('button', { type: 'button', 'aria-expanded': String(f.open), onclick: () => { f.open = !f.open; fill(); focusRow(at); } },
        icon(icons.right), icon(icons.folder), h('span', { class: 'name' }, name(f.name)), h('small', null, `${count(f.files, 'file')}, ${size(f.size)}`)));
    } else if (r.file) {
      const f = r.file, label = filter ? f.path.slice(1).join(' / ') || fileName(f) : fileName(f);
      const watched = seen(seenPlaces[f.href]);
      item.append(h('a', { href: target(page, f), class: watched ? 'seen' : '' }, icon(iconOf(kindOf(f.type))), h('span', { class: 'name' }, name(label)), h('small', null, size(f.size))));
    }
    return item;
  }

  function focusRow(at: number): void { list.querySelector<HTMLElement>(`[aria-posinset="${at + 1}"] :is(a, button)`)?.focus(); }

  function fill(): void {
    rows = [];
    if (filter) {
      const words = filter.toLowerCase().split(/\s+/).filter(Boolean), texts = folded ??= files.map((f) => f.path.slice(1).join('/').toLowerCase());
      for (let i = 0; i < files.length; i++) if (words.every((w) => texts[i]!.includes(w))) rows.push({ depth: 0, file: files[i]! });
      found.textContent = count(rows.length, 'match', 'matches');
    } else {
      flatten(root, 0, rows);
      found.textContent = '';
    }
    viewport.style.height = `${Math.min(rows.length * rowHeight + 2, Math.max(320, innerHeight * 0.7))}px`;
    draw();
  }

  input.addEventListener('input', () => { filter = input.value.trim(); viewport.scrollTop = 0; fill(); });
  viewport.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  addEventListener('resize', () => requestAnimationFrame(draw));
  requestAnimationFrame(fill);
  return h('section', { class: 'files' }, head, viewport);
}

function grow(files: Entry[], skip: number): Folder {
  const root: Folder = { name: '', size: 0, files: 0, folders: new Map(), own: [], open: true };
  for (const f of files) {
    let at = root;
    at.size += f.size;
    at.files++;
    for (const part of f.path.slice(skip, -1)) {
      let next = at.folders.get(part);
      if (!next) { next = { name: part, size: 0, files: 0, folders: new Map(), own: [], open: false }; at.folders.set(part, next); }
      at = next;
      at.size += f.size;
      at.files++;
    }
    at.own.push(f);
  }
  return root;
}

function openAll(f: Folder): void {
  f.open = true;
  f.folders.forEach(openAll);
}

function flatten(f: Folder, depth: number, into: Row[]): void {
  for (const folder of f.folders.values()) {
    into.push({ depth, folder });
    if (folder.open) flatten(folder, depth + 1, into);
  }
  for (const file of f.own) into.push({ depth, file });
}

export function iconOf(kind: Kind): string {
  switch (kind) {
    case 'video': return icons.film;
    case 'audio': return icons.music;
    case 'image': return icons.picture;
    case 'subtitle': case 'text': return icons.text;
    default: return icons.file;
  }
}
