// Packets of Matroska as they come. mediabunny waits for whole clusters, of up to five seconds, before it has the first
// packet of one; a swarm that gives little more than the film's rate needs those seconds for it. So the blocks are read
// here, one after the other, for all tracks at once; what tracks are and how they are decoded is from mediabunny.
import { EncodedPacket } from 'mediabunny';
import type { InputTrack } from 'mediabunny';
import { join } from './fmp4';
import { lasts } from './frames';
import type { Entry, File, Track } from './matroska';
import { element, elements, headOf, id, open, trackOf, unpacked, unsigned } from './matroska';
import { Tape, range } from './ranges';

const maxHeld = 64 << 20, maxSearch = 64 << 20, maxElement = 32 << 20, maxFrames = 256, near = 5, tries = 3;

/** The methods of a mediabunny track by which it gets packets. */
interface Backing {
  getFirstPacket(): Promise<EncodedPacket | null>;
  getPacket(time: number): Promise<EncodedPacket | null>;
  getNextPacket(packet: EncodedPacket): Promise<EncodedPacket | null>;
  getKeyPacket(time: number): Promise<EncodedPacket | null>;
  getNextKeyPacket(packet: EncodedPacket): Promise<EncodedPacket | null>;
}

/** A frame in the order of the file. */
interface Frame { track: number; packet: EncodedPacket }

/** What reads a file for all its tracks. */
export class Reel {
  private run: Run;
  private moving: Promise<void> = Promise.resolve();
  private index: Entry[] | null = null; // once it is here
  private readonly durations = new Map<number, number>(); // of a frame, by track, in seconds; less than 0: its rate, and a frame tells

  private constructor(private readonly file: File, private readonly first: number, private readonly tracks: Map<number, Track>, readonly brief: Uint8Array, tape: Tape, signal: AbortSignal) {
    this.run = this.from(first, 0, tape);
    signal.addEventListener('abort', () => this.run.close());
    void file.index().then((index) => { this.index = index; }, () => { /* it is asked for again */ });
  }

  /** Looks at a file whose start a tape brings, and goes on with it. The index is asked for beside it, so that it is there
   * when it is needed. A file that is not understood is left to mediabunny: the tape is closed, and nothing is returned. */
  static async open(url: string, tape: Tape, signal: AbortSignal): Promise<Reel | null> {
    const read = (from: number, length: number, s = signal) => range(url, from, length, s);
    const opened = await open(url, await headOf(tape), read);
    const known = new Map(opened?.tracks.map((t) => { const track = trackOf(t); return [track.number, track]; }));
    if (!opened?.clusters || !opened.brief.length || [...known.values()].some((t) => t.compression === 'other' && t.type < 3)) { tape.close(); return null; }
    return new Reel(opened.file, opened.clusters, known, join(opened.brief), tape, signal);
  }

  private from(place: number, serial: number, tape: Tape | null = null): Run { return new Run(this.file, place, serial, this.tracks, this.durations, tape); }

  /** Has tracks of mediabunny's get their packets from here. */
  async feed(tracks: InputTrack[]): Promise<void> {
    for (const t of tracks) Object.assign((t as unknown as { _backing: Backing })._backing, await this.of(t));
  }

  /** The methods of one track. */
  private async of(track: InputTrack): Promise<Backing> {
    const number = track.id, video = track.isVideoTrack(), known = this.tracks.get(number)!;
    const rate = track.isAudioTrack() ? await track.getSampleRate() : 0;
    this.durations.set(number, known.frame || -rate);
    return {
      getFirstPacket: () => this.at(number, 0, false),
      getPacket: (time) => this.at(number, time, false),
      getKeyPacket: (time) => this.at(number, time, video),
      getNextPacket: (packet) => this.after(number, packet, false),
      getNextKeyPacket: (packet) => this.after(number, packet, video),
    };
  }

  /** The last packet of a track at a time or before it; else its first one. */
  private async at(track: number, time: number, key: boolean): Promise<EncodedPacket | null> {
    await this.go(time);
    const run = this.run;
    let best: EncodedPacket | null = null;
    for (let serial = run.first; ; serial++) {
      const f = run.frame(serial);
      if (!f) {
        // The index knows the key picture before a time: what comes after it need not be waited for.
        if (best && key && await this.isLastKey(best.timestamp, time)) return best;
        if (!best && run.read > maxSearch || !await run.more()) return best;
        serial--;
        continue;
      }
      if (f.track !== track) continue;
      if (best && f.packet.timestamp > time + (key ? 1 : 0)) return best;
      if (key && f.packet.type !== 'key') continue;
      if (best && f.packet.timestamp > time) return best;
      best = f.packet;
      if (best.timestamp > time) return best;
    }
  }

  /** The frame of a track behind another one. A packet from before the last move is followed by none. */
  private async after(track: number, packet: EncodedPacket, key: boolean): Promise<EncodedPacket | null> {
    const { run } = this;
    if (packet.sequenceNumber < run.begun) return null;
    for (let serial = packet.sequenceNumber + 1; ;) {
      const f = run.frame(serial = Math.max(serial, run.first));
      if (!f) {
        if (!await run.more()) return null;
        continue;
      }
      if (f.track === track && (!key || f.packet.type === 'key')) return f.packet;
      serial++;
    }
  }

  /** Goes to a time: to where the index says, unless it is in what is here, or comes next. */
  private go(time: number): Promise<void> {
    return this.moving = this.moving.catch(() => undefined).then(async () => {
      const { run } = this, [begin, end] = run.times();
      if (time >= begin && time <= end) return;
      const entry = await this.before(time), place = entry ? this.file.segment + entry.cluster : this.first;
      if (place === run.place && run.first === run.begun || entry && time >= begin && entry.time * this.file.scale <= end) return;
      run.close();
      this.run = this.from(place, run.next + 1);
    });
  }

  private async before(time: number): Promise<Entry | undefined> {
    if (time <= 0 || time <= near && !this.index) return undefined;
    const pictures = new Set([...this.tracks.values()].filter((t) => t.type === 1).map((t) => t.number));
    const index = this.index ??= await this.file.index(), own = index.filter((e) => pictures.has(e.track));
    return (own.length ? own : index).findLast((e) => e.time * this.file.scale <= time + 1e-6);
  }

  private async isLastKey(found: number, time: number): Promise<boolean> {
    if (found >= time) return true;
    const entry = await this.before(time);
    return !!entry && found >= entry.time * this.file.scale - 1e-3;
  }
}

/** A stretch of the file that is read from one place on. */
class Run {
  private frames: Frame[] = []; // without holes
  private bytes = 0;
  private clock = 0; // of the cluster, in ticks
  private readonly stop = new AbortController();
  private at: number; // where the tape has to go on
  private ended = false;
  private reading: Promise<void> | null = null;
  next: number; // serial of the next frame

  constructor(private readonly file: File, readonly place: number, readonly begun: number, private readonly tracks: Map<number, Track>,
    private readonly durations: Map<number, number>, private tape: Tape | null) {
    this.at = tape?.at ?? place;
    this.next = begun;
  }

  /** How many bytes were read. */
  get read(): number { return this.at - this.place; }

  /** The serial of the first frame that is still here. */
  get first(): number { return this.next - this.frames.length; }

  frame(serial: number): Frame | undefined { return this.frames[serial - this.first]; }

  /** The times of the first and the last frame that are here. */
  times(): [number, number] { return [this.frames[0]?.packet.timestamp ?? Infinity, this.frames.at(-1)?.packet.timestamp ?? -Infinity]; }

  close(): void {
    this.ended = true;
    this.stop.abort();
    this.tape?.close();
  }

  /** Reads on until there is a frame more; false at the end. */
  async more(): Promise<boolean> {
    const n = this.next;
    while (this.next === n && !this.ended) {
      this.reading ??= this.step().finally(() => { this.reading = null; });
      await this.reading;
    }
    return this.next !== n;
  }

  /** Reads the next element. What breaks off is gone on with. */
  private async step(): Promise<void> {
    for (let n = 1; ; n++) {
      try {
        this.tape ??= await Tape.open(this.file.url, this.at, undefined, this.stop.signal);
        if (this.ended) { this.tape.close(); return; }
        if (this.at < this.place) await this.tape.skip(this.place - this.at); // what was looked at before
        else await this.element(this.tape);
        this.at = this.tape.at;
        return;
      } catch (e) {
        this.tape?.close();
        this.tape = null;
        if (this.ended) return;
        if (n === tries) throw e;
        await new Promise((done) => setTimeout(done, 500 * n));
      }
    }
  }

  private async element(tape: Tape): Promise<void> {
    const head = await tape.peek(16), e = element(head, 0);
    if (!e || e.id === id.cues || e.id === id.attachments || !Number.isFinite(e.end) && e.id !== id.clusterElement) { this.ended = true; return; }
    if (e.id === id.clusterElement) { await tape.skip(e.body); return; }
    if (e.id === id.timestamp) this.clock = unsigned(head, e);
    if ((e.id === id.simpleBlock || e.id === id.blockGroup) && e.end <= maxElement) {
      const data = await tape.peek(e.end);
      if (data.length < e.end) { this.ended = true; return; }
      await this.block(data.slice(), e);
    }
    if (!await tape.skip(e.end)) this.ended = true;
  }

  /** The frames of a block. */
  private async block(data: Uint8Array, e: { id: number; body: number; end: number }): Promise<void> {
    let body = e.body, end = e.end, key = true, length = 0;
    if (e.id === id.blockGroup) {
      body = -1;
      for (const part of elements(data, e.body, e.end)) {
        if (part.id === id.block) { body = part.body; end = part.end; }
        if (part.id === id.reference) key = false;
        if (part.id === id.duration) length = unsigned(data, part) * this.file.scale;
      }
      if (body < 0) return;
    }
    const lead = data[body] ?? 0, width = Math.clz32(lead) - 23;
    if (!lead || width > 2) return;
    const number = width === 1 ? lead & 0x7f : (lead & 0x3f) * 256 + (data[body + 1] ?? 0), track = this.tracks.get(number);
    if (!track || track.type !== 1 && track.type !== 2 || body + width + 3 > end) return;
    const at = body + width, flags = data[at + 2]!, time = (this.clock + ((data[at]! << 24 | data[at + 1]! << 16) >> 16)) * this.file.scale;
    if (e.id === id.simpleBlock) key = (flags & 0x80) !== 0;
    const parts = laces(data.subarray(at + 3, end), flags >> 1 & 3);
    for (const [i, part] of parts.entries()) {
      const frame = await unpacked(track, part);
      if (!frame) continue;
      const duration = this.duration(track, frame) || (length / parts.length) || (track.type === 1 ? 1 / 25 : 0.02);
      const packet = new EncodedPacket(frame, key || track.type === 2 ? 'key' : 'delta', time + i * duration, duration, this.next++);
      this.frames.push({ track: number, packet });
      this.bytes += frame.length;
    }
    while (this.bytes > maxHeld && this.frames.length > 1) this.bytes -= this.frames.shift()!.packet.data.length;
  }

  private duration(track: Track, frame: Uint8Array): number {
    const told = this.durations.get(track.number) ?? 0;
    return told < 0 ? lasts(track.codec, frame, -told) : told;
  }
}

/** The frames that a block has, by how they are laced (RFC 9559, 10.3). */
function laces(data: Uint8Array, kind: number): Uint8Array[] {
  if (kind === 0) return [data];
  const n = Math.min((data[0] ?? 0) + 1, maxFrames), sizes: number[] = [];
  let at = 1;
  for (let i = 0; i < n - 1 && kind !== 2; i++) {
    let size = 0;
    if (kind === 1) {
      while (data[at] === 255) { size += 255; at++; }
      size += data[at++] ?? 0;
    } else {
      const width = Math.clz32(data[at] || 1) - 23;
      for (let k = 0; k < width; k++) size = size * 256 + (data[at + k] ?? 0);
      size -= 2 ** (7 * width);
      if (i > 0) size = sizes[i - 1]! + size - (2 ** (7 * width - 1) - 1);
      at += width;
    }
    sizes.push(size);
  }
  const rest = data.length - at;
  if (kind === 2) for (let i = 0; i < n - 1; i++) sizes.push(Math.floor(rest / n));
  sizes.push(rest - sizes.reduce((a, b) => a + b, 0));
  if (sizes.some((s) => s < 0)) return [];
  return sizes.map((s) => { at += s; return data.subarray(at - s, at); });
}
