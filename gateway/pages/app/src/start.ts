import { h, name } from './dom';
import { ago } from './format';
import type { Page } from './page';
import { forget, recent, remember } from './store';

/** The start page: the box takes what is dropped or pasted anywhere, and there is what was opened lately. */
export function startPage(page: Page): void {
  box(page);
  showRecent();
}

/** Makes the form of a page take files and text that are dropped or pasted anywhere on it. */
export function box(page: Page): void {
  const form = document.querySelector<HTMLFormElement>('#box');
  const text = form?.querySelector<HTMLInputElement>('[name=uri]');
  const file = form?.querySelector<HTMLInputElement>('[type=file]');
  if (!form || !text) return;
  const busy = (what: string) => { const say = form.querySelector('[role=status]'); if (say) say.textContent = what; };
  form.addEventListener('submit', () => busy('Opening…'));
  addEventListener('pageshow', () => busy(''));
  text.addEventListener('paste', () => setTimeout(() => { if (plausible(text.value)) form.requestSubmit(); }));
  file?.addEventListener('change', () => { if (file.files?.length) void send([...file.files]); });

  /** Posts the files one by one and opens the last one; the others are among those opened lately. */
  async function send(files: File[]): Promise<void> {
    if (!page.uploads) { busy('This server takes no .torrent files: use a magnet link.'); return; }
    busy(files.length > 1 ? `Opening ${files.length} files…` : 'Opening…');
    let last = '';
    for (const f of files.slice(0, 50)) {
      const data = new FormData();
      data.append('torrent', f);
      const answer = await fetch(form!.action, { method: 'POST', body: data, headers: { Accept: 'application/json' } });
      if (!answer.ok) {
        let why = answer.statusText;
        try { why = ((await answer.json()) as { detail: string }).detail; } catch { /* a proxy's page */ }
        busy(`${f.name}: ${why}`);
        return;
      }
      last = answer.url;
      const hash = /\/(?:btih|btmh)\/([^/]+)\//.exec(last)?.[1];
      if (hash) remember({ hash, name: f.name.replace(/\.torrent$/i, ''), href: last });
    }
    if (last) location.href = last;
  }

  addEventListener('dragover', (e) => { e.preventDefault(); document.body.classList.add('drop'); });
  addEventListener('dragleave', (e) => { if (!e.relatedTarget) document.body.classList.remove('drop'); });
  addEventListener('drop', (e) => {
    e.preventDefault();
    document.body.classList.remove('drop');
    const files = [...e.dataTransfer?.files ?? []];
    const link = e.dataTransfer?.getData('text/uri-list') || e.dataTransfer?.getData('text/plain') || '';
    if (files.length) void send(files);
    else if (link) { text.value = link.trim(); form.requestSubmit(); }
  });
  addEventListener('paste', (e) => {
    if (e.target instanceof HTMLInputElement) return;
    const files = [...e.clipboardData?.files ?? []], pasted = e.clipboardData?.getData('text').trim() ?? '';
    if (files.length) void send(files);
    else if (pasted) { text.value = pasted; if (plausible(pasted)) form.requestSubmit(); }
  });
}

/** Whether a text is likely to be meant, so that no button need be pressed. */
const plausible = (s: string): boolean => /^\s*(magnet:\?\S*xt=urn:bt|[0-9a-f]{40}\s*$|1220[0-9a-f]{64}\s*$|[a-z2-7]{32}\s*$|https?:\/\/\S+$)/i.test(s);

function showRecent(): void {
  const place = document.querySelector('#recent');
  if (!place) return;
  const list = recent();
  place.replaceChildren();
  if (!list.length) return;
  place.append(
    h('div', { class: 'row' }, h('h2', null, 'Opened lately in this browser'),
      h('button', { type: 'button', class: 'quiet', onclick: () => { forget(); showRecent(); } }, 'Forget all')),
    h('ul', { class: 'cards' }, ...list.map((r) => h('li', null,
      h('a', { href: r.href }, name(r.name), h('small', null, ago((Date.now() - r.at) / 1000))),
      h('button', { type: 'button', class: 'quiet', 'aria-label': `Forget ${r.name}`, onclick: () => { forget(r.hash); showRecent(); } }, '×')))));
}
