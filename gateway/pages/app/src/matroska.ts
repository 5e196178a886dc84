// Texts and chapters of Matroska and WebM (RFC 9559). The index (Cues) says where the blocks of a text are, so that
// they alone are read; where it has none of them, the clusters of a stretch are read through.
import type { Chapter, Inside, Read, Text } from './inside';
import { most, textOf } from './inside';
import { Tape } from './ranges';
import type { Cue } from './subtitles';
import { plainSRT, plainSSA } from './subtitles';

export const id = {
  segment: 0x18538067, seekHead: 0x114d9b74, seek: 0x4dbb, seekID: 0x53ab, seekPosition: 0x53ac, info: 0x1549a966, scale: 0x2ad7b1, tracks: 0x1654ae6b, track: 0xae,
  number: 0xd7, type: 0x83, frame: 0x23e383, codec: 0x86, language: 0x22b59c, languageTag: 0x22b59d, name: 0x536e, forced: 0x55aa, encodings: 0x6d80, encoding: 0x6240, compression: 0x5034,
  algorithm: 0x4254, settings: 0x4255, encryption: 0x5035, chapters: 0x1043a770, edition: 0x45b9, editionHidden: 0x45bd, atom: 0xb6, start: 0x91, hidden: 0x98, display: 0x80, string: 0x85,
  cues: 0x1c53bb6b, point: 0xbb, time: 0xb3, positions: 0xb7, cueTrack: 0xf7, cluster: 0xf1, relative: 0xf0, cueDuration: 0xb2,
  clusterElement: 0x1f43b675, attachments: 0x1941a469, timestamp: 0xe7, simpleBlock: 0xa3, blockGroup: 0xa0, block: 0xa1, reference: 0xfb, duration: 0x9b,
};

export interface Element { id: number; body: number; end: number }

/** The element at a place. Its end may lie behind the data; a size that is not known is infinite. */
export function element(data: Uint8Array, at: number): Element | null {
  const first = data[at];
  if (!first) return null;
  const idLength = Math.clz32(first) - 23;
  if (idLength > 4 || at + idLength >= data.length) return null;
  let name = 0;
  for (let i = 0; i < idLength; i++) name = name * 256 + data[at + i]!;
  const lead = data[at + idLength]!, sizeLength = Math.clz32(lead) - 23;
  if (!lead || at + idLength + sizeLength > data.length) return null;
  let size = lead & (0xff >> sizeLength), unknown = size === 0xff >> sizeLength;
  for (let i = 1; i < sizeLength; i++) {
    const b = data[at + idLength + i]!;
    size = size * 256 + b;
    unknown &&= b === 0xff;
  }
  const body = at + idLength + sizeLength;
  return { id: name, body, end: body + (unknown ? Infinity : size) };
}

/** The elements in a stretch of data, up to the first that is broken. */
export function* elements(data: Uint8Array, from: number, to: number): Generator<Element> {
  for (let at = from; at < to;) {
    const e = element(data, at);
    if (!e || e.end > to) return;
    yield e;
    at = e.end;
  }
}

export function unsigned(data: Uint8Array, e: Element): number {
  let n = 0;
  for (let i = e.body; i < Math.min(e.end, e.body + 8); i++) n = n * 256 + data[i]!;
  return n;
}

/** An entry of the index: a time in ticks, and where its block is in the segment. */
export interface Entry { time: number; track: number; cluster: number; relative: number; duration: number }

export interface Track { number: number; type: number; codec: string; frame: number; compression: 'none' | 'zlib' | 'strip' | 'other'; prefix: Uint8Array }

export interface File { url: string; read: Read; segment: number; scale: number; index: () => Promise<Entry[]>; clusters: Map<number, number> }

/** Looks at the head of a file and at what it says is elsewhere. */
export async function matroska(url: string, head: Uint8Array, read: Read): Promise<Inside> {
  const opened = await open(url, head, read);
  if (!opened) return { texts: [], chapters: [] };
  const texts = opened.tracks.flatMap((t) => textTrack(opened.file, t) ?? []);
  const found = await opened.load(id.chapters, most.element);
  return { texts, chapters: found ? chapters(found.data, found) : [] };
}

/** An element with all of its data. */
interface Whole { data: Uint8Array; body: number; end: number }

/** What was found: where the first cluster is, and a file that says of the tracks what this one does and has nothing else. */
interface Opened { file: File; tracks: Whole[]; clusters: number; brief: Uint8Array[]; load: (name: number, limit: number) => Promise<Whole | null> }

/** The start of a file, up to its first cluster or limit. */
export async function headOf(tape: { peek(n: number): Promise<Uint8Array> }, limit = 64 << 10): Promise<Uint8Array> {
  for (let n = 4096; ; n *= 2) {
    const head = await tape.peek(Math.min(n, limit)), top = element(head, 0), segment = top && element(head, top.end);
    if (segment?.id !== id.segment || head.length < n || n >= limit) return head;
    for (let p = segment.body, e = element(head, p); e; e = element(head, p = e.end)) if (e.id === id.clusterElement) return head;
  }
}

/** Finds what a file has, without its index. */
export async function open(url: string, head: Uint8Array, read: Read): Promise<Opened | null> {
  const top = element(head, 0), segment = top && element(head, top.end);
  if (!segment || segment.id !== id.segment) return null;
  const at = new Map<number, number>(); // where elements of the segment are, by their names
  for (let p = segment.body; p < head.length;) {
    const e = element(head, p);
    if (!e) break;
    if (!at.has(e.id)) at.set(e.id, p);
    if (e.id === id.clusterElement) break;
    if (e.id === id.seekHead) for (const [name, position] of seekHead(head, e)) if (!at.has(name)) at.set(name, segment.body + position);
    p = e.end;
  }
  const load = async (name: number, limit: number): Promise<Whole | null> => {
    const place = at.get(name);
    if (place === undefined) return null;
    const near = place + 12 <= head.length, data = near ? head.subarray(place) : await read(place, 4096);
    const e = element(data, 0);
    if (!e || e.id !== name || e.end > limit) return null;
    if (e.end <= data.length) return { data, body: e.body, end: e.end };
    const all = await read(place, e.end);
    return all.length < e.end ? null : { data: all, body: e.body, end: e.end };
  };
  let scale = 1e6;
  const info = await load(id.info, most.element), all = await load(id.tracks, most.element);
  if (info) for (const e of elements(info.data, info.body, info.end)) if (e.id === id.scale) scale = unsigned(info.data, e) || scale;
  let index: Promise<Entry[]> | undefined;
  const file: File = {
    url, read, segment: segment.body, scale: scale / 1e9, clusters: new Map(),
    index: () => index ??= load(id.cues, most.index).then((cues) => cues ? entries(cues.data, cues.body, cues.end) : []),
  };
  const tracks = all ? [...elements(all.data, all.body, all.end)].filter((e) => e.id === id.track).map((e) => ({ data: all.data, body: e.body, end: e.end })) : [];
  const brief = info && all ? [head.subarray(0, segment.body), info.data.subarray(0, info.end), all.data.subarray(0, all.end)] : [];
  return { file, tracks, clusters: at.get(id.clusterElement) ?? 0, brief, load };
}

function* seekHead(data: Uint8Array, head: Element): Generator<[number, number]> {
  for (const seek of elements(data, head.body, Math.min(head.end, data.length))) {
    let name = 0, position = -1;
    for (const e of elements(data, seek.body, seek.end)) {
      if (e.id === id.seekID) name = unsigned(data, e);
      if (e.id === id.seekPosition) position = unsigned(data, e);
    }
    if (seek.id === id.seek && position >= 0) yield [name, position];
  }
}

function chapters(data: Uint8Array, all: { body: number; end: number }): Chapter[] {
  for (const edition of elements(data, all.body, all.end)) {
    const list: Chapter[] = [];
    let hidden = false;
    for (const atom of elements(data, edition.body, edition.end)) {
      if (atom.id === id.editionHidden) hidden = unsigned(data, atom) === 1;
      if (atom.id !== id.atom) continue;
      let start = -1, title = '', unseen = false;
      for (const e of elements(data, atom.body, atom.end)) {
        if (e.id === id.start) start = unsigned(data, e) / 1e9;
        if (e.id === id.hidden) unseen = unsigned(data, e) === 1;
        if (e.id === id.display && !title) for (const d of elements(data, e.body, e.end)) if (d.id === id.string) title = textOf(data.subarray(d.body, d.end));
      }
      if (!unseen) list.push({ start, title });
    }
    if (edition.id === id.edition && !hidden && list.length) return list;
  }
  return [];
}

/** The index, in order of time. */
function entries(data: Uint8Array, from: number, to: number): Entry[] {
  const list: Entry[] = [];
  for (const point of elements(data, from, to)) {
    if (point.id !== id.point) continue;
    let time = 0;
    for (const e of elements(data, point.body, point.end)) {
      if (e.id === id.time) time = unsigned(data, e);
      if (e.id !== id.positions) continue;
      const entry = { time, track: 0, cluster: 0, relative: -1, duration: 0 };
      for (const p of elements(data, e.body, e.end)) {
        if (p.id === id.cueTrack) entry.track = unsigned(data, p);
        if (p.id === id.cluster) entry.cluster = unsigned(data, p);
        if (p.id === id.relative) entry.relative = unsigned(data, p);
        if (p.id === id.cueDuration) entry.duration = unsigned(data, p);
      }
      list.push(entry);
    }
    if (list.length > most.entries) break;
  }
  return list.sort((a, b) => a.time - b.time);
}

const textCodecs = /^(S_TEXT\/(UTF8|ASCII|ASS|SSA|WEBVTT)|S_ASS|S_SSA|D_WEBVTT\/(SUBTITLES|CAPTIONS))$/;

/** What a track is called and how it is packed. */
export function trackOf({ data, body, end }: Whole): Track & { language: string; name: string; forced: boolean } {
  const t = { number: 0, type: 0, codec: '', frame: 0, compression: 'none' as Track['compression'], prefix: new Uint8Array(0), language: 'en', name: '', forced: false };
  for (const e of elements(data, body, end)) {
    switch (e.id) {
      case id.number: t.number = unsigned(data, e); break;
      case id.type: t.type = unsigned(data, e); break;
      case id.codec: t.codec = textOf(data.subarray(e.body, e.end)); break;
      case id.frame: t.frame = unsigned(data, e) / 1e9; break;
      case id.language: case id.languageTag: t.language = textOf(data.subarray(e.body, e.end)); break;
      case id.name: t.name = textOf(data.subarray(e.body, e.end)); break;
      case id.forced: t.forced = unsigned(data, e) === 1; break;
      case id.encodings: encodings(t, data, e); break;
    }
  }
  return t;
}

function textTrack(file: File, entry: Whole): Text | null {
  const t = trackOf(entry);
  if (t.type !== 17) return null;
  const why = !textCodecs.test(t.codec) ? 'pictures, which only a player outside of the browser shows' : t.compression === 'other' ? 'packed in a way that is not known' : undefined;
  return { language: t.language, name: t.name, forced: t.forced, why, between: (from, to, signal) => between(file, t, from, to, signal) };
}

function encodings(track: Track, data: Uint8Array, all: Element): void {
  const list = [...elements(data, all.body, all.end)].filter((e) => e.id === id.encoding);
  if (list.length !== 1) { track.compression = 'other'; return; }
  track.compression = 'zlib';
  for (const e of elements(data, list[0]!.body, list[0]!.end)) {
    if (e.id === id.encryption) { track.compression = 'other'; return; }
    if (e.id !== id.compression) continue;
    for (const c of elements(data, e.body, e.end)) {
      if (c.id === id.algorithm) track.compression = (['zlib', 'other', 'other', 'strip'] as const)[unsigned(data, c)] ?? 'other';
      if (c.id === id.settings) track.prefix = data.slice(c.body, c.end);
    }
  }
}

/** The cues of a track that begin in a stretch. */
async function between(file: File, track: Track, from: number, to: number, signal: AbortSignal): Promise<Cue[]> {
  const index = await file.index(), low = from / file.scale, high = to / file.scale;
  if (!index.length) throw new Error('The file has no index, so that its own subtitles are not found.');
  const own = index.filter((e) => e.track === track.number && e.relative >= 0);
  if (!own.length) return through(file, track, index, low, high, signal);
  const cues: Cue[] = [];
  for (const e of own.filter((e) => e.time >= low && e.time < high).slice(0, most.cues)) {
    const cue = await indexed(file, track, e, signal);
    if (cue) cues.push(cue);
  }
  return cues;
}

/** The block that an entry of the index points at, if it is one of this track. */
async function indexed(file: File, track: Track, entry: Entry, signal: AbortSignal): Promise<Cue | null> {
  const cluster = file.segment + entry.cluster;
  let header = file.clusters.get(cluster);
  if (header === undefined) {
    const e = element(await file.read(cluster, 12, signal), 0);
    if (e?.id !== id.clusterElement) return null;
    file.clusters.set(cluster, header = e.body);
  }
  const place = cluster + header + entry.relative;
  let data = await file.read(place, 2048, signal);
  const e = element(data, 0);
  if (!e || e.end > most.text) return null;
  if (e.end > data.length) data = await file.read(place, e.end, signal);
  return e.end > data.length ? null : cueOf(file, track, data, e, entry.time, entry.duration, true);
}

/** Reads all clusters of a stretch, from the entry of the index before it to the one behind it. */
async function through(file: File, track: Track, index: Entry[], low: number, high: number, signal: AbortSignal): Promise<Cue[]> {
  const begin = index.findLast((e) => e.time <= low) ?? index[0]!, end = index.find((e) => e.time >= high && e.cluster > begin.cluster);
  const tape = await Tape.open(file.url, file.segment + begin.cluster, end && file.segment + end.cluster, signal);
  const cues: Cue[] = [];
  let clock = 0;
  try {
    for (;;) {
      const head = await tape.peek(16), e = element(head, 0);
      if (!e || cues.length === most.cues) return cues;
      if (e.id === id.clusterElement) { await tape.skip(e.body); continue; }
      if (e.id === id.timestamp) {
        clock = unsigned(head, e);
        if (clock >= high) return cues;
      }
      if (e.id === id.simpleBlock || e.id === id.blockGroup) {
        const small = e.end <= most.text, data = await tape.peek(small ? e.end : 16);
        const cue = small && data.length === e.end ? await cueOf(file, track, data, e, clock, 0, false) : null;
        if (cue && cue.start >= low * file.scale && cue.start < high * file.scale) cues.push(cue);
      }
      if (!Number.isFinite(e.end) || !await tape.skip(e.end)) return cues;
    }
  } finally {
    tape.close();
  }
}

/** A block as a cue: its time is the cluster's and its own, or the one that the index has. */
async function cueOf(file: File, track: Track, data: Uint8Array, e: Element, time: number, duration: number, whole: boolean): Promise<Cue | null> {
  let block: Element | undefined = e.id === id.simpleBlock ? e : undefined;
  if (e.id === id.blockGroup) {
    for (const part of elements(data, e.body, e.end)) {
      if (part.id === id.block) block = part;
      if (part.id === id.duration) duration = unsigned(data, part);
    }
  }
  if (!block) return null;
  const lead = data[block.body] ?? 0, length = Math.clz32(lead) - 23;
  if (!lead || length > 2) return null;
  const number = length === 1 ? lead & 0x7f : (lead & 0x3f) * 256 + (data[block.body + 1] ?? 0);
  const at = block.body + length;
  if (number !== track.number || at + 3 > block.end || data[at + 2]! & 0x06) return null; // laced: no text is
  const offset = whole ? 0 : (data[at]! << 24 | data[at + 1]! << 16) >> 16;
  const bytes = await unpacked(track, data.subarray(at + 3, block.end));
  const start = (time + offset) * file.scale, text = bytes ? shown(track.codec, textOf(bytes)) : '';
  return text.trim() ? { start, end: start + (duration * file.scale || 4), text } : null;
}

export async function unpacked(track: Track, bytes: Uint8Array): Promise<Uint8Array | null> {
  if (track.compression === 'none') return bytes;
  if (track.compression === 'strip') {
    const both = new Uint8Array(track.prefix.length + bytes.length);
    both.set(track.prefix);
    both.set(bytes, track.prefix.length);
    return both;
  }
  const reader = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('deflate')).getReader();
  const out = new Uint8Array(most.text);
  let at = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return out.subarray(0, at);
      if (at + value.length > out.length) { void reader.cancel().catch(() => undefined); return null; }
      out.set(value, at);
      at += value.length;
    }
  } catch {
    return null; // it is not packed as it says
  }
}

/** The text of a block, by what it is written in. A line of SSA has eight fields before its text there. */
function shown(codec: string, text: string): string {
  if (/ASS|SSA/.test(codec)) return plainSSA(text.split(',').slice(8).join(','));
  if (/WEBVTT$/.test(codec)) return text;
  return /WEBVTT/.test(codec) ? text.split('\n').slice(2).join('\n') : plainSRT(text);
}
