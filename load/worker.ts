import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Crowd, type CrowdOptions } from './crowd.js';
import type { Counts } from './tally.js';

/*
 * A part of the users, in a process of its own: see load.ts. It ends with its parent.
 */

/** How busy the generator itself was while it called. */
export interface Strain {
  /** How late its timers were, in ms. */
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Part of the time in which it was not idle: 0 to 1. */
  readonly busy: number;
}
/** What it tells, in this order. */
export type WorkerMessage =
  | { readonly type: 'signed-in' }
  | { readonly type: 'called'; readonly counts: Counts; readonly strain: Strain }
  | { readonly type: 'failed'; readonly message: string };

const RESOLUTION_MS = 10;

// A terminal's Ctrl-C comes to all of its processes: the parent decides what ends when.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

const tell = (word: WorkerMessage): void => void process.send?.(word);
const crowd = new Crowd(JSON.parse(process.argv[2] ?? '{}') as CrowdOptions);
try {
  await crowd.signIn();
  tell({ type: 'signed-in' });
} catch (error) {
  tell({ type: 'failed', message: (error as Error).message });
}
process.once('message', () => void callAndTell());

async function callAndTell(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = performance.eventLoopUtilization();
  delay.enable();
  await crowd.call();
  delay.disable();
  // The monitor counts its own interval, too.
  const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const strain = {
    lagP99Ms: lag(delay.percentile(99)),
    lagMaxMs: lag(delay.max),
    busy: performance.eventLoopUtilization(before).utilization,
  };
  tell({ type: 'called', counts: crowd.tally.counts, strain });
}
