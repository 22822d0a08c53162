/** Something that is measured again and again, in turn with others. */
export interface Contestant<Result> {
  readonly name: string;
  round(): Promise<Result>;
}

export interface Series<Result> {
  readonly name: string;
  readonly results: readonly Result[];
  /** What went wrong, one sentence for each round that failed. */
  readonly failures: readonly string[];
}

/** Rounds before the first that counts: caches are filled, code is compiled. */
const WARM_UP_ROUNDS = 2;

/** Lets the contestants take turns (A B C, A B C, …), so that what else the machine does hits all of them alike. */
export async function takeTurns<Result>(
  contestants: readonly Contestant<Result>[],
  rounds: number,
  tell: (line: string) => void,
  warmUpRounds = WARM_UP_ROUNDS,
): Promise<readonly Series<Result>[]> {
  const series = contestants.map(({ name }) => ({
    name,
    results: [] as Result[],
    failures: [] as string[],
  }));
  for (let round = 1 - warmUpRounds; round <= rounds; round += 1) {
    for (const [index, contestant] of contestants.entries()) {
      const kept = series[index];
      const what = round < 1 ? 'warm-up' : `round ${round}`;
      try {
        const result = await contestant.round();
        if (round >= 1) kept?.results.push(result);
      } catch (error) {
        const failure = `${contestant.name}, ${what}: ${error instanceof Error ? error.message : String(error)}`;
        kept?.failures.push(failure);
        tell(`✗ ${failure}`);
      }
    }
    tell(round < 1 ? 'warmed up' : `round ${round} of ${rounds}`);
  }
  return series;
}

/** @returns NaN of nothing */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? NaN;
  return sorted.length % 2 ? high : ((sorted[middle - 1] ?? NaN) + high) / 2;
}
