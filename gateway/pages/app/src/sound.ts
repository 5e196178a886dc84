// Sound that no browser decodes, encoded anew: decoded samples in, encoded chunks out.
import type { AudioSample } from 'mediabunny';

const rate = 48_000, channels = 2;

export interface Encoding { codec: 'opus' | 'aac'; mime: string; config: AudioEncoderConfig }

/** What this browser both encodes and plays from a media source. */
export async function encoding(): Promise<Encoding | null> {
  if (!('AudioEncoder' in window)) return null;
  const all: Encoding[] = [
    { codec: 'opus', mime: 'audio/mp4; codecs="opus"', config: { codec: 'opus', sampleRate: rate, numberOfChannels: channels, bitrate: 160_000 } },
    { codec: 'aac', mime: 'audio/mp4; codecs="mp4a.40.2"', config: { codec: 'mp4a.40.2', sampleRate: rate, numberOfChannels: channels, bitrate: 192_000 } },
  ];
  for (const e of all) {
    if (!MediaSource.isTypeSupported(e.mime)) continue;
    try {
      if ((await AudioEncoder.isConfigSupported(e.config)).supported) return e;
    } catch { /* a codec that it does not know */ }
  }
  return null;
}

/** Two channels at 48 kHz out of any number at any rate. The order of channels is left, right, centre, low, then those behind. */
export class Mixer {
  private position = 0; // of the next sample out, in samples in
  private last = [0, 0];

  mix(sample: AudioSample): AudioData | null {
    const n = sample.numberOfFrames, count = sample.numberOfChannels;
    const planes: Float32Array[] = [];
    for (let c = 0; c < count; c++) {
      const plane = new Float32Array(n);
      sample.copyTo(plane, { planeIndex: c, format: 'f32-planar' });
      planes.push(plane);
    }
    const mixed = [this.side(planes, 0, n), this.side(planes, 1, n)];
    const out = sample.sampleRate === rate ? mixed : this.resample(mixed, sample.sampleRate / rate);
    const frames = out[0]!.length;
    if (!frames) return null;
    const data = new Float32Array(frames * channels);
    data.set(out[0]!, 0);
    data.set(out[1]!, frames);
    return new AudioData({ format: 'f32-planar', sampleRate: rate, numberOfFrames: frames, numberOfChannels: channels, timestamp: Math.round(sample.timestamp * 1e6), data });
  }

  private side(planes: Float32Array[], side: 0 | 1, n: number): Float32Array {
    const own = planes[Math.min(side, planes.length - 1)]!;
    if (planes.length <= 2) return own;
    const centre = planes[2]!, behind = planes.slice(4).filter((_, i) => i % 2 === side);
    const out = new Float32Array(n);
    for (let i = 0; i < n; i++) {
      let v = own[i]! + 0.707 * centre[i]!;
      for (const p of behind) v += 0.707 * p[i]!;
      out[i] = Math.max(-1, Math.min(1, v * 0.6));
    }
    return out;
  }

  private resample(planes: Float32Array[], step: number): Float32Array[] {
    const n = planes[0]!.length, frames = Math.max(0, Math.floor((n - 1 - this.position) / step) + 1);
    const out = planes.map((plane, c) => {
      const resampled = new Float32Array(frames);
      for (let i = 0; i < frames; i++) {
        const at = this.position + i * step, low = Math.floor(at), part = at - low;
        const a = low < 0 ? this.last[c]! : plane[low]!, b = plane[Math.min(low + 1, n - 1)]!;
        resampled[i] = a + (b - a) * part;
      }
      this.last[c] = plane[n - 1]!;
      return resampled;
    });
    this.position += frames * step - n;
    return out;
  }
}
