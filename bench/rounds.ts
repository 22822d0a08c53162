/** Something that is measured repeatedly, in turn with others. */
export interface Contestant<Result> {
  readonly name: string;
  round(): Promise<Result>;
}

export interface Series<Result> {
  readonly name: string;
  readonly results: readonly Result[];
  /** One sentence for each round that failed. */
  readonly failures: readonly string[];
}

/** Rounds that do not count: they fill caches and compile code. */
const WARM_UP_ROUNDS = 2;

/** Runs the contestants in turn (A B C, A B C, …), so that other load on the machine affects all of them alike. */
export async function takeTurns<Result>(
  contestants: readonly Contestant<Result>[],
  rounds: number,
  report: (line: string) => void,
  warmUpRounds = WARM_UP_ROUNDS,
): Promise<readonly Series<Result>[]> {
  const series = contestants.map(({ name }) => ({
    name,
    results: [] as Result[],
    failures: [] as string[],
  }));
  for (let round = 1 - warmUpRounds; round <= rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const own = series[index];
      const what = round < 1 ? 'warm-up' : `round ${round}`;
      try {
        const result = await contestant.round();
        if (round >= 1) own?.results.push(result);
        if (typeof result === 'number') report(`  ${contestant.name}: ${result.toFixed(0)} ms`);
      } catch (error) {
        const failure = `${contestant.name}, ${what}: ${error instanceof Error ? error.message : String(error)}`;
        own?.failures.push(failure);
        report(`✗ ${failure}`);
      }
    }
    report(round < 1 ? 'warmed up' : `round ${round} of ${rounds}`);
  }
  return series;
}

/** @returns NaN for an empty array */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}
