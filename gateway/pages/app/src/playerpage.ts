import { copy, h, icon, icons, name } from './dom';
import { listen } from './events';
import { time } from './format';
import type { Chapter } from './inside';
import type { Entry, Listing } from './listing';
import { companions, fileName, listing, target } from './listing';
import { strip, swarmLine, waitingFor } from './live';
import type { Status } from './events';
import type { Page } from './page';
import { absolute, withHints } from './page';
import { Player } from './player';
import { playerLinks } from './playlinks';
import { leave, places, remember, seen, set, settings } from './store';
import { languageName, readSubtitles, subtitlesOf } from './subtitles';
import { album } from './album';

/** The page that plays a file. */
export function playerPage(page: Page): void {
  const stage = document.querySelector<HTMLElement>('#stage')!, below = document.querySelector<HTMLElement>('#below')!;
  const existing = stage.querySelector('video')!;
  const url = absolute(withHints(page, page.self)), type = document.body.dataset.type ?? '';
  const said = h('p', { id: 'said', role: 'alert' }), line = h('p', { id: 'line', role: 'status' });
  const picture = strip();
  const place = places()[page.self];
  const from = place && place.at > 10 && !seen(place) ? place.at : 0;
  let list: Listing | null = null, self: Entry | undefined, previous: Entry | undefined, next: Entry | undefined, last: Status | undefined, marks: Chapter[] = [];

  const panel = trackPanel();
  const player = new Player({
    url, type, media: page.media === 'audio' ? 'audio' : 'video', from, video: existing,
    said: (message, kind) => { said.textContent = message; said.className = kind; },
    ended: () => { save(); if (next) location.href = target(page, next); },
    tracks: () => { panel.prefer(player); panel.update(player); },
    chapters: (all) => { marks = all; below.append(chapters(player, all)); },
  });
  panel.update(player);
  stage.prepend(player.element);
  below.append(said, picture.element, line, panel.element, actions(page, url), help(page));
  if (from) said.before(h('p', { class: 'note' }, `Goes on at ${time(from)}. `, h('button', { type: 'button', class: 'quiet', onclick: (e: Event) => { player.video.currentTime = 0; (e.target as HTMLElement).parentElement?.remove(); } }, 'Start from the beginning')));
  void player.start();

  const { video } = player;
  const save = () => { if (video.duration > 60 && video.currentTime > 0) leave(page.self, video.currentTime, video.duration); };
  let saved = 0;
  video.addEventListener('timeupdate', () => { if (Date.now() - saved > 5000) { saved = Date.now(); save(); } });
  video.addEventListener('pause', save);
  addEventListener('pagehide', save);

  let waiting = false;
  for (const event of ['waiting', 'stalled', 'loadstart', 'seeking']) video.addEventListener(event, () => { waiting = true; tell(); });
  for (const event of ['playing', 'canplay', 'seeked', 'error']) video.addEventListener(event, () => { waiting = false; tell(); });
  video.addEventListener('progress', tell);

  function tell(): void {
    const parts: string[] = [];
    if (waiting && video.readyState < 3 && !video.error && !video.paused) parts.push(`Waiting for ${last ? waitingFor(last) : 'the file'}`);
    const ahead = buffered(video);
    if (ahead > 0) parts.push(`${time(ahead)} ahead`);
    if (last?.ready) parts.push(swarmLine(last, 'of the file'));
    const text = parts.filter(Boolean).join(' · ');
    if (line.textContent !== text) line.textContent = text;
  }

  listen(page, page.self, {
    status: (s) => { last = s; picture.draw(s.map); tell(); },
    info: () => { void named(); },
    failed: (f) => { if (video.readyState === 0) { said.textContent = f.detail; said.className = 'error'; } },
    end: (f) => { said.textContent = f.detail; said.className = 'error'; },
  });

  /** What the list of files adds, once it is known. */
  async function named(): Promise<void> {
    if (list) return;
    try {
      list = await listing(page);
    } catch { return; } // the stream says what is wrong
    self = list.files.find((f) => f.href === page.self);
    if (!self) return;
    remember({ hash: page.hash, name: list.name, href: withHints(page, page.base, 'view=1') });
    if (page.media === 'video') {
      for (const s of subtitlesOf(list.files, self, (href) => withHints(page, href, 'format=vtt'))) player.addSubtitle(s);
    }
    const row = companions(list.files, self), at = row.indexOf(self);
    previous = row[at - 1];
    next = row[at + 1];
    if (row.length > 1) {
      below.append(neighbours(page, previous, next));
      below.append(page.media === 'audio' ? album(page, list, row, self) : episodes(page, row, self));
    }
    if ('mediaSession' in navigator) {
      navigator.mediaSession.metadata = new MediaMetadata({ title: fileName(self), album: list.name });
      const go = (f: Entry | undefined) => f ? () => { location.href = target(page, f); } : null;
      navigator.mediaSession.setActionHandler('previoustrack', go(previous));
      navigator.mediaSession.setActionHandler('nexttrack', go(next));
    }
  }

  addEventListener('keydown', (e) => {
    const inField = e.target instanceof HTMLElement && e.target.closest('input, select, textarea');
    if (inField || e.ctrlKey || e.metaKey || e.altKey) return;
    if (e.key === 'n' && next) location.href = target(page, next);
    if (e.key === 'p' && previous) location.href = target(page, previous);
    if (e.key === 'c' && e.target === document.body) { const first = player.subtitles[0]; if (first) player.show(player.showing() ? null : first); }
    if (e.target !== document.body) return; // the controls have keys of their own
    if (e.key === ' ' || e.key === 'k') { e.preventDefault(); if (video.paused) void video.play(); else video.pause(); }
    if (e.key === 'ArrowLeft' || e.key === 'j') { e.preventDefault(); video.currentTime -= 10; }
    if (e.key === 'ArrowRight' || e.key === 'l') { e.preventDefault(); video.currentTime += 10; }
    if (e.key === '<' || e.key === '>') { video.playbackRate = Math.min(4, Math.max(0.25, video.playbackRate + (e.key === '>' ? 0.25 : -0.25))); panel.rate(video.playbackRate); }
    if (e.key === 'PageUp' || e.key === 'PageDown') { const to = beside(marks, video.currentTime, e.key === 'PageDown'); if (to !== undefined) { e.preventDefault(); video.currentTime = to; } }
    if (e.key === 'm') video.muted = !video.muted;
    if (e.key === 'i' && document.pictureInPictureEnabled && page.media === 'video') void (document.pictureInPictureElement ? document.exitPictureInPicture() : video.requestPictureInPicture()).catch(() => undefined); // there is no picture yet
    if (e.key === 'f') { if (document.fullscreenElement) void document.exitFullscreen(); else void player.element.requestFullscreen(); }
  });
}

/** Where the chapter after a time starts, or the one before it. */
function beside(all: Chapter[], at: number, after: boolean): number | undefined {
  return (after ? all.find((c) => c.start > at + 0.5) : all.findLast((c) => c.start < at - 3))?.start;
}

/** The chapters of a film. */
function chapters(player: Player, all: Chapter[]): HTMLElement {
  const { video } = player, go = (at: number) => () => { video.currentTime = at; void video.play(); };
  const buttons = all.map((c) => h('button', { type: 'button', onclick: go(c.start) }, h('small', null, time(c.start)), name(c.title)));
  video.addEventListener('timeupdate', () => {
    const at = all.findLastIndex((c) => c.start <= video.currentTime);
    buttons.forEach((b, i) => { if (i === at) b.setAttribute('aria-current', 'true'); else b.removeAttribute('aria-current'); });
  });
  return h('section', { class: 'playlist chapters' }, h('h2', null, 'Chapters'), h('ol', null, ...buttons.map((b) => h('li', null, b))));
}

/** Seconds from where a video is to the end of what it has without a gap. */
export function buffered(video: HTMLVideoElement): number {
  for (let i = 0; i < video.buffered.length; i++) {
    if (video.buffered.start(i) <= video.currentTime + 0.1 && video.buffered.end(i) > video.currentTime) return video.buffered.end(i) - video.currentTime;
  }
  return 0;
}

/** The choice of sound and subtitles, their delay, and a file of one's own. */
function trackPanel() {
  const subtitles = h('select', { id: 'subtitles' }), sound = h('select', { id: 'sound' });
  const speed = h('select', { id: 'speed' }, ...[0.5, 0.75, 1, 1.25, 1.5, 1.75, 2].map((r) => h('option', { value: String(r), selected: r === (settings().rate ?? 1) }, `${r} ×`)));
  speed.addEventListener('change', () => { if (player) player.video.playbackRate = Number(speed.value); });
  const soundRow = h('div', { class: 'field' }, h('label', { for: 'sound' }, 'Sound'), sound);
  const delay = h('output', { class: 'delay' }, '0.0 s');
  const earlier = h('button', { type: 'button', 'aria-label': 'Subtitles earlier' }, '−'), later = h('button', { type: 'button', 'aria-label': 'Subtitles later' }, '+');
  const file = h('input', { type: 'file', id: 'own', accept: '.srt,.vtt,.ass,.ssa', class: 'hidden' });
  const shift = h('div', { class: 'field' }, h('span', null, 'Delay'), earlier, delay, later);
  const own = h('label', { for: 'own', class: 'button' }, 'Add a file…');
  const problem = h('span', { class: 'error', role: 'alert' });
  const row = h('div', { class: 'field' }, h('label', { for: 'subtitles' }, 'Subtitles'), subtitles);
  const ownRow = h('div', { class: 'field' }, own, file);
  row.hidden = ownRow.hidden = document.body.dataset.media !== 'video';
  const element = h('div', { class: 'tracks' }, row, shift, ownRow, soundRow, h('div', { class: 'field' }, h('label', { for: 'speed' }, 'Speed'), speed), problem);
  let player: Player | null = null, chosen = false; // by the viewer, or for him
  soundRow.hidden = shift.hidden = true;

  const take = async (files: FileList | null | undefined) => {
    const f = files?.[0];
    if (!f || !player) return;
    chosen = true;
    problem.textContent = '';
    try {
      player.show(player.addCues(f.name, '', await readSubtitles(f)));
    } catch (e) {
      problem.textContent = `${f.name}: ${e instanceof Error ? e.message : String(e)}`;
    }
  };
  const move = (by: number) => { if (!player) return; player.shift(Math.round((player.delay + by) * 10) / 10); delay.textContent = `${player.delay.toFixed(1)} s`; };
  earlier.addEventListener('click', () => move(-0.5));
  later.addEventListener('click', () => move(0.5));
  file.addEventListener('change', () => void take(file.files));
  addEventListener('dragover', (e) => e.preventDefault());
  addEventListener('drop', (e) => { e.preventDefault(); void take(e.dataTransfer?.files); });
  subtitles.addEventListener('change', () => {
    const which = player?.subtitles[Number(subtitles.value)] ?? null;
    chosen = true;
    player?.show(which);
    set({ subtitles: which ? which.language || which.label : '' });
  });
  sound.addEventListener('change', () => void player?.chooseSound(Number(sound.value)));

  return {
    element,
    /** Shows the subtitles in the language that was chosen last, once they are there. */
    prefer(p: Player) {
      const wanted = settings().subtitles, found = wanted && !chosen && p.subtitles.find((s) => s.language === wanted || s.label === wanted);
      if (!found) return;
      chosen = true;
      p.show(found);
    },
    rate(r: number) { speed.value = String(r); },
    update(p: Player) {
      player = p;
      const showing = p.showing();
      subtitles.replaceChildren(h('option', { value: '-1' }, p.subtitles.length + p.unshown.length ? 'Off' : 'None found'), ...p.subtitles.map((s, i) => h('option', { value: String(i), selected: s === showing }, s.label)),
        ...p.unshown.map((label) => h('option', { disabled: true }, label)));
      shift.hidden = !showing;
      const sounds = p.sounds();
      soundRow.hidden = sounds.length < 2;
      sound.replaceChildren(...sounds.map((s) => h('option', { value: String(s.id), selected: s.chosen }, [languageName(s.language) || s.name || `Track ${s.id}`, s.codec.toUpperCase()].join(' · '))));
    },
  };
}

/** Copy, save, and the players outside of the browser. */
function actions(page: Page, url: string): HTMLElement {
  const list = absolute(withHints(page, page.self.slice(0, page.self.lastIndexOf('/') + 1), 'format=m3u8'));
  const link = h('button', { type: 'button', onclick: (e: Event) => void copy(url, e.currentTarget as HTMLElement) }, 'Copy link');
  return h('div', { class: 'actions' }, link,
    ...playerLinks(url).map((l) => h('a', { class: 'button', href: l.href }, l.label)),
    h('a', { class: 'button', href: list }, 'Playlist (m3u8)'),
    h('a', { class: 'button', href: withHints(page, page.self, 'download=1') }, 'Download'));
}

/** What keys do, and where else it can play. */
function help(page: Page): HTMLElement {
  const film = page.media === 'video', windows = film && document.pictureInPictureEnabled;
  const keys = [['Space, k', 'play, pause'], ['←, j', '10 seconds back'], ['→, l', '10 seconds on'], ['<, >', 'slower, faster'], ['m', 'sound off, on'], ['p, n', 'previous, next file'],
    ...(film ? [['f', 'full screen'], ['c', 'subtitles'], ['Page Up, Page Down', 'chapters']] : []), ...(windows ? [['i', 'picture in picture']] : [])];
  const casts = 'remote' in HTMLMediaElement.prototype || 'WebKitPlaybackTargetAvailabilityEvent' in window;
  const say = (has: boolean, what: string) => has ? null : h('p', null, `This browser has no ${what}.`);
  return h('details', { class: 'help' }, h('summary', null, 'Keys'),
    h('dl', null, ...keys.flatMap(([key, does]) => [h('dt', null, key!), h('dd', null, does!)])),
    say(casts, 'way to cast to another screen'), film ? say(windows, 'picture in picture') : null);
}

/** Links to what comes before and after. */
function neighbours(page: Page, before: Entry | undefined, after: Entry | undefined): HTMLElement {
  const link = (f: Entry | undefined, label: string) => f && h('a', { class: 'button', href: target(page, f), title: fileName(f) }, label);
  return h('nav', { class: 'neighbours', 'aria-label': 'Previous and next' }, link(before, '← Previous') ?? null, link(after, 'Next →') ?? null);
}

/** The films of a season, with what was seen. */
export function episodes(page: Page, row: Entry[], self?: Entry): HTMLElement {
  const left = places();
  return h('section', { class: 'playlist' }, h('h2', null, row.length > 1 ? 'Episodes' : 'Film'), h('ol', null, ...row.map((f) => {
    const place = left[f.href];
    return h('li', { class: seen(place) ? 'seen' : '' },
      h('a', { href: target(page, f), 'aria-current': f === self ? 'true' : undefined },
        icon(seen(place) ? icons.check : icons.play), name(fileName(f)),
        h('small', null, seen(place) ? 'seen' : place ? `left at ${time(place.at)}` : '')));
  })));
}

