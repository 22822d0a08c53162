import { percentile } from '../../load/percentile.js';
import type { ServerProcess } from '../../load/server-process.js';
import type { Contestant } from '../rounds.js';
import type { StartSystem } from './contestants.js';
import type { Generators } from './generators.js';

export interface Rate {
  /** The highest rate with `p99` below the limit, in invitations per second; 0 if no rate was below it. */
  readonly perSecond: number;
  /** Latency at that rate, in ms. */
  readonly p99: number;
  /** CPU time of the servers for one invitation, in µs. */
  readonly cpuMicros: number;
}

/** Highest acceptable latency, in ms. */
export const MOST_P99_MS = 100;
/** Pairs of users who call each other, in each generator. */
const PAIRS = 50;
/** Numbers of invitations in flight, increased until the latency exceeds the limit. */
const WINDOWS = [32, 64, 128, 256, 512];
const WARM_UP_WINDOW = 64;
const WARM_UP_MS = 1_500;
const STRETCH_MS = 1_200;

export function rateOf(name: string, start: StartSystem, generators: Generators): Contestant<Rate> {
  return {
    name,
    async round() {
      const { nodes, close } = await start();
      try {
        await generators.pair(
          nodes.map(({ url }) => url),
          PAIRS,
        );
        await generators.invite(WARM_UP_WINDOW, WARM_UP_MS);
        return await fastest(nodes, generators);
      } finally {
        await generators.disconnect();
        await close();
      }
    },
  };
}

async function fastest(nodes: readonly ServerProcess[], generators: Generators): Promise<Rate> {
  let best = { perSecond: 0, p99: NaN };
  let invitations = 0;
  let late = 0;
  const before = cpuOf(nodes);
  for (const window of WINDOWS) {
    const stretches = await generators.invite(window, STRETCH_MS);
    const latencies = stretches.flatMap((stretch) => stretch.latencies);
    invitations += latencies.length;
    const perSecond = stretches.reduce(
      (sum, stretch) => sum + (stretch.latencies.length / stretch.ms) * 1_000,
      0,
    );
    const p99 = percentile(latencies, 99);
    const isGood = p99 < MOST_P99_MS;
    if (isGood && perSecond > best.perSecond) best = { perSecond, p99 };
    // A single slow period may be caused by other load on the machine.
    late = isGood ? 0 : late + 1;
    if (late === 2) break;
  }
  return { ...best, cpuMicros: ((cpuOf(nodes) - before) / invitations) * 1_000 };
}

/** CPU time so far, in ms. */
const cpuOf = (nodes: readonly ServerProcess[]): number =>
  nodes.reduce((sum, node) => sum + (node.usage()?.cpuMs ?? NaN), 0);
