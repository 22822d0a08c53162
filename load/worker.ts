import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { Crowd, type CrowdOptions } from './crowd.js';
import type { Counts } from './tally.js';

/*
 * A part of the users, in a separate process; see load.ts. It exits with its parent.
 */

/** How busy the generator was during the calls. */
export interface Strain {
  /** Delay of its event loop, in ms. */
  readonly lagP99Ms: number;
  readonly lagMaxMs: number;
  /** Share of the time in which its event loop was busy, from 0 to 1. */
  readonly busy: number;
}
/** Messages to the parent, in this order. */
export type WorkerMessage =
  | { readonly type: 'signed-in' }
  | { readonly type: 'called'; readonly counts: Counts; readonly strain: Strain }
  | { readonly type: 'failed'; readonly message: string };

const RESOLUTION_MS = 10;

// Ctrl-C in a terminal reaches all processes: the parent decides when this one exits.
process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());

const send = (message: WorkerMessage): void => void process.send?.(message);
const crowd = new Crowd(JSON.parse(process.argv[2] ?? '{}') as CrowdOptions);
try {
  await crowd.signIn();
  send({ type: 'signed-in' });
} catch (error) {
  send({ type: 'failed', message: (error as Error).message });
}
process.once('message', () => void placeCalls());

async function placeCalls(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const before = performance.eventLoopUtilization();
  delay.enable();
  await crowd.call();
  delay.disable();
  // The monitor includes its own interval.
  const lag = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS);
  const strain = {
    lagP99Ms: lag(delay.percentile(99)),
    lagMaxMs: lag(delay.max),
    busy: performance.eventLoopUtilization(before).utilization,
  };
  send({ type: 'called', counts: crowd.tally.counts, strain });
}
