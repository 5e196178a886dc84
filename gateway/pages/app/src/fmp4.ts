// Movie fragments (ISO/IEC 14496-12, 8.8) for Media Source. Fragments may end at any frame, which keeps the
// first picture from waiting for a whole group of pictures; so they are written here. What describes
// the codec, the initialization segment, is made by mediabunny.
import { AppendOnlyStreamTarget, EncodedAudioPacketSource, EncodedVideoPacketSource, Mp4OutputFormat, Output } from 'mediabunny';
import type { AudioCodec, EncodedPacket, VideoCodec } from 'mediabunny';

/** A frame in decode order, its times in seconds. */
export interface Frame { data: Uint8Array; pts: number; duration: number; key: boolean }

/** The start of a stream: the bytes, and what fragments have to agree with. */
export interface Init { bytes: Uint8Array; track: number; timescale: number }

/** Makes the initialization segment for packets like this one. */
export async function videoInit(codec: VideoCodec, packet: EncodedPacket, config: VideoDecoderConfig): Promise<Init> {
  const source = new EncodedVideoPacketSource(codec);
  return init(source, (output) => output.addVideoTrack(source), () => source.add(packet.clone({ timestamp: 0 }), { decoderConfig: config }));
}

export async function audioInit(codec: AudioCodec, packet: EncodedPacket, config: AudioDecoderConfig): Promise<Init> {
  const source = new EncodedAudioPacketSource(codec);
  return init(source, (output) => output.addAudioTrack(source), () => source.add(packet.clone({ timestamp: 0 }), { decoderConfig: config }));
}

async function init(_source: unknown, add: (output: Output) => void, feed: () => Promise<void>): Promise<Init> {
  const chunks: Uint8Array[] = [];
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented' }),
    target: new AppendOnlyStreamTarget(new WritableStream({ write: (chunk: Uint8Array) => { chunks.push(chunk.slice()); } })),
  });
  add(output);
  await output.start();
  await feed();
  await output.finalize();
  return head(join(chunks));
}

/** Takes ftyp and moov from a file, and reads the track's number and timescale. */
function head(file: Uint8Array): Init {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Uint8Array[] = [];
  for (const box of boxes(view, 0, file.length)) if (box.type === 'ftyp' || box.type === 'moov') parts.push(file.subarray(box.start, box.end));
  const moov = find(view, 0, file.length, ['moov', 'trak']);
  const tkhd = moov && find(view, moov.body, moov.end, ['tkhd']), mdhd = moov && find(view, moov.body, moov.end, ['mdia', 'mdhd']);
  if (!tkhd || !mdhd) throw new Error('The stream has no header.');
  const wide = (box: Box) => view.getUint8(box.body) === 1;
  return { bytes: join(parts), track: view.getUint32(tkhd.body + (wide(tkhd) ? 20 : 12)), timescale: view.getUint32(mdhd.body + (wide(mdhd) ? 20 : 12)) };
}

interface Box { type: string; start: number; body: number; end: number }

function* boxes(view: DataView, from: number, to: number): Generator<Box> {
  for (let at = from; at + 8 <= to;) {
    const size = view.getUint32(at) || to - at;
    const type = String.fromCharCode(view.getUint8(at + 4), view.getUint8(at + 5), view.getUint8(at + 6), view.getUint8(at + 7));
    if (size < 8 || at + size > to) return;
    yield { type, start: at, body: at + 8, end: at + size };
    at += size;
  }
}

function find(view: DataView, from: number, to: number, path: string[]): Box | null {
  for (const box of boxes(view, from, to)) {
    if (box.type === path[0]) return path.length === 1 ? box : find(view, box.body, box.end, path.slice(1));
  }
  return null;
}

export function join(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const p of parts) { all.set(p, at); at += p.length; }
  return all;
}

/** Writes fragments of one track. */
export class Fragmenter {
  private sequence = 0;
  private clock = -1; // decode time of the next frame, in units

  constructor(private readonly init: Init) {}

  /** One fragment of frames in decode order. Containers like Matroska have no decode times: they are counted up by the frames' durations. */
  fragment(frames: Frame[]): Uint8Array<ArrayBuffer> {
    const scale = this.init.timescale, units = (s: number) => Math.round(s * scale);
    const first = frames[0]!;
    const early = Math.min(...frames.map((f) => units(f.pts)));
    if (this.clock < 0 || first.key && Math.abs(units(first.pts) - this.clock) > scale) this.clock = Math.max(0, early);
    const base = this.clock;
    const trun = new Uint8Array(12 + 8 + 16 * frames.length), t = new DataView(trun.buffer);
    box(t, 'trun', trun.length);
    t.setUint32(8, 0x01000f01); // version 1; offset of the data, and of each sample duration, size, flags and composition offset
    t.setUint32(12, frames.length);
    let at = 20, decode = base;
    for (const f of frames) {
      const duration = Math.max(1, units(f.duration));
      t.setUint32(at, duration);
      t.setUint32(at + 4, f.data.length);
      t.setUint32(at + 8, f.key ? 0x02000000 : 0x01010000); // depends on none; depends on others, and is no sync sample
      t.setInt32(at + 12, units(f.pts) - decode);
      decode += duration;
      at += 16;
    }
    this.clock = decode;
    const mfhd = new Uint8Array(16), m = new DataView(mfhd.buffer);
    box(m, 'mfhd', 16);
    m.setUint32(12, ++this.sequence);
    const tfhd = new Uint8Array(16), h = new DataView(tfhd.buffer);
    box(h, 'tfhd', 16);
    h.setUint32(8, 0x020000); // offsets are from the fragment
    h.setUint32(12, this.init.track);
    const tfdt = new Uint8Array(20), d = new DataView(tfdt.buffer);
    box(d, 'tfdt', 20);
    d.setUint32(8, 0x01000000);
    d.setBigUint64(12, BigInt(base));
    const traf = wrap('traf', [tfhd, tfdt, trun]), moof = wrap('moof', [mfhd, traf]);
    new DataView(moof.buffer).setInt32(moof.length - trun.length + 16, moof.length + 8);
    return join([moof, wrap('mdat', frames.map((f) => f.data))]);
  }
}

function box(view: DataView, type: string, size: number): void {
  view.setUint32(0, size);
  for (let i = 0; i < 4; i++) view.setUint8(4 + i, type.charCodeAt(i));
}

function wrap(type: string, parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(8);
  box(new DataView(header.buffer), type, 8 + parts.reduce((n, p) => n + p.length, 0));
  return join([header, ...parts]);
}

/** NAL units with their lengths before them in place of start codes (ITU-T H.264, annex B). */
export function lengthPrefixed(data: Uint8Array): Uint8Array {
  const starts: number[] = [];
  for (let i = 0; i + 2 < data.length; i++) {
    if (data[i + 2]! > 1) { i += 2; continue; }
    if (data[i] === 0 && data[i + 1] === 0 && data[i + 2] === 1) { starts.push(i + 3); i += 2; }
  }
  const parts: Uint8Array[] = [];
  starts.forEach((from, n) => {
    let to = n + 1 < starts.length ? starts[n + 1]! - 3 : data.length;
    while (to > from && data[to - 1] === 0) to--;
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, to - from);
    parts.push(length, data.subarray(from, to));
  });
  return join(parts);
}

/** A frame of AAC without the ADTS header before it (ISO/IEC 14496-3, 1.A.2.2). */
export function withoutADTS(data: Uint8Array): Uint8Array {
  if (data[0] !== 0xff || (data[1]! & 0xf6) !== 0xf0) return data;
  return data.subarray(data[1]! & 1 ? 7 : 9);
}
