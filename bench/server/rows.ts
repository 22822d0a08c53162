import { median, type Series } from '../rounds.js';
import type { Row } from '../table.js';
import type { Rate } from './rate.js';

/** Goal: at most this factor of the memory of the bare relay. */
const MEMORY_GOAL = 1.25;
/** Goal: at least this factor of the rate of the compared contestant. */
const RATE_GOAL = 0.8;

interface Comparison {
  /** Index of the contestant to compare with. */
  readonly to: number;
  readonly as: string;
  readonly goal?: boolean;
}

/** @param series results of the bare relay first */
export function memoryRows(series: readonly Series<number>[], connections: number): Row[] {
  const base = median(series[0]?.results ?? []);
  return series.map(({ name, results }, index) => {
    const ratio = median(results) / base;
    return {
      ...spread(results),
      what: `memory of a connection, at ${connections}`,
      contestant: name,
      compared: index === 0 ? '' : `× ${ratio.toFixed(2)} of bare`,
      goal: index === 0 ? '' : `≤ × ${MEMORY_GOAL}`,
      reached: index === 0 ? undefined : ratio <= MEMORY_GOAL,
      unit: 'kB',
    };
  });
}

/** @param comparisons comparison of each series, by index */
export function rateRows(
  series: readonly Series<Rate>[],
  comparisons: readonly (Comparison | undefined)[],
): Row[] {
  const perSecond = ({ results }: Series<Rate>): number[] => results.map((rate) => rate.perSecond);
  const rates = series.map((one, index) => {
    const comparison = comparisons[index];
    const other = comparison && series[comparison.to];
    const ratio = other ? median(perSecond(one)) / median(perSecond(other)) : NaN;
    return {
      ...spread(perSecond(one)),
      what: 'invitations per second, p99 < 100 ms',
      contestant: one.name,
      compared: comparison ? `× ${ratio.toFixed(2)} of ${comparison.as}` : '',
      goal: comparison?.goal ? `≥ × ${RATE_GOAL}` : '',
      reached: comparison?.goal ? ratio >= RATE_GOAL : undefined,
      unit: '/s',
    };
  });
  const others = [
    ['p99 at that rate', ({ p99 }: Rate) => p99, 'ms'],
    ["servers' CPU per invitation", ({ cpuMicros }: Rate) => cpuMicros, 'µs'],
  ] as const;
  return [
    ...rates,
    ...others.flatMap(([what, read, unit]) =>
      series.flatMap(({ name, results }) => {
        // A round in which every rate was too high has no p99.
        const values = results.map(read).filter((value) => !Number.isNaN(value));
        const row = { what, contestant: name, compared: '', goal: '', reached: undefined, unit };
        return values.length > 0 ? [{ ...spread(values), ...row }] : [];
      }),
    ),
  ];
}

function spread(values: readonly number[]) {
  return {
    rounds: values.length,
    median: median(values),
    fastest: Math.min(...values),
    slowest: Math.max(...values),
  };
}
