// What a browser plays by itself, and what has to be repaired for it, told from a file's first bytes.

import { headOf } from './matroska';
import { Tape } from './ranges';

export type Way = 'native' | 'repair' | 'none';

/** How to begin with a file, and why it cannot be played, if so. What is repaired goes on with the tape that its head is on. */
export interface Plan { way: Way; why?: string; tape?: Tape }

const canPlay = (type: string): boolean => document.createElement('video').canPlayType(type) !== '';
const canSource = (type: string): boolean => 'MediaSource' in window && MediaSource.isTypeSupported(type);

export const can = {
  hevc: (): boolean => canSource('video/mp4; codecs="hvc1.1.6.L93.B0"') || canPlay('video/mp4; codecs="hvc1.1.6.L93.B0"'),
  avc: (): boolean => canSource('video/mp4; codecs="avc1.640028"'),
  matroska: (): boolean => canPlay('video/x-matroska; codecs="avc1.640028"') || canPlay('video/x-matroska') || /Chrom(e|ium)\//.test(navigator.userAgent),
};

/** The sound that no browser, or few, decode: by the names that Matroska and MP4 have for it. */
const sounds = /A_AC3|A_EAC3|A_DTS|A_TRUEHD|A_MLP|A_PCM|A_MPEG\/L2|A_ALAC/;

/** What is said where there is sound alone. */
export const noPicture = 'The picture is in a format that this browser has no decoder for, as HEVC (H.265) often is: there is sound alone.';

const noHEVC = 'The picture is HEVC (H.265), which this browser has no decoder for.';

/** Looks at the head of a file where its type leaves a doubt. A head that does not come is no reason not to try. */
export async function plan(url: string, type: string, signal: AbortSignal): Promise<Plan> {
  if (/video\/(x-ms-|x-flv|mpeg$|dv|mxf|vnd)|rn-realmedia|mxf|x-ms-/.test(type)) {
    return canPlay(type) ? { way: 'native' } : { way: 'none', why: `Browsers do not play this kind of file (${kindName(type)}).` };
  }
  if (type === 'video/mp2t' || type === 'video/x-msvideo') return { way: 'repair' };
  if (/audio\/(ac3|eac3|vnd\.dts)/.test(type)) return { way: 'repair' };
  if (type !== 'video/x-matroska' && type !== 'audio/x-matroska') return { way: 'native' };
  let head = '', tape: Tape | undefined;
  try {
    tape = await Tape.open(url, 0, undefined, signal);
    head = new TextDecoder('latin1').decode(await headOf(tape));
  } catch { /* the player says why */ }
  const decided = planOf(head);
  if (decided.way === 'repair' && tape) return { ...decided, tape };
  tape?.close();
  return decided;
}

/** What the head of a Matroska file says. */
function planOf(head: string): Plan {
  if (/V_MPEGH\/ISO\/HEVC/.test(head) && !can.hevc()) return { way: 'none', why: noHEVC };
  if (/V_MPEG[124]\/?(ISO|\s|$)(?!\/AVC)|V_MS\/VFW|V_REAL/.test(head) && !/V_MPEG4\/ISO\/AVC/.test(head)) return { way: 'none', why: 'The picture is in an old format (MPEG-2, DivX or the like) that browsers have no decoder for.' };
  return { way: sounds.test(head) || !can.matroska() ? 'repair' : 'native' };
}

export function kindName(type: string): string {
  const names: Record<string, string> = { 'video/x-msvideo': 'AVI', 'video/x-ms-wmv': 'Windows Media', 'video/x-flv': 'Flash video', 'video/mpeg': 'MPEG program stream', 'video/x-ms-asf': 'ASF' };
  return names[type] ?? type.split(';')[0]!;
}

/** Why a browser gave up, in words. */
export function whyNot(error: MediaError | null, type: string): string {
  if (error?.code === MediaError.MEDIA_ERR_NETWORK) return 'The file did not arrive: the connection broke off, or nobody in the swarm has it now.';
  if (error?.code === MediaError.MEDIA_ERR_DECODE) return 'The file is damaged, or in a format that this browser decodes wrongly.';
  if (/hevc|h265/i.test(type)) return noHEVC;
  return `This browser does not play this file (${kindName(type)}).`;
}
