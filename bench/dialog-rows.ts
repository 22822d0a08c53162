import { median, type Series } from './rounds.js';
import type { Row } from './table.js';

/** Goal: at most one frame at 60 frames per second more than the baseline, in ms. */
const GOAL_MS = 17;

/** @param series results of the baseline, then of the kit */
export function dialogRows(series: readonly Series<number>[]): readonly Row[] {
  const base = median(series[0]?.results ?? []);
  return series.map(({ name, results }, index) => {
    const more = median(results) - base;
    return {
      what: 'send() to the dialog painted',
      contestant: name,
      rounds: results.length,
      median: median(results),
      fastest: Math.min(...results),
      slowest: Math.max(...results),
      compared: index === 0 ? '' : `${more < 0 ? '−' : '+'} ${Math.abs(more).toFixed(1)} ms`,
      goal: index === 0 ? '' : `≤ + ${GOAL_MS} ms`,
      reached: index === 0 ? undefined : more <= GOAL_MS,
    };
  });
}
