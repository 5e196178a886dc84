import { h, icon, icons, name } from './dom';
import { size } from './format';
import type { Entry, Listing } from './listing';
import { fileName, kindOf, target } from './listing';
import type { Page } from './page';
import { withHints } from './page';

/** The picture that is an album's cover: by its name, in its folder or above. */
export function coverOf(files: Entry[], tracks: Entry[]): Entry | undefined {
  const dir = tracks[0]?.path.slice(0, -1) ?? [];
  const pictures = files.filter((f) => kindOf(f.type) === 'image' && f.size < 20 << 20);
  const near = (f: Entry) => dir.every((part, i) => f.path[i] === part);
  const called = (f: Entry) => /^(cover|folder|front|album|albumart.*|.*front.*|.*cover.*)\.[a-z]+$/i.test(fileName(f));
  return pictures.find((f) => near(f) && called(f)) ?? pictures.find(called) ?? pictures.find(near);
}

/** The tracks of an album with its cover. */
export function album(page: Page, list: Listing, tracks: Entry[], self?: Entry): HTMLElement {
  const cover = coverOf(list.files, tracks);
  return h('section', { class: 'playlist album' },
    cover ? h('img', { src: withHints(page, cover.href), alt: '', class: 'cover', loading: 'lazy' }) : null,
    h('div', null, h('h2', null, 'Tracks'), h('ol', null, ...tracks.map((f) => h('li', null,
      h('a', { href: target(page, f), 'aria-current': f === self ? 'true' : undefined }, icon(f === self ? icons.music : icons.play), name(fileName(f).replace(/\.[^.]+$/, '')), h('small', null, size(f.size))))))));
}
