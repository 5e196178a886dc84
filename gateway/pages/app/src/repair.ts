// Plays what the browser cannot by itself: mediabunny reads the file by ranges, pictures go into Media
// Source as they are, and so does sound that the browser knows; other sound is decoded and encoded anew.
import { BufferSource, EncodedPacket, EncodedPacketSink, Input, AudioSampleSink, MATROSKA, MP4, MPEG_TS, ADTS, QTFF, UrlSource, WEBM } from 'mediabunny';
import type { InputAudioTrack, InputVideoTrack } from 'mediabunny';
import { AviFormat } from './avi';
import type { Frame, Init } from './fmp4';
import { Fragmenter, audioInit, lengthPrefixed, videoInit, withoutADTS } from './fmp4';
import { Tape, uncached } from './ranges';
import { Reel } from './reel';
import { noPicture } from './repairable';
import type { Encoding } from './sound';
import { Mixer, encoding } from './sound';

/** A track of sound that can be chosen. */
export interface Sound { id: number; language: string; name: string; codec: string; chosen: boolean }

/** Seconds: how far ahead is prepared, and what is kept behind. */
const ahead = 30, behind = 30;
/** Seconds that a fragment has at least. It is a quarter of what is there from a place on, so that little waits for it. */
const shortest = 0.04, longest = 0.25;
/** Seconds: a seek goes to the key picture that is so near, rather than to wait for all that is decoded before its place. */
const near = 0.5;
/** Seconds: what is there and what it is filled from are one although they are so far apart. */
const joined = 0.5;
/** A group of pictures that is longer is not looked for. */
const maxFrames = 5000;

async function open(url: string): Promise<Input> {
  return new Input({ formats: [MATROSKA, WEBM, MP4, QTFF, MPEG_TS, ADTS, new AviFormat()], source: new UrlSource(url, { requestInit: uncached, maxCacheSize: 32 << 20, getRetryDelay: (n) => n < 3 ? 0.5 * 2 ** n : null }) });
}

/** What there is in a file, from its head. */
export async function probe(url: string): Promise<{ sounds: string[] }> {
  const input = await open(url);
  try {
    const tracks = await input.getAudioTracks();
    return { sounds: await Promise.all(tracks.map(async (t) => await t.getCodec() ?? '?')) };
  } finally {
    input.dispose();
  }
}

/** Has the decoder of a codec that no browser has loaded. */
async function loadDecoder(codec: string | null): Promise<void> {
  if (codec === 'ac3' || codec === 'eac3') (await import('@mediabunny/ac3')).registerAc3Decoder();
  if (codec === 'dts') (await import('@mediabunny/dts')).registerDtsDecoder();
}

export class Repair {
  sounds: Sound[] = [];
  note = '';
  private readonly media = new MediaSource();
  private readonly url = URL.createObjectURL(this.media);
  private streams: Stream[] = [];
  private run = new AbortController();
  origin = 0; // the first timestamp of the file
  private keyAt: ((time: number) => Promise<EncodedPacket | null>) | null = null; // the key picture at a time or before it
  private going = NaN; // where the page itself sends the film
  private hole = NaN; // where it was last begun anew although the film had come so far

  private constructor(private readonly input: Input, private readonly reel: Reel | null, private readonly picture: boolean, private readonly video: HTMLVideoElement, private readonly fail: (why: string) => void, private readonly life: AbortController) {
    life.signal.addEventListener('abort', () => this.end(), { once: true });
  }

  /** Looks at a file, which is to have a picture or not, and gets ready. The error says in words why it cannot be played. */
  static async open(url: string, type: string, video: HTMLVideoElement, fail: (why: string) => void, tape?: Tape): Promise<Repair> {
    if (!('MediaSource' in window)) { tape?.close(); throw new Error('This browser has no Media Source, which repairing needs.'); }
    const life = new AbortController();
    try {
      if (/matroska|webm/.test(type)) tape ??= await Tape.open(url, 0, undefined, life.signal);
      const reel = tape ? await Reel.open(url, tape, life.signal) : null;
      const input = reel ? new Input({ formats: [MATROSKA, WEBM], source: new BufferSource(reel.brief) }) : await open(url);
      const repair = new Repair(input, reel, type.startsWith('video/'), video, fail, life);
      if (!await input.canRead()) throw new Error('This is not a file that a browser can be helped with: it is damaged, or of another kind than its name says.');
      await repair.prepare();
      return repair;
    } catch (e) {
      tape?.close();
      life.abort();
      throw e;
    }
  }

  private async prepare(): Promise<void> {
    const video = await this.input.getPrimaryVideoTrack();
    const audio = await this.input.getAudioTracks();
    if (!video && !audio.length) throw new Error('There is neither picture nor sound in this file that can be read here.');
    if (!video && this.picture) this.note = noPicture;
    if (!audio.length) this.note = 'There is no sound in this file that can be read here.';
    await this.reel?.feed(video ? [video, ...audio] : audio);
    const opened = new Promise((done) => this.media.addEventListener('sourceopen', done, { once: true }));
    this.video.src = this.url;
    await opened;
    this.origin = Math.min(...await Promise.all([...(video ? [video] : []), ...audio.slice(0, 1)].map((t) => t.getFirstTimestamp())));
    if (video) await this.addVideo(video);
    this.sounds = await Promise.all(audio.map(async (t, i) => ({ id: t.id, language: await t.getLanguageCode(), name: await t.getName() ?? '', codec: await t.getCodec() ?? 'unknown', chosen: i === 0 })));
    if (audio[0]) await this.addSound(audio[0], !!video);
    const length = await this.length(video ?? audio[0]!);
    if (length && this.media.readyState === 'open') this.media.duration = length;
    this.video.addEventListener('seeking', this.seeking);
    this.video.addEventListener('waiting', this.waiting);
  }

  /** How long the file is. What has no index is not read whole for it. */
  private async length(track: InputVideoTrack | InputAudioTrack): Promise<number | null> {
    const told = await this.input.getDurationFromMetadata();
    if (told) return told - Math.max(0, this.origin);
    const late = new Promise<null>((done) => setTimeout(() => done(null), 5000));
    const found = await Promise.race([track.computeDuration().catch(() => null), late]);
    return found ? found - this.origin : null;
  }

  private async addVideo(track: InputVideoTrack): Promise<void> {
    const codec = await track.getCodec(), config = await track.getDecoderConfig();
    const mime = config && `video/mp4; codecs="${config.codec}"`;
    if (!codec || !config || !mime || !MediaSource.isTypeSupported(mime)) {
      throw new Error(`The picture is ${names[codec ?? ''] ?? oldName(await track.getInternalCodecId())}, which this browser has no decoder for.`);
    }
    const sink = new EncodedPacketSink(track);
    this.keyAt = (time) => sink.getKeyPacket(time, { verifyKeyPackets: true });
    const annexB = (codec === 'avc' || codec === 'hevc') && !config.description;
    this.streams.push(new Stream(this.media.addSourceBuffer(mime), this.video, async function* (from, _signal) {
      const start = await sink.getKeyPacket(from, { verifyKeyPackets: true }) ?? await sink.getFirstKeyPacket({ verifyKeyPackets: true });
      if (start) yield* sink.packets(start, undefined, { verifyKeyPackets: false });
    }, async (packet) => videoInit(codec, packet, config), annexB ? lengthPrefixed : undefined));
  }

  private async addSound(track: InputAudioTrack, withPicture: boolean): Promise<void> {
    const codec = await track.getCodec(), config = await track.getDecoderConfig();
    const mime = config && `audio/mp4; codecs="${config.codec}"`;
    if (codec && config && mime && codec !== 'vorbis' && !codec.startsWith('pcm') && MediaSource.isTypeSupported(mime)) {
      const sink = new EncodedPacketSink(track);
      this.streams.push(new Stream(this.media.addSourceBuffer(mime), this.video, async function* (from) {
        const start = await sink.getPacket(from) ?? await sink.getFirstPacket();
        if (start) yield* sink.packets(start);
      }, async (packet) => audioInit(codec, packet, config), codec === 'aac' && !config.description ? withoutADTS : undefined));
      return;
    }
    await loadDecoder(codec);
    const to = await encoding();
    if (!to || !await track.canDecode()) {
      this.note = `The sound is ${names[codec ?? ''] ?? oldName(await track.getInternalCodecId())}, which this browser cannot be helped with${to ? '' : ': it encodes no sound'}.`;
      if (!withPicture) throw new Error(this.note);
      return;
    }
    const sink = new AudioSampleSink(track);
    this.streams.push(new Stream(this.media.addSourceBuffer(to.mime), this.video,
      (from, signal) => encoded(sink, from, to, signal), async (packet, described) => audioInit(to.codec, packet, described as AudioDecoderConfig)));
  }

  /** Begins to prepare what is at a time, and goes there. */
  start(at: number): void {
    if (at > 0) this.go(at);
    this.pump(at);
  }

  private readonly seeking = (): void => {
    const at = this.video.currentTime, own = Math.abs(at - this.going) < 0.001;
    this.going = NaN;
    if (own) return;
    this.hole = NaN;
    if (!this.streams.every((s) => s.has(at))) this.pump(at);
    else if (this.streams.some((s) => s.past(at) || s.behind(at))) this.mend(at);
  };

  /** The film stands still. Where what is prepared lies beyond it, the hole between is filled. */
  private readonly waiting = (): void => {
    const at = this.video.currentTime;
    if (!this.video.seeking && this.streams.some((s) => s.past(at))) this.mend(at);
  };

  /** Goes on from the end of what is there of a time, once for each hole. */
  private mend(at: number): void {
    const from = Math.min(...this.streams.map((s) => s.end(at)));
    if (Math.abs(from - this.hole) < joined) return;
    this.hole = from;
    this.pump(from, true);
  }

  /** Sends the film to where the streams begin. */
  private go(at: number): void {
    this.going = at;
    this.video.currentTime = at; // before there is anything, it is where the film will begin
  }

  /** Where the streams begin for a film that is to go to a time: at a key picture where one is near. */
  private async place(at: number): Promise<number> {
    const key = at > near ? await this.keyAt?.(at + this.origin + near) : null, place = key ? key.timestamp - this.origin : at;
    return Math.abs(place - at) <= near ? Math.max(0, place) : at;
  }

  /** Fills the streams from a time on: from where the film is, or from the key picture that is near, to which the film goes. */
  private async fill(at: number, exactly: boolean, signal: AbortSignal): Promise<void> {
    const place = exactly ? at : await this.place(at);
    if (signal.aborted) return;
    if (place !== at) this.go(place + 0.001); // behind what rounding makes of the picture's time
    await Promise.all(this.streams.map((s) => s.pump(place, this.origin, signal)));
  }

  private pump(at: number, exactly = false): void {
    this.run.abort();
    const run = this.run = new AbortController();
    for (const s of this.streams) s.aim(at);
    void this.fill(at, exactly, run.signal).then(() => {
      if (!run.signal.aborted && this.media.readyState === 'open') this.media.endOfStream();
    }).catch((e: unknown) => {
      if (run.signal.aborted) return;
      run.abort();
      this.fail(e instanceof Error && e.name !== 'TypeError' ? `The file cannot be read on from here: ${e.message}` : 'The file did not arrive: the connection broke off, or nobody in the swarm has it now.');
    });
  }

  /** Plays another track of sound, from where the film is. */
  async choose(id: number): Promise<void> {
    const track = (await this.input.getAudioTracks()).find((t) => t.id === id);
    if (!track) return;
    this.run.abort();
    const withPicture = !!await this.input.getPrimaryVideoTrack(), sound = withPicture ? 1 : 0;
    const old = this.streams[sound];
    await old?.remove(this.media);
    this.streams.length = sound;
    await this.addSound(track, withPicture);
    for (const s of this.sounds) s.chosen = s.id === id;
    this.pump(this.video.currentTime, true);
  }

  close(): void { this.life.abort(); }

  private end(): void {
    this.run.abort();
    this.video.removeEventListener('seeking', this.seeking);
    this.video.removeEventListener('waiting', this.waiting);
    this.input.dispose();
    URL.revokeObjectURL(this.url);
  }
}

type Packets = AsyncGenerator<EncodedPacket & { described?: AudioDecoderConfig }, void, unknown>;

/** One source buffer and what fills it. */
class Stream {
  private init: Init | null = null;
  private reached = 0; // the time up to which it was filled last

  constructor(private readonly buffer: SourceBuffer, private readonly video: HTMLVideoElement,
    private readonly packets: (from: number, signal: AbortSignal) => Packets,
    private readonly describe: (packet: EncodedPacket, config?: AudioDecoderConfig) => Promise<Init>, private readonly shape: (data: Uint8Array) => Uint8Array = (data) => data) {}

  has(at: number): boolean { return this.end(at) > at; }

  /** Whether it is being filled beyond a hole that comes after a time. */
  past(at: number): boolean { return this.reached > this.end(at) + joined; }

  /** Whether what is there of a time lies far beyond what it is being filled from. */
  behind(at: number): boolean { return this.reached < this.end(at) - ahead; }

  /** The end of what is there of a time, and after it without a hole that films stop at. */
  end(at: number): number {
    const { buffered } = this.buffer;
    let end = at;
    for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= end + (end > at ? 0.15 : 0.02) && buffered.end(i) > end) end = buffered.end(i);
    return end;
  }

  /** Is to be filled from a time on. */
  aim(at: number): void { this.reached = at; }

  /** Appends what is from a time on, as far ahead as is of use, until its end. */
  async pump(at: number, origin: number, signal: AbortSignal): Promise<void> {
    await settled(this.buffer);
    if (signal.aborted) return;
    try { this.buffer.abort(); } catch { /* the end was reached: what is appended opens it again */ }
    let fragmenter: Fragmenter | null = null, frames: Frame[] = [], length = 0, to = at;
    this.aim(at);
    const flush = async () => {
      if (!frames.length || !fragmenter) return;
      const bytes = fragmenter.fragment(frames);
      frames = [];
      length = 0;
      await this.append(bytes, signal);
      if (!signal.aborted) this.reached = to;
    };
    for await (const packet of this.packets(at + origin, signal)) {
      if (signal.aborted) return;
      if (!fragmenter) {
        this.init ??= await this.describe(packet, packet.described);
        await this.append(this.init.bytes.slice(), signal);
        fragmenter = new Fragmenter(this.init);
      }
      const pts = Math.max(0, packet.timestamp - origin), duration = packet.duration || 1 / 25;
      frames.push({ data: this.shape(packet.data), pts, duration, key: packet.type === 'key' });
      length += duration;
      to = Math.max(to, pts + duration);
      const least = pts < at ? longest : Math.min(longest, Math.max(shortest, (pts - at) / 4));
      if (length >= least || frames.length > maxFrames) {
        await flush();
        await this.room(pts, signal);
      }
    }
    if (!signal.aborted) await flush();
  }

  /** Waits until what comes next is of use soon. */
  private async room(pts: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && pts - this.video.currentTime > ahead) await event(this.video, ['timeupdate', 'seeking'], 1000);
  }

  private async append(bytes: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<void> {
    for (let tries = 0; !signal.aborted; tries++) {
      await settled(this.buffer);
      if (signal.aborted) return;
      try {
        this.buffer.appendBuffer(bytes);
        await settled(this.buffer);
        return;
      } catch (e) {
        if (!(e instanceof DOMException) || e.name !== 'QuotaExceededError' || tries === 600) throw e;
        await this.trim();
        await event(this.video, ['timeupdate', 'seeking'], 1000);
      }
    }
  }

  /** Gives back what was played. */
  private async trim(): Promise<void> {
    const to = this.video.currentTime - behind / (this.buffer.buffered.length + 1);
    if (to <= 0) return;
    this.buffer.remove(0, to);
    await settled(this.buffer);
  }

  async remove(media: MediaSource): Promise<void> {
    await settled(this.buffer);
    if (media.readyState === 'ended') media.duration = media.duration; // opens it again
    media.removeSourceBuffer(this.buffer);
  }
}

async function settled(buffer: SourceBuffer): Promise<void> {
  while (buffer.updating) await new Promise((done) => buffer.addEventListener('updateend', done, { once: true }));
}

function event(target: EventTarget, names: string[], most: number): Promise<void> {
  return new Promise((resolve) => {
    const done = () => { clearTimeout(timer); for (const n of names) target.removeEventListener(n, done); resolve(); };
    const timer = setTimeout(done, most);
    for (const n of names) target.addEventListener(n, done);
  });
}

/** Sound decoded and encoded anew, packet by packet. */
async function* encoded(sink: AudioSampleSink, from: number, to: Encoding, signal: AbortSignal): Packets {
  const ready: (EncodedPacket & { described?: AudioDecoderConfig })[] = [], mixer = new Mixer();
  let described: AudioDecoderConfig | undefined, failed: unknown;
  const encoder = new AudioEncoder({
    output: (chunk, meta) => {
      described ??= meta?.decoderConfig;
      const packet: EncodedPacket & { described?: AudioDecoderConfig } = EncodedPacket.fromEncodedChunk(chunk);
      packet.described = described;
      ready.push(packet);
    },
    error: (e) => { failed = e; },
  });
  encoder.configure(to.config);
  try {
    for await (const sample of sink.samples(Math.max(0, from))) {
      const data = mixer.mix(sample);
      sample.close();
      if (data) { encoder.encode(data); data.close(); }
      if (signal.aborted) return;
      if (failed) throw failed;
      while (encoder.encodeQueueSize > 8 && !failed) await event(encoder, ['dequeue'], 200);
      while (ready.length) yield ready.shift()!;
    }
    await encoder.flush();
    yield* ready;
  } finally {
    if (encoder.state !== 'closed') encoder.close();
  }
}

const names: Record<string, string> = {
  hevc: 'HEVC (H.265)', avc: 'H.264', vp8: 'VP8', vp9: 'VP9', av1: 'AV1', prores: 'ProRes',
  ac3: 'AC-3', eac3: 'E-AC-3', dts: 'DTS', mp3: 'MP3', flac: 'FLAC', vorbis: 'Vorbis',
};

/** Formats that browsers never had, by what files call them. */
function oldName(id: string | number | Uint8Array | null): string {
  const old: [RegExp, string][] = [
    [/^(xvid|divx|dx50|fmp4|mp4v|3iv2|dvx\d|v_mpeg4\/iso\/.*)$/i, 'MPEG-4 (Xvid, DivX)'], [/^(div[3-6]|mp4[123]|mpg4)$/i, 'MS-MPEG-4 (DivX 3)'], [/^(wmv\d|wvc1)$/i, 'Windows Media Video'],
    [/^(mpg[12]|mpeg|v_mpeg[12])$/i, 'MPEG-2'], [/^m?jpe?g$/i, 'Motion JPEG'], [/^(0x50|a_mpeg\/l2)$/i, 'MPEG-1 Layer II'], [/^0x16[01]$/, 'Windows Media Audio'],
  ];
  const name = String(id ?? '');
  return old.find(([pattern]) => pattern.test(name))?.[1] ?? 'in a format that is not known';
}
