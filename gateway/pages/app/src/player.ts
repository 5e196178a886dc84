import 'media-chrome/dist/media-controller.js';
import 'media-chrome/dist/media-control-bar.js';
import 'media-chrome/dist/media-play-button.js';
import 'media-chrome/dist/media-mute-button.js';
import 'media-chrome/dist/media-volume-range.js';
import 'media-chrome/dist/media-time-range.js';
import 'media-chrome/dist/media-time-display.js';
import 'media-chrome/dist/media-seek-backward-button.js';
import 'media-chrome/dist/media-seek-forward-button.js';
import 'media-chrome/dist/media-captions-button.js';
import 'media-chrome/dist/media-pip-button.js';
import 'media-chrome/dist/media-airplay-button.js';
import 'media-chrome/dist/media-cast-button.js';
import 'media-chrome/dist/media-fullscreen-button.js';
import 'media-chrome/dist/media-loading-indicator.js';
import { h } from './dom';
import { Feed } from './feed';
import type { Chapter } from './inside';
import type { Tape } from './ranges';
import { uncached } from './ranges';
import { noPicture, plan, whyNot } from './repairable';
import type { Repair, Sound } from './repair';
import type { Cue, Subtitle } from './subtitles';
import { languageName, languageOf } from './subtitles';
import { set, settings } from './store';

/** What a player plays and whom it tells of it. */
export interface Options {
  url: string;
  type: string; // media type of the file
  media: 'video' | 'audio';
  from?: number; // seconds
  crossOrigin?: boolean;
  video?: HTMLVideoElement; // that the page has already
  said?(message: string, kind: 'error' | 'note' | ''): void;
  ended?(): void;
  tracks?(): void; // of sound or subtitles: they changed
  chapters?(list: Chapter[]): void;
}

/** A track of subtitles of a player. */
export interface Shown { label: string; language: string; track: TextTrack; shift: number; feed?: Feed }

const silent = 'The browser started it without sound. A click on the loudspeaker turns it on.';

/** A video with its controls. It starts by itself, repairs what the browser cannot play, and says what is wrong in words. */
export class Player {
  readonly video: HTMLVideoElement;
  readonly element: HTMLElement;
  readonly subtitles: Shown[] = [];
  readonly unshown: string[] = []; // subtitles that cannot be, and why
  private repairing: Repair | null = null;
  private readonly aborted = new AbortController();
  private tried = false; // to repair
  private said = '';
  delay = 0; // of subtitles, seconds

  constructor(readonly options: Options) {
    this.video = options.video ?? h('video');
    this.video.setAttribute('slot', 'media');
    this.video.removeAttribute('controls');
    this.video.playsInline = true;
    if (options.crossOrigin) this.video.crossOrigin = 'anonymous';
    this.element = controls(this.video, options.media);
    this.video.addEventListener('error', () => this.failed());
    this.video.addEventListener('ended', () => options.ended?.());
    this.video.addEventListener('volumechange', () => set({ volume: this.video.volume }));
    this.video.addEventListener('ratechange', () => set({ rate: this.video.playbackRate }));
    this.video.addEventListener('loadedmetadata', () => { this.video.playbackRate = settings().rate ?? 1; });
    this.video.volume = settings().volume ?? 1;
    this.video.textTracks.addEventListener('change', () => this.changed());
    if (options.media === 'video') this.video.addEventListener('playing', () => void this.lookInside(), { once: true });
  }

  /** Starts, natively where the head of the file does not speak against it. */
  async start(): Promise<void> {
    const { url, type, from } = this.options;
    const { way, why, tape } = await plan(url, type, this.aborted.signal);
    if (this.aborted.signal.aborted) { tape?.close(); return; }
    if (way === 'none') { this.say(why ?? '', 'error'); this.video.removeAttribute('src'); return; }
    if (way === 'repair') { await this.repair(from ?? 0, tape); return; }
    if (this.video.src !== new URL(url, location.href).href) this.video.src = url;
    if (from) this.seekFirst(from);
    this.watchSound();
    this.video.addEventListener('loadedmetadata', () => { // a browser without a decoder of the picture plays the sound alone
      if (type.startsWith('video/') && this.video.videoWidth === 0 && !this.tried) this.say(noPicture, 'error');
    });
    await this.play();
  }

  private seekFirst(at: number): void {
    const go = () => { this.video.currentTime = at; };
    if (this.video.readyState > 0) go(); else this.video.addEventListener('loadedmetadata', go, { once: true });
  }

  /** Plays, without sound where the browser lets nothing play with it before a click. */
  private async play(): Promise<void> {
    try {
      await this.video.play();
    } catch (e) {
      if (!(e instanceof DOMException) || e.name !== 'NotAllowedError') return; // the error event says more
      this.video.muted = true;
      try {
        await this.video.play();
        if (!this.said) this.say(silent, 'note');
        this.video.addEventListener('volumechange', () => { if (this.said === silent) this.say('', ''); }, { once: true });
      } catch { /* it waits for a click */ }
    }
  }

  /** Files with sound that the browser cannot decode play silently: that is seen when no sound was decoded. */
  private watchSound(): void {
    const v = this.video as HTMLVideoElement & { webkitAudioDecodedByteCount?: number; mozHasAudio?: boolean; audioTracks?: { length: number } };
    const look = () => {
      if (v.currentTime - (this.options.from ?? 0) < 1 || v.seeking) return;
      v.removeEventListener('timeupdate', look);
      const silent = v.webkitAudioDecodedByteCount === 0 || v.mozHasAudio === false;
      if (silent && /mp4|quicktime|matroska/.test(this.options.type)) void this.repairSound();
    };
    v.addEventListener('timeupdate', look);
  }

  private async repairSound(): Promise<void> {
    if (this.tried) return;
    const { probe } = await import('./repair');
    const found = await probe(this.options.url).catch(() => null);
    if (found && found.sounds.length > 0 && !this.aborted.signal.aborted) await this.repair(this.video.currentTime);
  }

  private failed(): void {
    const { error } = this.video;
    if (!this.video.getAttribute('src') || this.tried && !this.repairing) return;
    if (this.repairing) {
      if (this.repairing && error) this.say(whyNot(error, this.options.type), 'error');
      return;
    }
    if (!this.tried && error?.code !== MediaError.MEDIA_ERR_NETWORK && /mp4|matroska|mp2t|quicktime|webm|audio|msvideo/.test(this.options.type)) {
      void this.repair(this.options.from ?? 0);
      return;
    }
    void this.explain(error);
  }

  /** Says why it does not play: the server knows more than the browser when it has nothing. */
  private async explain(error: MediaError | null): Promise<void> {
    this.say(await this.reason(this.options.url, whyNot(error, this.options.type)), 'error');
  }

  /** What the server says of a URL that it does not serve; where it does, what was thought. */
  private async reason(url: string, thought: string): Promise<string> {
    try {
      const answer = await fetch(url, { headers: { Range: 'bytes=0-0', Accept: 'application/problem+json' }, signal: this.aborted.signal, ...uncached });
      if (!answer.ok) return ((await answer.json()) as { detail: string }).detail;
      void answer.body?.cancel();
    } catch { /* it was thought of */ }
    return thought;
  }

  private async repair(from: number, tape?: Tape): Promise<void> {
    if (this.tried) { tape?.close(); return; }
    this.tried = true;
    this.say('This browser needs help with the file: preparing…', 'note');
    try {
      const { Repair } = await import('./repair');
      this.repairing = await Repair.open(this.options.url, this.options.type, this.video, (why) => this.say(why, 'error'), tape);
      if (this.aborted.signal.aborted) { this.repairing.close(); return; }
      this.repairing.start(from);
      this.say(this.repairing.note, this.repairing.note ? 'error' : '');
      this.options.tracks?.();
      await this.play();
    } catch (e) {
      this.repairing?.close();
      this.video.removeAttribute('src');
      this.say(e instanceof Error ? e.message : String(e), 'error');
    }
  }

  private say(message: string, kind: 'error' | 'note' | ''): void {
    this.said = message;
    this.options.said?.(message, kind);
  }

  /** Tracks of sound, where there is a choice. */
  sounds(): Sound[] { return this.repairing?.sounds ?? []; }

  /** Plays another track of sound; the whole file is read by the page from then on. */
  async chooseSound(id: number): Promise<void> { await this.repairing?.choose(id); }

  /** Adds subtitles by their URL. They are fetched when they are chosen. */
  addSubtitle(s: Subtitle): void {
    const element = h('track', { kind: 'subtitles', label: s.label, srclang: s.language || 'und', src: s.url });
    this.video.append(element);
    const shown: Shown = { label: s.label, language: s.language, track: element.track, shift: 0 };
    element.addEventListener('load', () => { shown.shift = 0; this.shift(); });
    element.addEventListener('error', () => { if (element.track.mode === 'showing') void this.reason(s.url, '').then((why) => this.say(`The subtitles "${s.label}" cannot be read. ${why}`, 'note')); });
    this.subtitles.push(shown);
    this.options.tracks?.();
  }

  /** Adds subtitles from cues, and returns their place. */
  addCues(label: string, language: string, cues: Iterable<Cue>): Shown {
    const track = this.video.addTextTrack('subtitles', label, language || 'und');
    for (const c of cues) track.addCue(new VTTCue(c.start, c.end, c.text));
    const shown: Shown = { label, language, track, shift: 0 };
    this.subtitles.push(shown);
    this.options.tracks?.();
    return shown;
  }

  /** Finds the subtitles and chapters in the film, once it plays. */
  private async lookInside(): Promise<void> {
    const { inside } = await import('./inside');
    const found = await inside(this.options.url, this.aborted.signal).catch(() => null); // it plays without
    if (!found || this.aborted.signal.aborted) return;
    for (const t of found.texts) {
      const language = languageOf(t.language) || t.language, plain = [languageName(language), t.name].filter(Boolean).join(': ') || 'Subtitles';
      const label = plain.slice(0, 100) + (t.forced && !/forced/i.test(plain) ? ' (forced)' : '');
      if (t.why) { this.unshown.push(`${label} (${t.why})`); continue; }
      const track = this.video.addTextTrack('subtitles', label, language || 'und');
      const shown: Shown = { label, language, track, shift: 0 };
      shown.feed = new Feed(t, track, this.video, () => this.repairing?.origin ?? 0, () => shown.shift, (why) => this.say(`The subtitles "${label}" cannot be read. ${why}`, 'note'));
      this.subtitles.push(shown);
    }
    if (found.chapters.length) this.addChapters(found.chapters);
    this.options.tracks?.();
  }

  private addChapters(list: Chapter[]): void {
    const origin = this.repairing?.origin ?? 0, moved = list.map((c) => ({ start: Math.max(0, c.start - origin), title: c.title }));
    const track = this.video.addTextTrack('chapters', 'Chapters', 'und');
    track.mode = 'hidden';
    moved.forEach((c, i) => track.addCue(new VTTCue(c.start, moved[i + 1]?.start ?? (this.video.duration || c.start + 1), c.title)));
    this.options.chapters?.(moved);
  }

  /** Shows one track of subtitles, or none. */
  show(which: Shown | null): void {
    for (const s of this.subtitles) s.track.mode = s === which ? 'showing' : 'disabled';
    this.changed();
  }

  /** The tracks that are shown are others now. */
  private changed(): void {
    for (const s of this.subtitles) if (s.track.mode === 'showing') s.feed?.start(); else s.feed?.stop();
    this.shift();
    this.options.tracks?.();
  }

  showing(): Shown | null { return this.subtitles.find((s) => s.track.mode === 'showing') ?? null; }

  /** Moves the subtitles that are shown, by delay seconds in all. */
  shift(delay = this.delay): void {
    this.delay = delay;
    const s = this.showing();
    if (!s?.track.cues) return; // they have not come
    const by = delay - s.shift;
    if (by === 0) return;
    s.shift = delay;
    for (const cue of [...s.track.cues]) { cue.startTime += by; cue.endTime += by; }
  }

  close(): void {
    this.aborted.abort();
    for (const s of this.subtitles) s.feed?.stop();
    this.repairing?.close();
    this.video.removeAttribute('src');
    this.video.load();
  }
}

/** The controls around a video. */
function controls(video: HTMLVideoElement, media: 'video' | 'audio'): HTMLElement {
  const isVideo = media === 'video';
  requestAnimationFrame(() => { // roles that fit what the elements say of themselves
    video.parentElement?.querySelector('media-captions-button')?.setAttribute('role', 'switch');
    video.parentElement?.querySelector('media-time-display')?.setAttribute('role', 'timer');
  });
  return h('media-controller', { class: 'player', audio: !isVideo, 'keyboard-forward-seek-offset': '10', 'keyboard-backward-seek-offset': '10' },
    video,
    isVideo && h('media-loading-indicator', { slot: 'centered-chrome', noautohide: true }),
    h('media-control-bar', null,
      h('media-play-button'),
      h('media-seek-backward-button', { seekoffset: '10' }),
      h('media-seek-forward-button', { seekoffset: '10' }),
      h('media-time-range'),
      h('media-time-display', { showduration: true, notoggle: true }),
      h('media-mute-button'),
      h('media-volume-range'),
      isVideo && h('media-captions-button'),
      isVideo && h('media-airplay-button'),
      isVideo && h('media-cast-button'),
      isVideo && h('media-pip-button'),
      isVideo && h('media-fullscreen-button')));
}
