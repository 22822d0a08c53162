import type { LinkStatistics } from './link-statistics.js';

/** Quality of a link: 0 no media, 1 poor, 2 fair, 3 good; undefined while unknown. */
export type Quality = 0 | 1 | 2 | 3 | undefined;

/** Round-trip times in ms: twice the one-way delays of 150 ms (transparent) and 400 ms (limit) of ITU-T G.114. */
const FAIR_ROUND_TRIP_MS = 300;
const POOR_ROUND_TRIP_MS = 800;
/** Fraction of packets lost, in either direction. */
export const FAIR_LOSS = 0.03;
const POOR_LOSS = 0.1;

/** Rates a link by its statistics. */
export function rateLink({
  roundTripMs,
  lossOut = 0,
  lossIn,
}: LinkStatistics): 1 | 2 | 3 | undefined {
  if (roundTripMs === undefined) return undefined;
  const loss = Math.max(lossOut, lossIn);
  if (roundTripMs > POOR_ROUND_TRIP_MS || loss > POOR_LOSS) return 1;
  return roundTripMs > FAIR_ROUND_TRIP_MS || loss > FAIR_LOSS ? 2 : 3;
}
