// Frames of sound in a stream of bytes that says nothing else of them.

/** Where in some bytes the first frame is, how long it is, and how many samples it has; null if none is there. */
export type Framing = (data: Uint8Array) => { at: number; size: number; samples: number } | null;

const mp3Rates = [[0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448], [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320], [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256], [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]];
const ac3Rates = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];

/** ISO/IEC 11172-3, 2.4.1.3, and 13818-3. */
function mp3(d: Uint8Array, i: number): { size: number; samples: number } | null {
  if (d[i] !== 0xff || (d[i + 1]! & 0xe0) !== 0xe0) return null;
  const version = d[i + 1]! >> 3 & 3, layer = 4 - (d[i + 1]! >> 1 & 3), rate = d[i + 2]! >> 4, frequency = d[i + 2]! >> 2 & 3;
  if (version === 1 || layer === 4 || rate === 0 || rate === 15 || frequency === 3) return null;
  const hertz = [44100, 48000, 32000][frequency]! / (version === 3 ? 1 : version === 2 ? 2 : 4);
  const bits = 1000 * mp3Rates[version === 3 ? layer - 1 : layer === 1 ? 3 : 4]![rate]!, padding = d[i + 2]! >> 1 & 1;
  const samples = layer === 1 ? 384 : layer === 3 && version !== 3 ? 576 : 1152;
  return { size: layer === 1 ? (Math.floor(12 * bits / hertz) + padding) * 4 : Math.floor(samples / 8 * bits / hertz) + padding, samples };
}

/** ETSI TS 102 366, 4.4.1 and annex E. */
function ac3(d: Uint8Array, i: number): { size: number; samples: number } | null {
  if (d[i] !== 0x0b || d[i + 1] !== 0x77) return null;
  const frequency = d[i + 4]! >> 6;
  if (d[i + 5]! >> 3 > 10) return { size: 2 * (((d[i + 2]! & 7) << 8 | d[i + 3]!) + 1), samples: frequency === 3 ? 1536 : [256, 512, 768, 1536][d[i + 4]! >> 4 & 3]! };
  const code = d[i + 4]! & 63, rate = ac3Rates[code >> 1];
  if (frequency === 3 || !rate) return null;
  return { size: [4 * rate, 2 * (Math.floor(320 * rate / 147) + (code & 1)), 6 * rate][frequency]!, samples: 1536 };
}

/** ETSI TS 102 114, 5.4.1: the core. */
function dts(d: Uint8Array, i: number): { size: number; samples: number } | null {
  if (d[i] !== 0x7f || d[i + 1] !== 0xfe || d[i + 2] !== 0x80 || d[i + 3] !== 0x01) return null;
  return { size: ((d[i + 5]! & 3) << 12 | d[i + 6]! << 4 | d[i + 7]! >> 4) + 1, samples: 32 * (((d[i + 4]! & 1) << 6 | d[i + 5]! >> 2) + 1) };
}

/** ISO/IEC 14496-3, 1.A.2.2. */
function adts(d: Uint8Array, i: number): { size: number; samples: number } | null {
  if (d[i] !== 0xff || (d[i + 1]! & 0xf6) !== 0xf0) return null;
  return { size: (d[i + 3]! & 3) << 11 | d[i + 4]! << 3 | d[i + 5]! >> 5, samples: 1024 };
}

const least = 10; // bytes of the longest of these headers

/** The first frame that is followed by another one, or by the end of what is there. */
const first = (header: typeof mp3): Framing => (data) => {
  for (let at = 0; at + least <= data.length; at++) {
    const found = header(data, at);
    if (!found || found.size < 7) continue;
    const next = at + found.size;
    if (next + least <= data.length && !header(data, next)) continue; // it only looked like one
    return { at, ...found };
  }
  return null;
};

/** RFC 9639, 9.1: samples of a frame of FLAC. */
function flac(d: Uint8Array): number {
  if (d[0] !== 0xff || (d[1]! & 0xfe) !== 0xf8) return 0;
  const code = d[2]! >> 4, number = Math.max(1, Math.clz32(~(d[4]! << 24))); // bytes of the frame's number, as in UTF-8
  if (code === 6) return (d[4 + number] ?? 0) + 1;
  if (code === 7) return ((d[4 + number] ?? 0) << 8 | (d[5 + number] ?? 0)) + 1;
  return code === 1 ? 192 : code < 6 ? 576 << code - 2 : 256 << code - 8;
}

/** RFC 6716, 3.1 and 3.2: seconds of a packet of Opus. */
function opus(d: Uint8Array): number {
  const config = d[0]! >> 3, count = [1, 2, 2, (d[1] ?? 0) & 63][d[0]! & 3]!;
  return count * (config < 12 ? [10, 20, 40, 60][config & 3]! : config < 16 ? [10, 20][config & 1]! : [2.5, 5, 10, 20][config & 3]!) / 1000;
}

/** How many seconds a frame of a Matroska track of sound lasts, by the name of its codec (RFC 9559) and its samples a second; 0 if it does not tell. */
export function lasts(codec: string, frame: Uint8Array, rate: number): number {
  if (!frame.length) return 0;
  if (codec.startsWith('A_OPUS')) return opus(frame);
  if (codec.startsWith('A_FLAC')) return flac(frame) / rate;
  if (codec.startsWith('A_AAC')) return 1024 / rate;
  const name = /AC3/.test(codec) ? 'ac3' : /DTS/.test(codec) ? 'dts' : /MPEG/.test(codec) ? 'mp3' : '';
  return (framings[name]?.(frame)?.samples ?? 0) / rate;
}

export const framings: Record<string, Framing> = { mp3: first(mp3), ac3: first(ac3), eac3: first(ac3), dts: first(dts), adts: first(adts) };
