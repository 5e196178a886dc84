// What this browser remembers. Nothing of it leaves the browser.

/** A torrent that was opened. */
export interface Recent { hash: string; name: string; href: string; at: number }

/** Where a file was left, in seconds. */
export interface Place { at: number; of: number; when: number }

const recentKey = 'btgw.recent', placesKey = 'btgw.places', settingsKey = 'btgw.settings';
const maxRecent = 24, maxPlaces = 500;

function read<T>(key: string, empty: T): T {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '') as T ?? empty;
  } catch {
    return empty; // no storage, or not ours
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch { /* full, or private browsing */ }
}

export function recent(): Recent[] {
  const list = read<Recent[]>(recentKey, []);
  return Array.isArray(list) ? list.filter((r) => r && typeof r.href === 'string' && typeof r.name === 'string') : [];
}

export function remember(r: Omit<Recent, 'at'>): void {
  write(recentKey, [{ ...r, at: Date.now() }, ...recent().filter((old) => old.hash !== r.hash)].slice(0, maxRecent));
}

export function forget(hash?: string): void {
  write(recentKey, hash ? recent().filter((r) => r.hash !== hash) : []);
  if (!hash) write(placesKey, {});
}

export const places = (): Record<string, Place> => read<Record<string, Place>>(placesKey, {});

export function leave(path: string, at: number, of: number): void {
  const all = places();
  all[path] = { at, of, when: Date.now() };
  const kept = Object.entries(all).sort((a, b) => b[1].when - a[1].when).slice(0, maxPlaces);
  write(placesKey, Object.fromEntries(kept));
}

/** Whether a place is so near the end that the file counts as seen. */
export const seen = (p: Place | undefined): boolean => !!p && p.of > 0 && p.at >= p.of * 0.93;

export interface Settings { subtitles?: string; volume?: number; rate?: number }
export const settings = (): Settings => read<Settings>(settingsKey, {});
export const set = (change: Settings): void => write(settingsKey, { ...settings(), ...change });
