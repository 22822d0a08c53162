import { CallError } from '../src/core/index.js';
import { MIX, type Outcome } from './mix.js';

/** A call had another outcome than planned. The message names it in a few words. */
export class Unexpected extends Error {}

export interface OutcomeCount {
  planned: number;
  met: number;
  /** Number of other outcomes, by name. */
  readonly instead: Record<string, number>;
}

/** Results of one worker. Plain data, because it is sent to the parent process. */
export interface Counts {
  readonly outcomes: Record<Outcome, OutcomeCount>;
  /** Number of errors by code. */
  readonly errors: Record<string, number>;
  /** In ms. */
  readonly latencies: Record<'rings' | 'accepts' | 'setUps', number[]>;
  /** Calls that were not placed because too few users were free. */
  notPlaced: number;
}

export function noCounts(): Counts {
  const none = (): OutcomeCount => ({ planned: 0, met: 0, instead: {} });
  return {
    outcomes: Object.fromEntries(MIX.map(({ outcome }) => [outcome, none()])) as Counts['outcomes'],
    errors: {},
    latencies: { rings: [], accepts: [], setUps: [] },
    notPlaced: 0,
  };
}

/** Counts results. */
export class Tally {
  readonly counts = noCounts();

  /** Counts a failure of a command or of the service. */
  fault(error: unknown): void {
    count(this.counts.errors, codeOf(error));
  }

  placed(outcome: Outcome): void {
    this.counts.outcomes[outcome].planned += 1;
  }

  met(outcome: Outcome): void {
    this.counts.outcomes[outcome].met += 1;
  }

  /** Counts a call with another outcome, or that could not be placed. */
  missed(outcome: Outcome, error: unknown): void {
    const unexpected = error instanceof Unexpected;
    if (!unexpected) this.fault(error);
    const what = unexpected ? error.message : codeOf(error);
    count(this.counts.outcomes[outcome].instead, what);
  }
}

/** Adds the results of another worker. */
export function add(sum: Counts, more: Counts): void {
  for (const { outcome } of MIX) {
    const [all, some] = [sum.outcomes[outcome], more.outcomes[outcome]];
    all.planned += some.planned;
    all.met += some.met;
    for (const [what, times] of Object.entries(some.instead)) count(all.instead, what, times);
  }
  for (const [code, times] of Object.entries(more.errors)) count(sum.errors, code, times);
  for (const name of ['rings', 'accepts', 'setUps'] as const) {
    for (const ms of more.latencies[name]) sum.latencies[name].push(ms);
  }
  sum.notPlaced += more.notPlaced;
}

function count(counts: Record<string, number>, name: string, times = 1): void {
  counts[name] = (counts[name] ?? 0) + times;
}

function codeOf(error: unknown): string {
  if (error instanceof CallError) return error.code;
  return error instanceof Error ? error.message : String(error);
}
