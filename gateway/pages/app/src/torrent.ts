import { album } from './album';
import { copy, h, icon, icons, name } from './dom';
import type { Status } from './events';
import { listen } from './events';
import { count, size } from './format';
import { gallery } from './gallery';
import type { Entry, Listing } from './listing';
import { fileName, isExtra, kindOf, listing, mainFile, target } from './listing';
import { steps, strip, swarmLine } from './live';
import type { Page } from './page';
import { absolute, withHints } from './page';
import { episodes } from './playerpage';
import { remember } from './store';
import { tree } from './tree';

/** The page about a torrent or a folder of one. It says what is looked for until the torrent is known, and becomes its page then. */
export function torrentPage(page: Page): void {
  const main = document.querySelector<HTMLElement>('#torrent')!;
  const line = h('p', { id: 'line', role: 'status' }), picture = strip();
  const search = steps(), why = h('p', { role: 'alert', class: 'error' });
  const searching = h('section', { class: 'search' }, h('h2', null, 'Looking for the torrent'), why, search.element,
    h('p', { class: 'hint' }, 'This page becomes the torrent’s as soon as its list of files is here. ',
      h('a', { href: withHints(page, page.base, 'format=html') }, 'Page without scripts')));
  if (!page.known) main.append(searching);
  let shown = false;

  async function show(): Promise<void> {
    if (shown) return;
    shown = true;
    let list: Listing;
    try {
      list = await listing(page);
    } catch (e) {
      why.textContent = e instanceof Error ? e.message : String(e);
      if (!searching.isConnected) main.append(searching);
      shown = false;
      return;
    }
    searching.remove();
    build(page, list, main, picture.element, line);
  }

  listen(page, page.self, {
    status: (s: Status) => {
      if (!s.ready) search.show(s);
      picture.draw(s.map);
      const text = s.ready ? swarmLine(s) : '';
      if (line.textContent !== text) line.textContent = text;
    },
    info: () => { why.textContent = ''; void show(); },
    failed: (f) => { why.textContent = `${f.detail}`; },
    end: (f) => { why.textContent = f.detail; if (!searching.isConnected) main.append(searching); },
  });
  if (page.known) void show();
}

function build(page: Page, list: Listing, main: HTMLElement, picture: HTMLElement, line: HTMLElement): void {
  const path = page.path, inside = page.self !== page.base;
  const files = inside ? list.files.filter((f) => f.href.startsWith(page.self)) : list.files;
  const title = inside ? path[path.length - 1]! : list.name;
  document.title = title;
  document.querySelector('h1')!.replaceChildren(name(title));
  remember({ hash: page.hash, name: list.name, href: withHints(page, page.base, 'view=1') });
  const bytes = files.reduce((sum, f) => sum + f.size, 0), first = mainFile(files);
  main.append(
    h('p', { class: 'facts' }, `${count(files.length, 'file')} · ${size(bytes)}${list.private ? ' · private' : ''}`),
    h('div', { class: 'actions' },
      first ? h('a', { class: 'button primary', href: target(page, first) }, icon(icons.play), 'Play') : null,
      files.length === 1 && files[0] ? h('a', { class: first ? 'button' : 'button primary', href: withHints(page, files[0].href, 'download=1') }, 'Download')
        : h('a', { class: first ? 'button' : 'button primary', href: withHints(page, page.self, 'format=tar') }, 'Download all'),
      menu(page, list)),
    picture, line);
  const collection = special(page, list, files);
  if (!collection) { main.append(tree(page, files, path.length)); return; }
  const all = h('details', { class: 'all' }, h('summary', null, `All ${count(files.length, 'file')}`)); // no name twice, unless asked for
  all.addEventListener('toggle', () => { if (all.open && all.children.length === 1) all.append(tree(page, files, path.length)); });
  main.append(collection, all);
}

/** What a folder is, if it is something: an album, a season, a gallery. */
function special(page: Page, list: Listing, files: Entry[]): HTMLElement | null {
  const of = (kind: string) => files.filter((f) => kindOf(f.type) === kind);
  const films = of('video').filter((f) => !isExtra(f)), tracks = of('audio'), pictures = of('image');
  const most = Math.max(films.length, tracks.length, pictures.length);
  if (most < 2 || most > 500) return null;
  if (films.length === most) return episodes(page, films);
  if (tracks.length === most) return album(page, list, tracks);
  return pictures.length >= files.length / 2 ? gallery(page, pictures) : null;
}

/** The other forms of a torrent, behind one button. */
function menu(page: Page, list: Listing): HTMLElement {
  const folder = page.self;
  const only = list.files.length === 1 ? list.files[0] : undefined;
  const hash = list.infohash ?? '', hash2 = list.infohash_v2 ?? '';
  const topics = [hash && `xt=urn:btih:${hash}`, !hash && hash2 && page.base.includes('/btmh/') && `xt=urn:btmh:1220${base32Hex(hash2)}`].filter(Boolean).join('&');
  const magnet = `magnet:?${topics}&dn=${encodeURIComponent(list.name)}${page.query ? '&' + page.query.slice(1) : ''}`;
  const file = (only ? fileName(only) : `${page.path[page.path.length - 1] ?? list.name}.tar`).replace(/[/\\'\0-\x1f]/g, '_');
  const curl = `curl -C - -o '${file}' '${absolute(withHints(page, only ? only.href : folder, only ? '' : 'format=tar'))}'`;
  return h('details', { class: 'menu' }, h('summary', { class: 'button' }, 'More'), h('div', { class: 'items' },
    h('a', { href: magnet }, 'Magnet link'),
    h('button', { type: 'button', onclick: (e: Event) => void copy(magnet, e.currentTarget as HTMLElement) }, 'Copy the magnet link'),
    h('a', { href: withHints(page, page.base, 'format=torrent') }, 'Torrent file'),
    h('a', { href: withHints(page, folder, 'format=tar') }, 'Archive (tar)'),
    h('a', { href: withHints(page, folder, 'format=m3u8') }, 'Playlist (m3u8)'),
    h('button', { type: 'button', onclick: (e: Event) => void copy(curl, e.currentTarget as HTMLElement) }, 'Copy the curl line'),
    h('button', { type: 'button', onclick: (e: Event) => void copy(hash || hash2, e.currentTarget as HTMLElement) }, 'Copy the infohash'),
    h('a', { href: withHints(page, folder, 'format=html') }, 'Plain page')));
}

/** Hexadecimal digits of a v2 infohash in base32. */
function base32Hex(s: string): string {
  let bits = 0n, n = 0;
  for (const c of s.toLowerCase()) {
    const v = 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(c);
    if (v < 0) return s;
    bits = bits << 5n | BigInt(v);
    n += 5;
  }
  return (bits >> BigInt(n % 8)).toString(16).padStart(2 * Math.floor(n / 8), '0');
}
