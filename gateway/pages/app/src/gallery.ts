import { h, name } from './dom';
import type { Entry } from './listing';
import { fileName } from './listing';
import type { Page } from './page';
import { withHints } from './page';

const shown = 60;

/** Pictures as a wall, and one of them large. They load when they come into view. */
export function gallery(page: Page, pictures: Entry[]): HTMLElement {
  const wall = h('div', { class: 'wall' });
  const large = h('dialog', { class: 'large', 'aria-label': 'Picture' });
  const image = h('img', { alt: '' }), caption = h('p');
  let at = 0;
  const show = (i: number) => {
    at = (i + pictures.length) % pictures.length;
    const f = pictures[at]!;
    image.src = withHints(page, f.href);
    image.alt = fileName(f);
    caption.replaceChildren(name(fileName(f)), ` (${at + 1} of ${pictures.length})`);
    if (!large.open) large.showModal();
  };
  large.append(image, h('div', { class: 'row' },
    h('button', { type: 'button', onclick: () => show(at - 1) }, '← Previous'), caption,
    h('button', { type: 'button', onclick: () => show(at + 1) }, 'Next →'), h('button', { type: 'button', onclick: () => large.close() }, 'Close')));
  large.addEventListener('keydown', (e) => { if (e.key === 'ArrowLeft') show(at - 1); if (e.key === 'ArrowRight') show(at + 1); });
  const more = h('button', { type: 'button' }, 'Show more');
  const add = () => {
    const from = wall.children.length;
    wall.append(...pictures.slice(from, from + shown).map((f, i) => h('button', { type: 'button', onclick: () => show(from + i) }, h('img', { src: withHints(page, f.href), alt: fileName(f), loading: 'lazy', decoding: 'async' }))));
    more.hidden = wall.children.length === pictures.length;
  };
  more.addEventListener('click', add);
  add();
  return h('section', { class: 'gallery' }, h('h2', null, 'Pictures'), wall, more, large);
}
