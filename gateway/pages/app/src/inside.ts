// What there is in a film besides picture and sound: texts and chapters. Only indexes and what they point at are
// read; a file that has none is not read whole.
import { matroska } from './matroska';
import { mp4 } from './mp4';
import { range } from './ranges';
import type { Cue } from './subtitles';

/** A chapter, its start in seconds. */
export interface Chapter { start: number; title: string }

/** A track of subtitles in a film. */
export interface Text {
  language: string;
  name: string;
  forced: boolean;
  why?: string; // it cannot be shown
  /** The cues that begin in a stretch of time, in seconds. */
  between(from: number, to: number, signal: AbortSignal): Promise<Cue[]>;
}

export interface Inside { texts: Text[]; chapters: Chapter[] }

/** Reads up to length bytes from a place. */
export type Read = (from: number, length: number, signal?: AbortSignal) => Promise<Uint8Array>;

/** At most so many are taken from a file, whatever it says. */
export const most = { texts: 64, chapters: 1000, cues: 500, element: 1 << 20, index: 16 << 20, text: 64 << 10, entries: 200_000 };

/** Looks at the head of a file. A kind that has nothing, or that is not known, has nothing inside. */
export async function inside(url: string, signal: AbortSignal): Promise<Inside> {
  const read: Read = (from, length, s = signal) => range(url, from, length, s);
  const head = await read(0, 64 << 10);
  const found = head[0] === 0x1a && head[1] === 0x45 ? await matroska(url, head, read)
    : String.fromCharCode(...head.subarray(4, 8)) === 'ftyp' ? await mp4(ahead(read)) : { texts: [], chapters: [] };
  return { texts: found.texts.slice(0, most.texts), chapters: chapters(found.chapters) };
}

/** Reads more than is asked for, as what is small lies side by side in headers. */
function ahead(read: Read): Read {
  let from = 0, held = new Uint8Array(0);
  return async (at, length, signal) => {
    if (length > 4096) return read(at, length, signal);
    if (at < from || at + length > from + held.length) { held = new Uint8Array(await read(at, 16 << 10, signal)); from = at; }
    return held.subarray(at - from, at - from + length);
  };
}

/** In order, each with a title and no two at one time. */
function chapters(list: Chapter[]): Chapter[] {
  const sorted = list.filter((c) => Number.isFinite(c.start) && c.start >= 0).sort((a, b) => a.start - b.start);
  const kept = sorted.filter((c, i) => i === 0 || c.start > sorted[i - 1]!.start).slice(0, most.chapters);
  return kept.length < 2 ? [] : kept.map((c, i) => ({ start: c.start, title: c.title.slice(0, 300).trim() || `Chapter ${i + 1}` }));
}

/** Text of bytes, at most so much of them as is of use. */
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes.subarray(0, most.text)).replace(/\0+$/, '');
