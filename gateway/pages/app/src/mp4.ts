// Texts and chapters of MP4 and QuickTime (ISO/IEC 14496-12): timed text (3GPP TS 26.245), WebVTT (ISO/IEC 14496-30),
// a track of chapters, and the list of them that Nero wrote first.
import type { Chapter, Inside, Read, Text } from './inside';
import { most, textOf } from './inside';
import type { Cue } from './subtitles';

interface Box { type: string; at: number; body: number; end: number }

const maxBoxes = 256, maxTrack = 8 << 20, maxTogether = 256 << 10;

const fourCC = (v: DataView, at: number): string => String.fromCharCode(v.getUint8(at), v.getUint8(at + 1), v.getUint8(at + 2), v.getUint8(at + 3));
const view = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** The box whose header is at a place of the data, which itself is at base. */
function box(data: Uint8Array, at: number, base: number): Box | null {
  if (at + 8 > data.length) return null;
  const v = view(data);
  let size = v.getUint32(at), header = 8;
  if (size === 1) {
    if (at + 16 > data.length) return null;
    size = Number(v.getBigUint64(at + 8));
    header = 16;
  }
  if (size === 0) size = Infinity;
  return size < header ? null : { type: fourCC(v, at + 4), at: base + at, body: base + at + header, end: base + at + size };
}

/** The boxes of a stretch of the file, by their headers alone. */
async function* boxes(read: Read, from: number, to: number): AsyncGenerator<Box> {
  for (let n = 0; from + 8 <= to && n < maxBoxes; n++) {
    const b = box(await read(from, 16), 0, from);
    if (!b || b.end > to && Number.isFinite(to)) return;
    yield b;
    from = b.end;
  }
}

/** The boxes within data. */
function* within(data: Uint8Array, from: number, to: number): Generator<Box> {
  for (; from < to;) {
    const b = box(data, from, 0);
    if (!b || b.end > to) return;
    yield b;
    from = b.end;
  }
}

function find(data: Uint8Array, path: string[], from = 0, to = data.length): Box | undefined {
  for (const b of within(data, from, to)) if (b.type === path[0]) return path.length === 1 ? b : find(data, path.slice(1), b.body, b.end);
  return undefined;
}

/** A sample of a track of text, in seconds and bytes of the file. */
interface Sample { start: number; end: number; at: number; size: number }

interface Track { id: number; handler: string; format: string; language: string; name: string; chapters: number[]; load: () => Promise<Sample[]> }

/** Looks for the boxes that tell; what there is of pictures and sound is passed over. */
export async function mp4(read: Read): Promise<Inside> {
  const tracks: Track[] = [];
  let nero: Chapter[] = [];
  for await (const moov of boxes(read, 0, Infinity)) {
    if (moov.type !== 'moov') continue;
    for await (const b of boxes(read, moov.body, moov.end)) {
      if (b.type === 'trak') { const t = await track(read, b); if (t) tracks.push(t); }
      if (b.type === 'udta' && b.end - b.at <= most.element) nero = chpl(await read(b.body, b.end - b.body));
    }
    break;
  }
  const references = new Set(tracks.flatMap((t) => t.chapters));
  const own = tracks.find((t) => references.has(t.id) && /^(text|sbtl)$/.test(t.handler));
  const texts = tracks.filter((t) => !references.has(t.id) && /^(text|sbtl|subt|clcp)$/.test(t.handler)).map((t): Text => ({
    language: t.language, name: t.name, forced: false, why: /^(tx3g|text|wvtt)$/.test(t.format) ? undefined : 'a kind of subtitles that is not known here',
    between: (from, to, signal) => between(read, t, from, to, signal),
  }));
  return { texts, chapters: nero.length ? nero : own ? await titles(read, own) : [] };
}

/** A track by the boxes that say what it is. Its tables are read when they are wanted. */
async function track(read: Read, trak: Box): Promise<Track | null> {
  const t: Track = { id: 0, handler: '', format: '', language: '', name: '', chapters: [], load: async () => [] };
  let mdia: Box | undefined, scale = 0;
  for await (const b of boxes(read, trak.body, trak.end)) {
    if (b.type === 'mdia') mdia = b;
    if (b.type !== 'tkhd' && b.type !== 'tref' || b.end - b.body > 4096) continue;
    const data = await read(b.body, b.end - b.body), v = view(data);
    if (b.type === 'tkhd' && data.length >= 24) t.id = v.getUint32(data[0] === 1 ? 20 : 12);
    if (b.type === 'tref') for (const r of within(data, 0, data.length)) if (r.type === 'chap') for (let i = r.body; i + 4 <= r.end; i += 4) t.chapters.push(v.getUint32(i));
  }
  if (!mdia) return null;
  for await (const b of boxes(read, mdia.body, mdia.end)) {
    if (b.type === 'mdhd' || b.type === 'hdlr') {
      const data = await read(b.body, Math.min(b.end - b.body, 1024)), v = view(data), wide = data[0] === 1;
      if (data.length < (wide ? 34 : 22)) return null;
      if (b.type === 'hdlr') {
        t.handler = fourCC(v, 8);
        t.name = textOf(data.subarray(24)).replace(/^[\x00-\x1f]/, '');
        continue;
      }
      scale = v.getUint32(wide ? 20 : 12);
      const packed = v.getUint16(wide ? 32 : 20);
      t.language = String.fromCharCode(0x60 + (packed >> 10 & 31), 0x60 + (packed >> 5 & 31), 0x60 + (packed & 31)); // ISO 639-2
    }
    if (b.type !== 'minf' || !/^(text|sbtl|subt|clcp)$/.test(t.handler) || b.end - b.body > maxTrack || !scale) continue;
    const data = await read(b.body, b.end - b.body), table = find(data, ['stbl']), stsd = table && find(data, ['stsd'], table.body, table.end);
    if (!table || !stsd || stsd.end - stsd.body < 16) continue;
    t.format = fourCC(view(data), stsd.body + 12);
    t.load = async () => samples(data, table, scale);
  }
  if (/^(SubtitleHandler|TextHandler|Core Media.*|Apple.*)$/.test(t.name)) t.name = '';
  return t;
}

/** The samples of a track, by its tables (8.6 and 8.7). */
function samples(data: Uint8Array, stbl: Box, scale: number): Sample[] {
  const v = view(data), get = (type: string) => find(data, [type], stbl.body, stbl.end);
  const stts = get('stts'), stsz = get('stsz'), stsc = get('stsc'), offsets = get('stco') ?? get('co64');
  if (!stts || !stsz || !stsc || !offsets) return [];
  /** How many entries of a size fit in a box that says so. */
  const room = (b: Box, said: number, size: number, before = 8) => Math.min(said, Math.floor((b.end - b.body - before) / size), most.entries);
  const equal = v.getUint32(stsz.body + 4), n = equal ? Math.min(v.getUint32(stsz.body + 8), most.entries) : room(stsz, v.getUint32(stsz.body + 8), 4, 12);
  const list: Sample[] = [];
  for (let i = 0; i < n; i++) list.push({ start: 0, end: 0, at: 0, size: equal || v.getUint32(stsz.body + 12 + 4 * i) });
  let clock = 0, at = 0;
  for (let i = 0, runs = room(stts, v.getUint32(stts.body + 4), 8); i < runs; i++) {
    const count = v.getUint32(stts.body + 8 + 8 * i), delta = v.getUint32(stts.body + 12 + 8 * i);
    for (let k = 0; k < count && at < n; k++, at++) {
      list[at]!.start = clock / scale;
      list[at]!.end = (clock += delta) / scale;
    }
  }
  const wide = offsets.type === 'co64', chunks = room(offsets, v.getUint32(offsets.body + 4), wide ? 8 : 4), runs = room(stsc, v.getUint32(stsc.body + 4), 12);
  at = 0;
  for (let chunk = 0, run = 0; chunk < chunks && run < runs; chunk++) {
    while (run + 1 < runs && v.getUint32(stsc.body + 8 + 12 * (run + 1)) <= chunk + 1) run++;
    let place = wide ? Number(v.getBigUint64(offsets.body + 8 + 8 * chunk)) : v.getUint32(offsets.body + 8 + 4 * chunk);
    for (let k = v.getUint32(stsc.body + 12 + 12 * run); k > 0 && at < n; k--, at++) {
      list[at]!.at = place;
      place += list[at]!.size;
    }
  }
  return list.slice(0, at);
}

async function between(read: Read, t: Track, from: number, to: number, signal: AbortSignal): Promise<Cue[]> {
  const cues: Cue[] = [];
  const wanted = (await t.load()).filter((s) => s.start >= from && s.start < to && s.size > 2 && s.size <= most.text).slice(0, most.cues);
  for (const s of wanted) {
    const text = sampleText(t.format, await read(s.at, s.size, signal));
    if (text.trim()) cues.push({ start: s.start, end: s.end, text });
  }
  return cues;
}

function sampleText(format: string, data: Uint8Array): string {
  if (format === 'wvtt') {
    return [...within(data, 0, data.length)].filter((b) => b.type === 'vttc').map((b) => {
      const text = find(data, ['payl'], b.body, b.end);
      return text ? textOf(data.subarray(text.body, text.end)) : '';
    }).join('\n');
  }
  if (data.length < 2) return '';
  const bytes = data.subarray(2, 2 + view(data).getUint16(0));
  const text = bytes[0] === 0xfe && bytes[1] === 0xff ? new TextDecoder('utf-16be').decode(bytes) : textOf(bytes);
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** The chapters of a track. Titles that lie far from each other are not fetched for it. */
async function titles(read: Read, t: Track): Promise<Chapter[]> {
  const list = (await t.load()).slice(0, most.chapters);
  const first = Math.min(...list.map((s) => s.at)), end = Math.max(...list.map((s) => s.at + s.size));
  const data = end - first <= maxTogether ? await read(first, end - first) : null;
  return list.map((s) => ({ start: s.start, title: data ? sampleText('tx3g', data.subarray(s.at - first, s.at - first + s.size)).replace(/&lt;/g, '<').replace(/&amp;/g, '&') : '' }));
}

/** Nero's list: after a version, flags and a reserved word a count, then times of 100 ns and titles. */
function chpl(udta: Uint8Array): Chapter[] {
  const b = find(udta, ['chpl']);
  if (!b || b.end - b.body < 9) return [];
  const v = view(udta), list: Chapter[] = [];
  let at = b.body + (udta[b.body] === 0 ? 5 : 9);
  for (let n = v.getUint8(at - 1); n > 0 && at + 9 <= b.end; n--) {
    const length = v.getUint8(at + 8);
    list.push({ start: Number(v.getBigUint64(at)) / 1e7, title: textOf(udta.subarray(at + 9, Math.min(at + 9 + length, b.end))) });
    at += 9 + length;
  }
  return list;
}
