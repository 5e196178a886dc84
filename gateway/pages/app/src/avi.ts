// AVI with its OpenDML extensions, as a format that mediabunny reads: what is in it is found by its index.
import { EncodedPacket, InputFormat } from 'mediabunny';
import type { Input } from 'mediabunny';
import type { Counted } from './avc';
import { Order, avcCodec } from './avc';
import type { Framing } from './frames';
import { framings } from './frames';

/** What a format is asked for, and what it uses of its input: parts of mediabunny that it has no public types of. */
interface Reader { fileSizeNonStrict: number | null; requestSlice(from: number, length: number): Promise<Slice | null> | Slice | null }
interface Slice { bytes: Uint8Array; bufferPos: number }

const maxHeader = 1 << 20, maxIndex = 64 << 20, maxChunk = 16 << 20, maxStreams = 16, maxSegments = 256;

export class AviFormat extends InputFormat {
  get name(): string { return 'AVI'; }
  get mimeType(): string { return 'video/x-msvideo'; }

  async _canReadInput(input: Input): Promise<boolean> {
    const head = await bytes(readerOf(input), 0, 12);
    return !!head && fourCC(head, 0) === 'RIFF' && fourCC(head, 8) === 'AVI ';
  }

  _createDemuxer(input: Input): object {
    let tracks: Promise<Track[]> | undefined;
    return {
      input,
      getTrackBackings: () => tracks ??= load(readerOf(input)),
      getMimeType: async () => this.mimeType,
      getMetadataTags: async () => ({}),
      dispose() { /* it holds nothing */ },
    };
  }
}

const readerOf = (input: Input): Reader => (input as unknown as { _reader: Reader })._reader;

async function bytes(reader: Reader, from: number, length: number): Promise<Uint8Array | null> {
  const s = await reader.requestSlice(from, length);
  return s && s.bytes.subarray(s.bufferPos, s.bufferPos + length);
}

const view = (d: Uint8Array): DataView => new DataView(d.buffer, d.byteOffset, d.byteLength);
const u32 = (d: Uint8Array, at: number): number => at + 4 <= d.length ? view(d).getUint32(at, true) : 0;
const u16 = (d: Uint8Array, at: number): number => at + 2 <= d.length ? view(d).getUint16(at, true) : 0;
const fourCC = (d: Uint8Array, at: number): string => String.fromCharCode(...d.subarray(at, at + 4));

/** The chunks of a list, each its name and its data. */
function* chunks(data: Uint8Array, from: number, to: number): Generator<{ id: string; at: number; data: Uint8Array }> {
  for (let at = from; at + 8 <= to;) {
    const size = u32(data, at + 4), end = at + 8 + size;
    if (end > to) return;
    yield { id: fourCC(data, at), at: at + 8, data: data.subarray(at + 8, end) };
    at = end + (size & 1);
  }
}

/** Reads what the streams are and where their chunks lie. */
async function load(reader: Reader): Promise<Track[]> {
  const tracks: Track[] = [];
  let movi = 0, first: { id: string; at: number; size: number } | null = null, old: { at: number; size: number } | null = null;
  for (let at = 12, n = 0; n < maxSegments && !(movi && old); n++) {
    const head = await bytes(reader, at, 12).catch(() => null);
    if (!head) break;
    const id = fourCC(head, 0), size = u32(head, 4);
    if (id === 'LIST' && fourCC(head, 8) === 'hdrl' && size <= maxHeader) {
      const all = await bytes(reader, at + 12, size - 4);
      if (all) for (const c of chunks(all, 0, all.length)) if (c.id === 'LIST' && fourCC(c.data, 0) === 'strl' && tracks.length < maxStreams) tracks.push(new Track(reader, tracks.length, c.data.subarray(4)));
    }
    if (id === 'LIST' && fourCC(head, 8) === 'movi') {
      movi = at + 8;
      const inner = await bytes(reader, at + 12, 8);
      if (inner) first = { id: fourCC(inner, 0), at: at + 12, size: u32(inner, 4) };
    }
    if (id === 'idx1') old = { at: at + 8, size };
    if (id === 'RIFF') break; // what follows is in the newer index
    at += 8 + size + (size & 1);
  }
  for (const t of tracks) await t.openDML();
  if (old && old.size <= maxIndex && tracks.some((t) => !t.count)) {
    const index = await bytes(reader, old.at, old.size);
    // Offsets are from the list's name, or, by some programs, from the start of the file.
    if (index) idx1(index, u32(index, 8) >= movi || first?.at === u32(index, 8) ? 0 : movi, tracks.filter((t) => !t.count));
  }
  const found = tracks.filter((t) => t.count > 0 && t.type);
  if (!found.length) throw new Error('It has no index, without which it is not played here.');
  for (const t of found) await t.look();
  return found;
}

function idx1(index: Uint8Array, base: number, tracks: Track[]): void {
  const v = view(index), of = new Map(tracks.map((t) => [t.number, t]));
  for (let at = 0; at + 16 <= index.length; at += 16) {
    const stream = (index[at]! - 48) * 10 + index[at + 1]! - 48, t = of.get(stream);
    if (!t || fourCC(index, at).endsWith('pc')) continue; // a change of the palette
    t.add(base + v.getUint32(at + 8, true) + 8, v.getUint32(at + 12, true), (index[at + 4]! & 0x10) !== 0);
  }
}

const videoCodecs: [RegExp, string][] = [
  [/^(h264|x264|avc1|davc|vssh|smv2)$/i, 'avc'], [/^(hevc|h265|hvc1|hev1|x265)$/i, 'hevc'], [/^vp90$/i, 'vp9'], [/^vp80$/i, 'vp8'], [/^av01$/i, 'av1'],
];
const audioCodecs: Record<number, string> = { 0x01: 'pcm', 0x55: 'mp3', 0x2000: 'ac3', 0x2001: 'dts', 0xff: 'aac', 0x706d: 'aac', 0x1600: 'aac', 0x704f: 'opus', 0xf1ac: 'flac' };

/** Where a packet of sound comes from: its chunk, the byte in it, and what is next. */
interface Place { chunk: number; offset: number; time: number }

/** A stream: what mediabunny calls the backing of a track. */
class Track {
  type: 'video' | 'audio' | '' = '';
  count = 0; // of chunks
  private at = new Float64Array(1024);
  private sizes = new Uint32Array(1024); // the highest bit is for those that depend on others
  private before = new Float64Array(0); // bytes of sound before each chunk
  private readonly scale: number;
  private readonly rate: number;
  private readonly sampleSize: number;
  private readonly format: Uint8Array;
  private readonly superIndex: Uint8Array | null = null;
  private codec: string | null = null;
  private fourCC = '';
  private config: VideoDecoderConfig | AudioDecoderConfig | null = null;
  private framing: Framing | null = null;
  private order: Order | null = null;
  private readonly places = new WeakMap<EncodedPacket, Place>();
  private readonly counts = new WeakMap<EncodedPacket, Counted>();

  constructor(private readonly reader: Reader, readonly number: number, list: Uint8Array) {
    let header = new Uint8Array(0), format = new Uint8Array(0);
    for (const c of chunks(list, 0, list.length)) {
      if (c.id === 'strh') header = c.data.slice();
      if (c.id === 'strf') format = c.data.slice();
      if (c.id === 'indx') this.superIndex = c.data.slice();
    }
    const kind = fourCC(header, 0);
    this.type = kind === 'vids' ? 'video' : kind === 'auds' ? 'audio' : '';
    this.scale = u32(header, 20) || 1;
    this.rate = u32(header, 24) || 25;
    this.sampleSize = u32(header, 44);
    this.format = format;
    this.fourCC = this.type === 'video' ? fourCC(format, 16) : `0x${u16(format, 0).toString(16)}`;
    this.codec = this.type === 'video' ? videoCodecs.find(([name]) => name.test(this.fourCC))?.[1] ?? null : audioCodecs[u16(format, 0)] ?? null;
  }

  add(at: number, size: number, key: boolean): void {
    if (this.count === this.at.length) {
      const more = new Float64Array(2 * this.count), sizes = new Uint32Array(2 * this.count);
      more.set(this.at);
      sizes.set(this.sizes);
      this.at = more;
      this.sizes = sizes;
    }
    this.at[this.count] = at;
    this.sizes[this.count++] = (size & 0x7fffffff | (key ? 0 : 0x80000000)) >>> 0;
  }

  /** Reads the indexes that the stream's own one names. */
  async openDML(): Promise<void> {
    const s = this.superIndex;
    if (!s || s[3] !== 0 || u16(s, 0) !== 4) return;
    let read = 0;
    for (let i = 0, at = 24; i < u32(s, 4) && at + 16 <= s.length; i++, at += 16) {
      const place = Number(view(s).getBigUint64(at, true)), size = u32(s, at + 8);
      read += size;
      const index = size >= 32 && read <= maxIndex ? await bytes(this.reader, place, size) : null;
      if (!index) return;
      const base = Number(view(index).getBigUint64(20, true));
      for (let e = 0, p = 32; e < u32(index, 12) && p + 8 <= index.length; e++, p += 8) {
        const length = u32(index, p + 4);
        this.add(base + u32(index, p), length & 0x7fffffff, length < 0x80000000);
      }
    }
  }

  private size(i: number): number { return this.sizes[i]! & 0x7fffffff; }
  private isKey(i: number): boolean { return this.type === 'audio' || this.sizes[i]! < 0x80000000; }

  private async chunk(i: number): Promise<Uint8Array> {
    const size = this.size(i);
    const data = size > 0 && size <= maxChunk ? await bytes(this.reader, this.at[i]!, size) : null;
    return data ?? new Uint8Array(0);
  }

  /** The time of a chunk, in seconds. */
  private time(i: number): number {
    if (this.type === 'video' || !this.sampleSize) return i * this.scale / this.rate;
    return this.before[i]! / this.sampleSize * this.scale / this.rate;
  }

  /** The chunk at a time. */
  private chunkAt(time: number): number {
    let low = 0, high = this.count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.time(middle) <= time + 1e-6) low = middle; else high = middle - 1;
    }
    return low;
  }

  /** Finds out how the stream is encoded. */
  async look(): Promise<void> {
    if (this.type === 'audio') {
      this.before = new Float64Array(this.count);
      for (let i = 1; i < this.count; i++) this.before[i] = this.before[i - 1]! + this.size(i - 1);
    }
    let i = 0;
    while (i < this.count - 1 && i < 100 && this.size(i) === 0) i++;
    const first = await this.chunk(i);
    if (this.type === 'video') this.lookAtPicture(first); else this.lookAtSound(first);
  }

  private lookAtPicture(first: Uint8Array): void {
    const config = { codedWidth: u32(this.format, 4), codedHeight: Math.abs(u32(this.format, 8) | 0) };
    const extra = this.format.subarray(40);
    if (this.codec === 'avc') {
      const described = extra[0] === 1 && first[0] === 0;
      this.order = new Order(described ? extra : first, described);
      this.config = { ...config, codec: avcCodec(described ? extra : first, described), ...(described && { description: extra.slice() }) };
    }
    if (this.codec === 'hevc') this.config = { ...config, codec: 'hev1.1.6.L120.90' };
    if (this.codec === 'vp8') this.config = { ...config, codec: 'vp8' };
    if (this.codec === 'vp9') this.config = { ...config, codec: `vp09.0${(first[0] ?? 0) >> 5 & 1 | (first[0] ?? 0) >> 3 & 2}.31.08` };
    if (this.codec === 'av1') this.config = { ...config, codec: 'av01.0.08M.08' };
  }

  private lookAtSound(first: Uint8Array): void {
    const f = this.format, extra = f.slice(18, 18 + u16(f, 16)), bits = u16(f, 14);
    const config = { numberOfChannels: u16(f, 2) || 2, sampleRate: u32(f, 4) || 48000 };
    if (first[0] === 0x0b && first[1] === 0x77) this.codec = (first[5] ?? 0) >> 3 > 10 ? 'eac3' : 'ac3'; // there is no number for all of them
    if (this.codec === 'pcm') this.codec = bits === 8 ? 'pcm-u8' : bits === 16 ? 'pcm-s16' : bits === 24 ? 'pcm-s24' : bits === 32 ? 'pcm-s32' : null;
    const names: Record<string, string> = { mp3: 'mp3', ac3: 'ac-3', eac3: 'ec-3', dts: 'dtsc', opus: 'opus', flac: 'flac', aac: 'mp4a.40.2' };
    this.config = { ...config, codec: names[this.codec ?? ''] ?? this.codec ?? '' };
    this.framing = framings[this.codec ?? ''] ?? null;
    if (this.codec === 'aac') { if (extra.length >= 2) this.config.description = extra; else this.framing = framings.adts!; }
    if (this.codec === 'opus' && extra.length >= 19) this.config.description = extra;
    if (this.codec === 'flac' && extra.length >= 34) this.config.description = new Uint8Array([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 34, ...extra.subarray(extra.length - 34)]);
  }

  getType() { return this.type; }
  getId() { return this.number + 1; }
  getNumber() { return 1; }
  getCodec() { return this.codec; }
  getInternalCodecId() { return this.fourCC; }
  getName() { return null; }
  getLanguageCode() { return 'und'; }
  getTimeResolution() { return this.rate / this.scale; }
  isRelativeToUnixEpoch() { return false; }
  getUnixTimeForTimestamp() { return null; }
  getDisposition() { return { default: true, primary: true, forced: false, original: false, commentary: false, hearingImpaired: false, visuallyImpaired: false }; }
  getPairingMask() { return 1n; }
  getBitrate() { return null; }
  getAverageBitrate() { return null; }
  async getDurationFromMetadata() { return this.time(this.count - 1) + this.last(); }
  async getLiveRefreshInterval() { return null; }
  async getDecoderConfig() { return this.config; }
  getCodedWidth() { return (this.config as VideoDecoderConfig | null)?.codedWidth ?? 0; }
  getCodedHeight() { return (this.config as VideoDecoderConfig | null)?.codedHeight ?? 0; }
  getSquarePixelWidth() { return this.getCodedWidth(); }
  getSquarePixelHeight() { return this.getCodedHeight(); }
  getTransformationMatrix() { return [1, 0, 0, 0, 1, 0, 0, 0, 1]; }
  async getColorSpace() { return {}; }
  async canBeTransparent() { return false; }
  getNumberOfChannels() { return u16(this.format, 2); }
  getSampleRate() { return u32(this.format, 4); }

  private last(): number {
    if (this.type === 'video' || !this.sampleSize) return this.scale / this.rate;
    return this.size(this.count - 1) / this.sampleSize * this.scale / this.rate;
  }

  getFirstPacket() { return this.getPacket(0); }

  async getPacket(time: number): Promise<EncodedPacket | null> {
    const i = this.chunkAt(time);
    if (this.type === 'video') return this.picture(i);
    return this.sound({ chunk: i, offset: 0, time: this.time(i) });
  }

  async getNextPacket(packet: EncodedPacket): Promise<EncodedPacket | null> {
    if (this.type === 'video') return this.picture(packet.sequenceNumber + 1, this.counts.get(packet));
    const next = this.places.get(packet);
    return next ? this.sound(next) : null;
  }

  async getKeyPacket(time: number): Promise<EncodedPacket | null> {
    if (this.type === 'audio') return this.getPacket(time);
    let i = this.chunkAt(time);
    while (i > 0 && !(this.isKey(i) && this.size(i))) i--;
    return this.isKey(i) ? this.picture(i) : null;
  }

  async getNextKeyPacket(packet: EncodedPacket): Promise<EncodedPacket | null> {
    if (this.type === 'audio') return this.getNextPacket(packet);
    for (let i = packet.sequenceNumber + 1; i < this.count; i++) if (this.isKey(i) && this.size(i)) return this.picture(i);
    return null;
  }

  /** The picture of a chunk, or of the next one that has one. */
  private async picture(i: number, before?: Counted): Promise<EncodedPacket | null> {
    while (i < this.count && this.size(i) === 0) i++;
    if (i >= this.count) return null;
    const frame = this.scale / this.rate, data = await this.chunk(i), type = this.isKey(i) ? 'key' : 'delta';
    if (!data.length) return null; // the file ends before
    const counted = this.order?.shown(i, data, this.isKey(i), before);
    const packet = new EncodedPacket(data, type, (counted?.shown ?? i) * frame, frame, i);
    if (counted) this.counts.set(packet, counted);
    return packet;
  }

  /** A frame of sound that begins at a place or after it; frames may lie across chunks. */
  private async sound(at: Place): Promise<EncodedPacket | null> {
    let { chunk, offset } = at;
    if (!this.framing) {
      while (chunk < this.count && this.size(chunk) === 0) chunk++;
      if (chunk >= this.count) return null;
      const data = await this.chunk(chunk), start = this.time(chunk);
      const duration = chunk + 1 < this.count ? this.time(chunk + 1) - start : this.last();
      return data.length ? this.packet(data, start, duration, { chunk: chunk + 1, offset: 0, time: start + duration }, chunk) : null;
    }
    let held: Uint8Array = new Uint8Array(0), next = chunk;
    for (;;) {
      const found = this.framing(held);
      if (found && found.at + found.size <= held.length) {
        offset += found.at;
        const data = held.slice(found.at, found.at + found.size), duration = found.samples / this.getSampleRate();
        let end = offset + found.size, into = chunk;
        while (into < this.count && end >= this.size(into)) end -= this.size(into++);
        return this.packet(data, at.time, duration, { chunk: into, offset: end, time: this.steady(at.time + duration, into, end) }, chunk);
      }
      if (next >= this.count || held.length > maxChunk) return null;
      const more = (await this.chunk(next)).subarray(next === chunk ? offset : 0);
      if (next === chunk && !more.length && this.size(next) > offset) return null; // the file ends before
      next++;
      const both = new Uint8Array(held.length + more.length);
      both.set(held);
      both.set(more, held.length);
      held = both;
    }
  }

  /** A time that was counted up by frames, kept near to what the index says. */
  private steady(time: number, chunk: number, offset: number): number {
    if (chunk >= this.count) return time;
    const told = this.sampleSize ? this.time(chunk) + offset / this.sampleSize * this.scale / this.rate : this.time(chunk);
    return offset === 0 && Math.abs(told - time) > 0.5 ? told : time;
  }

  private packet(data: Uint8Array, time: number, duration: number, next: Place, sequence: number): EncodedPacket {
    const packet = new EncodedPacket(data, 'key', time, Math.max(0, duration), sequence);
    this.places.set(packet, next);
    return packet;
  }
}
