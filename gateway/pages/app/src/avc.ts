// What a container without times of presentation leaves to the stream itself (ITU-T H.264): which picture is shown when.

/** Reads bits of a NAL unit, the bytes that keep start codes out of it left out (7.3.1). */
class Bits {
  private readonly data: Uint8Array;
  private at = 0;

  constructor(nal: Uint8Array) {
    const out = new Uint8Array(Math.min(nal.length, 512)); // headers are within
    let n = 0;
    for (let i = 0, zeros = 0; i < nal.length && n < out.length; i++) {
      const b = nal[i]!;
      if (zeros >= 2 && b === 3) { zeros = 0; continue; }
      zeros = b === 0 ? zeros + 1 : 0;
      out[n++] = b;
    }
    this.data = out.subarray(0, n);
  }

  u(n: number): number {
    let v = 0;
    for (; n > 0; n--, this.at++) v = v * 2 + ((this.data[this.at >> 3] ?? 0) >> (7 - (this.at & 7)) & 1);
    return v;
  }

  /** Exp-Golomb (9.1). */
  ue(): number {
    let zeros = 0;
    while (zeros < 32 && this.at < this.data.length * 8 && this.u(1) === 0) zeros++;
    return 2 ** zeros - 1 + this.u(zeros);
  }

  se(): number { const v = this.ue(); return v & 1 ? (v + 1) / 2 : -v / 2; }
}

/** The NAL units of a picture: behind start codes, or with lengths of four bytes. */
function* nals(data: Uint8Array, lengths: boolean): Generator<Uint8Array> {
  if (lengths) {
    for (let at = 0; at + 4 < data.length;) {
      const size = new DataView(data.buffer, data.byteOffset + at).getUint32(0);
      if (!size || at + 4 + size > data.length) return;
      yield data.subarray(at + 4, at + 4 + size);
      at += 4 + size;
    }
    return;
  }
  let from = -1;
  for (let i = 0; i + 2 < data.length; i++) {
    if (data[i + 2]! > 1) { i += 2; continue; }
    if (data[i] !== 0 || data[i + 1] !== 0 || data[i + 2] !== 1) continue;
    if (from >= 0) yield data.subarray(from, i);
    from = i + 3;
    i += 2;
  }
  if (from >= 0) yield data.subarray(from);
}

/** The sequence parameter set of a description (avcC), or of a picture. */
function sps(data: Uint8Array, description: boolean): Uint8Array | undefined {
  if (description) return data.subarray(8, 8 + (data[6]! << 8 | data[7]!));
  for (const nal of nals(data, false)) if ((nal[0]! & 31) === 7) return nal;
  return undefined;
}

/** The name of the codec with profile and level, of a description (avcC) or the first picture. */
export function avcCodec(data: Uint8Array, description: boolean): string {
  const s = sps(data, description);
  return 'avc1.' + [...(s ?? [0, 0x64, 0, 0x28]).slice(1, 4)].map((b) => b.toString(16).padStart(2, '0')).join('');
}

/** A picture's place among those shown, and what the next one is counted from: the number and the count of the key
 * picture before, and the count of the last reference picture (8.2.1.1). */
export interface Counted { shown: number; base: number; baseCount: number; high: number; low: number }

/** Tells which place among the pictures shown one has. */
export class Order {
  private frameNumberBits = 4;
  private countBits = 0; // of the picture order count; 0: pictures are shown as they come
  private separatePlanes = false;
  private framesOnly = true;
  private step = 2; // between two pictures

  constructor(data: Uint8Array, private readonly described: boolean) {
    const s = sps(data, described);
    if (s) this.read(new Bits(s.subarray(1)));
  }

  /** Reads a sequence parameter set (7.3.2.1.1). */
  private read(b: Bits): void {
    const profile = b.u(8);
    b.u(16);
    b.ue();
    if ([100, 110, 122, 244, 44, 83, 86, 118, 128].includes(profile)) {
      const chroma = b.ue();
      if (chroma === 3) this.separatePlanes = b.u(1) === 1;
      b.ue(); b.ue(); b.u(1);
      if (b.u(1)) for (let i = 0; i < (chroma === 3 ? 12 : 8); i++) if (b.u(1)) scaling(b, i < 6 ? 16 : 64);
    }
    this.frameNumberBits = b.ue() + 4;
    if (b.ue() !== 0) return; // counts of types 1 and 2: hardly any such stream has pictures out of order
    this.countBits = Math.min(16, b.ue() + 4);
    b.ue(); b.u(1); b.ue(); b.ue();
    this.framesOnly = b.u(1) === 1;
  }

  /** The place of the picture that comes as number i, behind another one or as a key picture. */
  shown(i: number, data: Uint8Array, key: boolean, before?: Counted): Counted | undefined {
    const slice = this.countBits ? this.slice(data) : null;
    if (!slice) return undefined;
    const { count } = slice;
    if (key || slice.instant) return { shown: i, base: i, baseCount: count, high: 0, low: count };
    if (!before) return undefined;
    let { high, low } = before;
    const range = 2 ** this.countBits;
    let own = high;
    if (count < low && low - count >= range / 2) own += range;
    else if (count > low && count - low > range / 2) own -= range;
    const apart = own + count - before.baseCount;
    if (apart & 1) this.step = 1;
    if (slice.reference) { high = own; low = count; }
    return { shown: before.base + apart / this.step, base: before.base, baseCount: before.baseCount, high, low };
  }

  /** The count of the first slice of a picture (7.3.3). */
  private slice(data: Uint8Array): { count: number; instant: boolean; reference: boolean } | null {
    for (const nal of nals(data, this.described)) {
      const type = nal[0]! & 31;
      if (type !== 1 && type !== 5) continue;
      const b = new Bits(nal.subarray(1));
      b.ue(); b.ue(); b.ue();
      if (this.separatePlanes) b.u(2);
      b.u(this.frameNumberBits);
      if (!this.framesOnly && b.u(1)) b.u(1);
      if (type === 5) b.ue();
      return { count: b.u(this.countBits), instant: type === 5, reference: (nal[0]! & 0x60) !== 0 };
    }
    return null;
  }
}

function scaling(b: Bits, n: number): void {
  let last = 8, next = 8;
  for (let i = 0; i < n; i++) {
    if (next !== 0) next = (last + b.se() + 256) % 256;
    last = next === 0 ? last : next;
  }
}
