import { median, type Series } from './rounds.js';
import type { Row } from './table.js';

/** Goal: at most this factor of the bare links. */
const GOAL = 1.1;

/** @param series for each size (smallest first), results of the bare links, then of the kit, and of its variants */
export function meshRows(
  series: readonly Series<number>[],
  sizes: readonly number[],
): readonly Row[] {
  const each = series.length / sizes.length;
  return series.flatMap(({ name, results }, index) => {
    // All of its rounds have failed, which is reported below the table.
    if (results.length === 0) return [];
    const bare = series[index - (index % each)];
    const pair = series[index % each];
    const compared = (other: Series<number> | undefined): string =>
      (median(results) / median(other?.results ?? [])).toFixed(2);
    const toBare = index % each === 0 ? '' : `× ${compared(bare)} of bare`;
    const toPair = index < each ? '' : `× ${compared(pair)} of ${sizes[0]}`;
    return {
      what: 'last accept to pictures on all links',
      contestant: name,
      rounds: results.length,
      median: median(results),
      fastest: Math.min(...results),
      slowest: Math.max(...results),
      compared: [toBare, toPair].filter(Boolean).join(', '),
      goal: index % each === 0 ? '' : `≤ × ${GOAL}`,
      reached:
        index % each === 0 ? undefined : median(results) <= GOAL * median(bare?.results ?? []),
    };
  });
}
