import type { Idle } from './idle.js';
import { median, type Series } from './rounds.js';
import type { Row } from './table.js';

const measured = [
  ['call of 4, main thread in a minute', ({ task }: Idle) => task, 'ms'],
  ['call of 4, scripts in a minute', ({ script }: Idle) => script, 'ms'],
  ['call of 4, renders while idle', ({ renders }: Idle) => renders, 'renders'],
] as const;

/** @param series results of the page without the kit first */
export function idleRows(series: readonly Series<Idle>[]): readonly Row[] {
  return measured.flatMap(([what, read, unit]) => {
    const base = median((series[0]?.results ?? []).map(read));
    const counted = unit === 'renders';
    // Only the kit has elements that render.
    const shown = counted ? series.filter(({ name }) => name === 'ringkit') : series;
    return shown.map(({ name, results }, index) => {
      const values = results.map(read);
      return {
        what,
        contestant: name,
        rounds: values.length,
        median: median(values),
        fastest: Math.min(...values),
        slowest: Math.max(...values),
        compared: index === 0 || counted ? '' : `× ${(median(values) / base).toFixed(2)}`,
        goal: counted ? '0' : '',
        reached: counted ? median(values) === 0 : undefined,
        unit,
      };
    });
  });
}
