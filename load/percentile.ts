/**
 * The smallest value that the given percentage of values do not exceed (nearest rank).
 * @param percent above 0, at most 100
 * @returns NaN for an empty array
 */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}
