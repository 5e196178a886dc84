/** Bytes with a unit of 1024. */
export function size(n: number): string {
  if (n < 1024) return `${n} B`;
  let unit = -1;
  while (n >= 1023.95 && unit < 5) { n /= 1024; unit++; }
  return `${n.toFixed(1)} ${'KMGTPE'[unit]}iB`;
}

/** Bytes a second. */
export const rate = (n: number): string => `${size(Math.round(n))}/s`;

/** Seconds as h:mm:ss. */
export function time(s: number): string {
  s = Math.max(0, Math.floor(s));
  const two = (n: number) => String(n).padStart(2, '0');
  const [hours, minutes, seconds] = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
}

/** "1 file", "2 files". */
export const count = (n: number, one: string, many = one + 's'): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** An absolute difference of time in seconds, in words for a list. */
export function ago(seconds: number): string {
  if (seconds < 90) return 'just now';
  if (seconds < 5400) return `${Math.round(seconds / 60)} minutes ago`;
  if (seconds < 129600) return `${Math.round(seconds / 3600)} hours ago`;
  return `${Math.round(seconds / 86400)} days ago`;
}
