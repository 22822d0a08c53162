import { Child } from './child.js';
import type { CrowdOptions } from './crowd.js';
import { LoadError } from './load-error.js';
import type { LoadOptions } from './options.js';
import { ServerProcess } from './server-process.js';
import { add, noCounts, type Counts } from './tally.js';
import { usageOfNode, type Usage } from './usage.js';
import type { Strain, WorkerMessage } from './worker.js';

export interface Load {
  readonly counts: Counts;
  readonly signInMs: number;
  /** Time from the first call placed to the end of the last one, in ms. */
  readonly callMs: number;
  /** Resources of all servers together; undefined if a server does not report them. */
  readonly usage:
    | {
        readonly before: Usage;
        readonly signedIn: Usage;
        readonly called: Usage;
      }
    | undefined;
  /** Strain of each worker. */
  readonly strain: readonly Strain[];
}

/**
 * Signs the users in, places calls, and waits for the last call to end. Then it stops everything that it has started.
 * @param stopped aborts everything
 * @throws {LoadError} if no server is available
 */
export async function runLoad(
  options: LoadOptions,
  report: (line: string) => void = () => {},
  stopped?: AbortSignal,
): Promise<Load> {
  const started: { stop(): Promise<void> }[] = [];
  let isOver = false;
  const track = <T extends { stop(): Promise<void> }>(one: T): T => {
    started.push(one);
    if (isOver) void one.stop();
    return one;
  };
  const broken = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new LoadError('Interrupted.'));
    if (stopped?.aborted) stop();
    stopped?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([broken, run(options, report, track)]);
  } finally {
    isOver = true;
    await Promise.all(started.map((one) => one.stop()));
  }
}

async function run(
  options: LoadOptions,
  report: (line: string) => void,
  track: <T extends { stop(): Promise<void> }>(one: T) => T,
): Promise<Load> {
  const { tokenSecret } = options;
  const server =
    options.nodes.length === 0
      ? track(await ServerProcess.start(tokenSecret === undefined ? {} : { tokenSecret }))
      : undefined;
  const nodes = server ? [server.url] : options.nodes;
  const readUsage = (): Promise<Usage | undefined> =>
    server ? Promise.resolve(server.usage()) : usageOf(nodes);

  const before = await readUsage();
  const signInAt = performance.now();
  const source = new URL('worker.ts', import.meta.url);
  const workers = shares(options, nodes).map((share) => track(Child.start(source, share)));
  await Promise.all(workers.map((worker) => receive(worker, 'signed-in')));
  const signInMs = performance.now() - signInAt;
  report(`signed in ${options.users} users in ${(signInMs / 1_000).toFixed(1)} s`);

  const signedIn = await readUsage();
  const callAt = performance.now();
  for (const worker of workers) worker.send('call');
  const done = await Promise.all(workers.map((worker) => receive(worker, 'called')));
  const callMs = performance.now() - callAt;
  const called = await readUsage();

  const counts = noCounts();
  for (const message of done) add(counts, message.counts);
  return {
    counts,
    signInMs,
    callMs,
    usage: before && signedIn && called && { before, signedIn, called },
    strain: done.map(({ strain }) => strain),
  };
}

function shares(options: LoadOptions, nodes: readonly string[]): CrowdOptions[] {
  const { users, workers, callsPerSecond, ...same } = options;
  return Array.from({ length: workers }, (_, index) => ({
    ...same,
    nodes,
    index,
    users: Math.floor(users / workers) + (index < users % workers ? 1 : 0),
    callsPerSecond: callsPerSecond / workers,
  }));
}

async function receive<T extends WorkerMessage['type']>(
  worker: Child,
  type: T,
): Promise<Extract<WorkerMessage, { type: T }>> {
  const message = (await worker.next()) as WorkerMessage;
  if (message.type === 'failed') throw new LoadError(`Signing in failed: ${message.message}.`);
  if (message.type !== type)
    throw new Error(`A worker has sent ${message.type} instead of ${type}.`);
  return message as Extract<WorkerMessage, { type: T }>;
}

/** @returns undefined if one of the nodes does not report its usage */
async function usageOf(nodes: readonly string[]): Promise<Usage | undefined> {
  const sum = { memory: 0, cpuMs: 0 };
  for (const usage of await Promise.all(nodes.map(usageOfNode))) {
    if (!usage) return undefined;
    sum.memory += usage.memory;
    sum.cpuMs += usage.cpuMs;
  }
  return sum;
}
