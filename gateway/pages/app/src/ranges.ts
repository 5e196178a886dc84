// Parts of a file by its URL, as a reader of containers needs them.

/** Ranges are kept out of the browser's cache: Chromium lets one request at a time write the entry of a URL there, and
 * has others of the same URL wait for it, for as long as 20 s. */
export const uncached: RequestInit = { cache: 'no-store' };

/** Reads up to length bytes of a file from a place; fewer where it ends. */
export async function range(url: string, from: number, length: number, signal: AbortSignal): Promise<Uint8Array> {
  const answer = await fetch(url, { headers: { Range: `bytes=${from}-${from + length - 1}` }, signal, ...uncached });
  if (answer.status === 416) return new Uint8Array(0);
  if (answer.status !== 206 && !(answer.ok && from === 0)) throw new Error(`The file cannot be read: ${answer.status} ${answer.statusText}`);
  const out = new Uint8Array(length);
  let at = 0;
  for await (const chunk of chunks(answer)) {
    out.set(chunk.subarray(0, length - at), at);
    at += Math.min(chunk.length, length - at);
    if (at === length) break;
  }
  return out.subarray(0, at);
}

/** The body of an answer as it comes. What is not read of it is given up. */
async function* chunks(answer: Response): AsyncGenerator<Uint8Array, void, unknown> {
  const reader = answer.body?.getReader();
  if (!reader) return;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

/** A file read from one place on. */
export class Tape {
  private held = new Uint8Array(0);

  private constructor(private readonly source: AsyncGenerator<Uint8Array, void, unknown>, public at: number, private readonly stop: () => void) {}

  static async open(url: string, from: number, to: number | undefined, signal: AbortSignal): Promise<Tape> {
    const request = new AbortController(), end = () => request.abort();
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    const stop = () => { signal.removeEventListener('abort', end); end(); };
    try {
      const answer = await fetch(url, { headers: { Range: `bytes=${from}-${to ? to - 1 : ''}` }, signal: request.signal, ...uncached });
      if (answer.status !== 206) throw new Error(`The file cannot be read: ${answer.status} ${answer.statusText}`);
      return new Tape(chunks(answer), from, stop);
    } catch (e) {
      stop();
      throw e;
    }
  }

  /** The next n bytes without going on, or fewer where the file ends. */
  async peek(n: number): Promise<Uint8Array> {
    while (this.held.length < n) {
      const { value, done } = await this.source.next();
      if (done || !value) break;
      const both = new Uint8Array(this.held.length + value.length);
      both.set(this.held);
      both.set(value, this.held.length);
      this.held = both;
    }
    return this.held.subarray(0, n);
  }

  /** Goes on by n bytes; false where the file ends before. */
  async skip(n: number): Promise<boolean> {
    this.at += n;
    while (n > this.held.length) {
      n -= this.held.length;
      const { value, done } = await this.source.next();
      if (done || !value) { this.held = new Uint8Array(0); return false; }
      this.held = new Uint8Array(value);
    }
    this.held = this.held.subarray(n);
    return true;
  }

  /** Gives the request up at once, whoever waits for what it brings. */
  close(): void { this.stop(); }
}
