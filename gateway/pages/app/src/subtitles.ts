import type { Entry } from './listing';
import { fileName, kindOf } from './listing';

/** Subtitles that a film may be shown with. */
export interface Subtitle { label: string; language: string; url: string; forced: boolean }

const languages: Record<string, string> = {
  english: 'en', eng: 'en', german: 'de', deutsch: 'de', ger: 'de', deu: 'de', french: 'fr', francais: 'fr', fre: 'fr', fra: 'fr', spanish: 'es', espanol: 'es',
  spa: 'es', italian: 'it', ita: 'it', portuguese: 'pt', por: 'pt', brazilian: 'pt-BR', pob: 'pt-BR', russian: 'ru', rus: 'ru', japanese: 'ja', jpn: 'ja',
  chinese: 'zh', chi: 'zh', zho: 'zh', chs: 'zh-Hans', cht: 'zh-Hant', korean: 'ko', kor: 'ko', arabic: 'ar', ara: 'ar', dutch: 'nl', dut: 'nl', nld: 'nl',
  polish: 'pl', pol: 'pl', czech: 'cs', cze: 'cs', ces: 'cs', slovak: 'sk', slo: 'sk', slk: 'sk', hungarian: 'hu', hun: 'hu', romanian: 'ro', rum: 'ro', ron: 'ro',
  turkish: 'tr', tur: 'tr', greek: 'el', gre: 'el', ell: 'el', hebrew: 'he', heb: 'he', swedish: 'sv', swe: 'sv', norwegian: 'no', nor: 'no', danish: 'da', dan: 'da',
  finnish: 'fi', fin: 'fi', ukrainian: 'uk', ukr: 'uk', bulgarian: 'bg', bul: 'bg', croatian: 'hr', hrv: 'hr', serbian: 'sr', srp: 'sr', slovenian: 'sl', slv: 'sl',
  vietnamese: 'vi', vie: 'vi', thai: 'th', tha: 'th', indonesian: 'id', ind: 'id', hindi: 'hi', hin: 'hi', persian: 'fa', farsi: 'fa', per: 'fa', fas: 'fa',
  catalan: 'ca', cat: 'ca', estonian: 'et', est: 'et', latvian: 'lv', lav: 'lv', lithuanian: 'lt', lit: 'lt', malay: 'ms', may: 'ms',
};
const codes = new Set([...Object.values(languages).map((c) => c.slice(0, 2)), 'nb', 'nn', 'is', 'ga', 'cy', 'eu', 'gl', 'mk', 'sq', 'bs', 'ta', 'te', 'bn', 'ur', 'sw']);

/** The language that a part of a file's name says, as a tag; '' if none. */
export function languageOf(words: string): string {
  const parts = words.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  for (let i = parts.length - 1; i >= 0; i--) {
    const part = parts[i]!, before = parts[i - 1];
    if (languages[part]) return languages[part];
    if (part.length === 2 && before && before.length === 2 && codes.has(before)) return `${before}-${part.toUpperCase()}`;
    if (codes.has(part)) return part;
  }
  return '';
}

export function languageName(tag: string): string {
  try {
    return tag && tag !== 'und' ? new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag : '';
  } catch {
    return tag; // of a stranger's file
  }
}

const stem = (s: string): string => s.replace(/\.[^.]{1,5}$/, '').toLowerCase();
const episode = (s: string): string => /s(\d{1,2})\W?e(\d{1,3})|(\d{1,2})x(\d{2,3})/i.exec(s)?.slice(1).filter(Boolean).map(Number).join('x') ?? '';
const folders = /^(subs?|subtitles?|untertitel|legendas?|sous-titres)$/i;

/** The files of subtitles that belong to a film: by their names, and by the folders they are in. */
export function subtitlesOf(files: Entry[], film: Entry, link: (href: string) => string): Subtitle[] {
  const dir = film.path.slice(0, -1), base = stem(fileName(film)), number = episode(base);
  const inDir = (f: Entry) => dir.every((part, i) => f.path[i] === part);
  const films = files.filter((f) => kindOf(f.type) === 'video' && f.path.length === film.path.length && inDir(f)).length;
  const found: (Subtitle & { rank: number })[] = [];
  for (const f of files) {
    if (kindOf(f.type) !== 'subtitle' || !inDir(f)) continue;
    const below = f.path.slice(dir.length, -1), its = stem(fileName(f));
    const ofFolder = below.length > 0 && (below[below.length - 1]?.toLowerCase() === base);
    if (below.length > 0 && !below.every((part) => folders.test(part) || part.toLowerCase() === base)) continue;
    const named = its.startsWith(base) && !/^[\p{L}\p{N}]/u.test(its.slice(base.length));
    const sameEpisode = number !== '' && episode(its) === number;
    if (!named && !ofFolder && !sameEpisode && films > 1) continue;
    const rest = named ? its.slice(base.length) : its;
    const language = languageOf(rest), forced = /forced/.test(rest), sdh = /sdh|hi\b|cc\b/.test(rest);
    const plain = languageName(language) || rest.replace(/^[\W_]+/, '').replace(/[._]+/g, ' ').trim() || 'Subtitles';
    found.push({ label: plain + (forced ? ' (forced)' : sdh ? ' (SDH)' : ''), language, forced, url: link(f.href), rank: named ? 0 : ofFolder || sameEpisode ? 1 : 2 });
  }
  found.sort((a, b) => a.rank - b.rank);
  const used = new Map<string, number>();
  for (const s of found) {
    const n = (used.get(s.label) ?? 0) + 1;
    used.set(s.label, n);
    if (n > 1) s.label += ` ${n}`;
  }
  return found.slice(0, 32);
}

/** A cue as text: what may be markup in its file is text, or one of WebVTT's own few tags. */
export interface Cue { start: number; end: number; text: string }

const maxFile = 4 << 20; // bytes, which bound the cues too
const maxTogether = 32; // cues at one time; some thousands stop a browser for minutes

/** Reads a file of the viewer's own: SRT, WebVTT, or SSA and ASS. */
export async function readSubtitles(file: Blob): Promise<Cue[]> {
  if (file.size > maxFile) throw new Error('This file is too large for subtitles: it has more than 4 MiB.');
  const cues = parseSubtitles(decode(new Uint8Array(await file.arrayBuffer())));
  if (!cues.length) throw new Error('No subtitles can be read in this file.');
  return cues;
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

export function parseSubtitles(text: string): Cue[] {
  text = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  return readable(/^\[(script info|v4\+? styles|events)\]/im.test(text) ? parseSSA(text) : parseSRT(text));
}

/** The cues in order of time, of those at one time as many as can be read. */
function readable(cues: Cue[]): Cue[] {
  const ends = new Float64Array(maxTogether);
  return cues.sort((a, b) => a.start - b.start).filter((c) => {
    const free = ends.findIndex((end) => end <= c.start);
    if (free >= 0) ends[free] = c.end;
    return free >= 0;
  });
}

const clock = (s: string): number => s.trim().replace(',', '.').split(':').reduce((sum, part) => sum * 60 + Number(part), 0);

function parseSRT(text: string): Cue[] {
  const cues: Cue[] = [];
  const lines = text.split('\n');
  for (let i = 0; i < lines.length; i++) {
    const times = /^\s*([\d:.,]{4,16})\s*-->\s*([\d:.,]{4,16})/.exec(lines[i]!);
    if (!times) continue;
    const shown: string[] = [];
    while (i + 1 < lines.length && lines[i + 1]!.trim() !== '') shown.push(lines[++i]!);
    add(cues, clock(times[1]!), clock(times[2]!), plainSRT(shown.join('\n')));
  }
  return cues;
}

/** The text of a cue of SRT without tags and marks that WebVTT does not have. */
export const plainSRT = (text: string): string => text.replace(/<\/?[a-z](?<!<\/?[biu](?=>))[^<>]*>/gi, '').replace(/<(?!\/?[biu]>)/g, '&lt;').replace(/\{\\[^}]*\}/g, '').trim();

function parseSSA(text: string): Cue[] {
  const cues: Cue[] = [];
  let format = ['layer', 'start', 'end', 'style', 'name', 'marginl', 'marginr', 'marginv', 'effect', 'text'];
  for (const line of text.split('\n')) {
    const what = /^(Format|Dialogue):\s*(.*)$/i.exec(line);
    if (!what) continue;
    if (what[1]!.toLowerCase() === 'format') {
      if (/start/i.test(what[2]!)) format = what[2]!.split(',').map((f) => f.trim().toLowerCase());
      continue;
    }
    const fields = what[2]!.split(',');
    const field = (key: string) => fields[format.indexOf(key)] ?? '';
    add(cues, clock(field('start')), clock(field('end')), plainSSA(fields.slice(format.length - 1).join(',')));
  }
  return cues;
}

/** The text of a line of SSA without what is to style it; drawings are none. */
export function plainSSA(text: string): string {
  if (/\{[^}]*\\p[1-9]/.test(text)) return '';
  return text.replace(/\{[^}]*\}/g, '').replace(/\\[Nn]/g, '\n').replace(/\\h/g, ' ').replace(/</g, '&lt;');
}

function add(cues: Cue[], start: number, end: number, text: string): void {
  if (Number.isFinite(start) && end > start && text.trim()) cues.push({ start, end, text: text.trim() });
}
