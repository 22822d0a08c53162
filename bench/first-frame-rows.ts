import type { FirstFrames } from './first-frame.js';
import { median, type Series } from './rounds.js';
import type { Row } from './table.js';

/** Goal: at most this factor of the baseline. */
const GOAL = 1.05;

const measured = [
  ['first frame decoded, callee', ({ callee }: FirstFrames) => callee.decoded, true],
  ['first frame decoded, caller', ({ caller }: FirstFrames) => caller.decoded, true],
  ['first frame shown, callee', ({ callee }: FirstFrames) => callee.shown, false],
  ['first frame shown, caller', ({ caller }: FirstFrames) => caller.shown, false],
] as const;

/** @param series results of the baseline, of the kit, then of others */
export function firstFrameRows(series: readonly Series<FirstFrames>[]): readonly Row[] {
  return measured.flatMap(([what, read, hasGoal]) => {
    const base = median((series[0]?.results ?? []).map(read));
    return series.map(({ name, results }, index) => {
      const times = results.map(read);
      const ratio = median(times) / base;
      const hasOwnGoal = hasGoal && name === 'ringkit';
      return {
        what,
        contestant: name,
        rounds: times.length,
        median: median(times),
        fastest: Math.min(...times),
        slowest: Math.max(...times),
        compared: index === 0 ? '' : `× ${ratio.toFixed(2)}`,
        goal: hasOwnGoal ? `≤ × ${GOAL}` : '',
        reached: hasOwnGoal ? ratio <= GOAL : undefined,
      };
    });
  });
}
