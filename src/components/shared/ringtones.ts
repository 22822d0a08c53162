import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { Ringtone } from '../../core/service/call-config.js';

/** A repeated tone, as notes: start in seconds, frequency in hertz, length in seconds. */
export interface Tone {
  readonly seconds: number;
  readonly notes: readonly (readonly [start: number, hertz: number, length: number])[];
  /** Part of the full volume. Default 1. */
  readonly volume?: number;
}

/** Notes of equal length, one after the other. */
const run = (
  at: number,
  step: number,
  length: number,
  ...hertz: readonly number[]
): Tone['notes'] => hertz.map((each, index) => [at + index * step, each, length]);

/** The ringtones of incoming calls, by the name that a page gives in `config.ringtone.incoming`. */
export const RINGTONES = {
  // A rising marimba figure, twice, and a pause.
  'ringkit:marimba': {
    seconds: 3,
    notes: [0, 0.9].flatMap((at) => run(at, 0.15, 0.5, 587, 740, 880, 1_175)),
  },
  // The bell of a desk telephone: two pitches that alternate quickly, twice, and a pause.
  'ringkit:bell': {
    seconds: 4,
    notes: [0, 0.9].flatMap((at) =>
      Array.from({ length: 14 }, (_, i) => [at + i * 0.045, i % 2 ? 1_480 : 1_245, 0.09] as const),
    ),
  },
  // Three falling bells that fade slowly.
  'ringkit:chime': { seconds: 3.5, notes: run(0, 0.45, 1.6, 1_047, 784, 659) },
  // Two short signals.
  'ringkit:pulse': {
    seconds: 2.4,
    notes: [0, 0.55].flatMap((at) => run(at, 0.11, 0.12, 660, 880, 660)),
  },
  // A pentatonic run upwards and back.
  'ringkit:harp': {
    seconds: 3.2,
    notes: run(0, 0.12, 0.9, 523, 587, 659, 784, 880, 1_047, 880, 784, 659, 587),
  },
} as const satisfies Readonly<Record<string, Tone>>;

/** The name of a ringtone of ringkit. */
export type RingtoneName = keyof typeof RINGTONES;

/** The ringtone without a configured one, and if a URL can't be played. */
export const DEFAULT_RINGTONE: Tone = RINGTONES['ringkit:marimba'];

/** The European ringback tone: 425 Hz for one second, and a pause. */
export const RINGBACK: Tone = { seconds: 4, notes: [[0, 425, 1]] };

/** The tone of a second call during a call: two soft signals, and a long pause. */
export const WAITING: Tone = { seconds: 5, notes: run(0, 0.35, 0.2, 440, 440), volume: 0.4 };

export const isRingtoneName = (source: string): source is RingtoneName =>
  Object.hasOwn(RINGTONES, source);

/**
 * Reads the configured ringtone for a call.
 * @param report called with what the page's function has thrown: the default ringtone is used then
 * @returns a URL or name, `false` for silence, or undefined for the default ringtone
 */
export function ringtoneFor(
  ringtone: Ringtone | ((call: CallSnapshot) => Ringtone | undefined) | undefined,
  call: CallSnapshot | undefined,
  report: (error: unknown) => void,
): Ringtone | undefined {
  if (typeof ringtone !== 'function') return ringtone;
  try {
    return call && ringtone(call);
  } catch (error) {
    report(error);
    return undefined;
  }
}
