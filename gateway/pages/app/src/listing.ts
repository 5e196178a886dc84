import type { Page } from './page';
import { withHints } from './page';

/** A file, as ?format=json lists it. */
export interface Entry { path: string[]; size: number; href: string; type: string; symlink?: boolean }

/** A torrent, as ?format=json lists it. */
export interface Listing {
  infohash?: string; infohash_v2?: string; name: string; href: string; size: number;
  piece_length: number; pieces: number; private: boolean; files: Entry[];
}

/** Reads the torrent's list of files. */
export async function listing(page: Page): Promise<Listing> {
  const answer = await fetch(withHints(page, page.base, 'format=json'));
  if (!answer.ok) {
    let why = `${answer.status} ${answer.statusText}`;
    try { why = ((await answer.json()) as { detail?: string }).detail ?? why; } catch { /* a proxy's page */ }
    throw new Error(why);
  }
  return await answer.json() as Listing;
}

export type Kind = 'video' | 'audio' | 'image' | 'subtitle' | 'text' | 'other';

const subtitleTypes = /^(application\/x-subrip|text\/vtt|text\/x-ssa|application\/ttml)/;
const listTypes = /^audio\/(x-mpegurl|x-scpls)/;

const known = new Map<string, Kind>(); // a torrent has many files of few types

export function kindOf(type: string): Kind {
  let kind = known.get(type);
  if (!kind) known.set(type, kind = findKind(type));
  return kind;
}

function findKind(type: string): Kind {
  if (subtitleTypes.test(type)) return 'subtitle';
  if (type.startsWith('video/') && type !== 'video/iso.segment' || /rn-realmedia|application\/mxf/.test(type)) return 'video';
  if (type.startsWith('audio/') && !listTypes.test(type)) return 'audio';
  if (/^image\/(jpeg|png|apng|gif|webp|avif|bmp|svg)/.test(type)) return 'image';
  if (type.startsWith('text/')) return 'text';
  return 'other';
}

/** What a click on a file opens: its page where there is one, else the file. */
export function target(page: Page, f: Entry): string {
  const kind = kindOf(f.type);
  return withHints(page, f.href, kind === 'video' || kind === 'audio' ? 'view=1' : '');
}

export const fileName = (f: Entry): string => f.path[f.path.length - 1] ?? '';
const extra = /(^|[^a-z])(sample|trailer|extras?|featurettes?|proof|rarbg)([^a-z]|$)/i;

/** Whether a film is an extra rather than what the torrent is about. */
export const isExtra = (f: Entry): boolean => extra.test(f.path.slice(1).join('/'));

/** What Play plays: the first part of what is most of the torrent. */
export function mainFile(files: Entry[]): Entry | undefined {
  const films = files.filter((f) => kindOf(f.type) === 'video' && !isExtra(f));
  const largest = films.reduce((most, f) => Math.max(most, f.size), 0);
  return films.find((f) => f.size >= largest / 3) ?? files.find((f) => kindOf(f.type) === 'video') ?? files.find((f) => kindOf(f.type) === 'audio');
}

/** The files that follow each other with this one: of its kind, in its folder; for films, those that are about as long. */
export function companions(files: Entry[], of: Entry): Entry[] {
  const kind = kindOf(of.type), dir = of.path.slice(0, -1).join('/');
  const near = files.filter((f) => kindOf(f.type) === kind && f.path.slice(0, -1).join('/') === dir);
  return near.length > 1 ? near : files.filter((f) => kindOf(f.type) === kind && (f === of || !isExtra(f)));
}
