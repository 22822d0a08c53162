import { CallError } from '../src/core/index.js';
import { MIX, type Outcome } from './mix.js';

/** A call went another way than planned. The message says which one, in a few words. */
export class Unexpected extends Error {}

export interface OutcomeCount {
  planned: number;
  met: number;
  /** What became of the others, and how often. */
  readonly instead: Record<string, number>;
}

/** What one worker has seen. Plain data: it is sent to who counts all of it together. */
export interface Counts {
  readonly outcomes: Record<Outcome, OutcomeCount>;
  /** By code. */
  readonly errors: Record<string, number>;
  /** Each in ms. */
  readonly latencies: Record<'rings' | 'accepts' | 'setUps', number[]>;
  /** Calls that were not placed, since nobody was free. */
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

/** Counts what happens. */
export class Tally {
  readonly counts = noCounts();

  /** A command or the service has failed. */
  fault(error: unknown): void {
    count(this.counts.errors, codeOf(error));
  }

  placed(outcome: Outcome): void {
    this.counts.outcomes[outcome].planned += 1;
  }

  met(outcome: Outcome): void {
    this.counts.outcomes[outcome].met += 1;
  }

  /** The call went another way, or could not even be placed. */
  missed(outcome: Outcome, error: unknown): void {
    const unexpected = error instanceof Unexpected;
    if (!unexpected) this.fault(error);
    const what = unexpected ? error.message : codeOf(error);
    count(this.counts.outcomes[outcome].instead, what);
  }
}

/** Adds what another one has counted. */
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
