import type { CallLoad } from './call-load.js';
import { median, type Series } from './rounds.js';
import type { Row } from './table.js';

const measured = [
  ['CPU of a page in a call', ({ cpu }: CallLoad) => cpu, '%'],
  ['sent by a member', ({ sentKbps }: CallLoad) => sentKbps, 'kbit/s'],
  ['received by a member', ({ receivedKbps }: CallLoad) => receivedKbps, 'kbit/s'],
] as const;

/** @param pairs for each size, results with the send policy, and optionally those without it */
export function callLoadRows(
  pairs: readonly (readonly [Series<CallLoad>, Series<CallLoad>?])[],
): readonly Row[] {
  return measured.flatMap(([what, read, unit]) =>
    pairs.flatMap((pair) =>
      pair.flatMap((series, index) => {
        const values = (series?.results ?? []).map(read);
        // All of its rounds have failed, which is reported below the table.
        if (!series || values.length === 0) return [];
        const other = median((pair[1]?.results ?? []).map(read));
        return {
          what,
          contestant: series.name,
          rounds: values.length,
          median: median(values),
          fastest: Math.min(...values),
          slowest: Math.max(...values),
          compared: index === 0 && pair[1] ? `× ${(median(values) / other).toFixed(2)}` : '',
          goal: '',
          reached: undefined,
          unit,
        };
      }),
    ),
  );
}
