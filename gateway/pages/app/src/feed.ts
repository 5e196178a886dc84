// Subtitles that are in the film come as it plays: those of what the player has, and of a little more.
import type { Text } from './inside';
import type { Cue } from './subtitles';

const before = 10, step = 20, most = 120, rest = 5; // seconds
const maxTries = 4; // in a row

/** Fills a track of cues while it is shown. The times of the file are those of the player and origin more. */
export class Feed {
  private done: [number, number][] = []; // stretches that were read
  private run: AbortController | null = null;

  constructor(private readonly text: Text, private readonly track: TextTrack, private readonly video: HTMLVideoElement,
    private readonly origin: () => number, private readonly shift: () => number, private readonly fail: (why: string) => void) {}

  start(): void {
    if (this.run) return;
    const run = this.run = new AbortController();
    void this.feed(run.signal);
  }

  stop(): void {
    this.run?.abort();
    this.run = null;
  }

  private async feed(signal: AbortSignal): Promise<void> {
    for (let tries = 0; !signal.aborted && tries < maxTries;) {
      const next = this.next();
      if (!next) { await changed(this.video, signal); continue; }
      const origin = this.origin();
      let cues: Cue[] = [];
      try {
        cues = await this.text.between(next[0] + origin, next[1] + origin, signal);
        tries = 0;
      } catch (e) {
        if (!signal.aborted && ++tries === maxTries) this.fail(e instanceof Error ? e.message : String(e));
        await new Promise((done) => setTimeout(done, 1000 * rest));
        continue;
      }
      if (signal.aborted) return;
      for (const c of cues) {
        const by = this.shift() - origin;
        this.track.addCue(new VTTCue(c.start + by, Math.max(c.start + 0.1, c.end) + by, c.text));
      }
      this.done.push(next);
    }
  }

  /** The next stretch to be read: of what the player has around its place. */
  private next(): [number, number] | null {
    const { currentTime, buffered, duration } = this.video;
    let end = currentTime;
    for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime + 0.1 && buffered.end(i) > end) end = buffered.end(i);
    if (duration - end < 1) end = duration + 1;
    end = Math.min(end, currentTime + most);
    let at = Math.max(0, currentTime - before);
    for (let moved = true; moved;) {
      moved = false;
      for (const [from, to] of this.done) if (from <= at && to > at) { at = to; moved = true; }
    }
    if (at >= end || end - at < 1 && end < duration) return null;
    const to = Math.min(end, at + step, ...this.done.map(([from]) => from).filter((from) => from > at));
    return [at, to];
  }
}

/** Waits until the player may be elsewhere, or have more. */
function changed(video: HTMLVideoElement, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const names = ['timeupdate', 'seeking', 'progress'];
    const end = () => { for (const n of names) video.removeEventListener(n, end); signal.removeEventListener('abort', end); resolve(); };
    for (const n of names) video.addEventListener(n, end);
    signal.addEventListener('abort', end);
  });
}
