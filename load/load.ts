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
  /** From the first call placed to the last one ended. */
  readonly callMs: number;
  /** Of the servers, all together; undefined where they do not tell. */
  readonly usage:
    | {
        readonly before: Usage;
        readonly signedIn: Usage;
        readonly called: Usage;
      }
    | undefined;
  /** Of each worker. */
  readonly strain: readonly Strain[];
}

/**
 * Signs the users in, lets them call, and waits for the last call to end. All that it has started is ended then.
 * @param stopped ends everything at once
 * @throws {LoadError} when there is no server to call at
 */
export async function runLoad(
  options: LoadOptions,
  tell: (line: string) => void = () => {},
  stopped?: AbortSignal,
): Promise<Load> {
  const started: { stop(): Promise<void> }[] = [];
  let isOver = false;
  const keep = <T extends { stop(): Promise<void> }>(one: T): T => {
    started.push(one);
    if (isOver) void one.stop();
    return one;
  };
  const broken = new Promise<never>((_, reject) => {
    const stop = (): void => reject(new LoadError('Broken off.'));
    if (stopped?.aborted) stop();
    stopped?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([broken, run(options, tell, keep)]);
  } finally {
    isOver = true;
    await Promise.all(started.map((one) => one.stop()));
  }
}

async function run(
  options: LoadOptions,
  tell: (line: string) => void,
  keep: <T extends { stop(): Promise<void> }>(one: T) => T,
): Promise<Load> {
  const { tokenSecret } = options;
  const server =
    options.nodes.length === 0
      ? keep(await ServerProcess.start(tokenSecret === undefined ? {} : { tokenSecret }))
      : undefined;
  const nodes = server ? [server.url] : options.nodes;
  const readUsage = (): Promise<Usage | undefined> =>
    server ? Promise.resolve(server.usage()) : usageOf(nodes);

  const before = await readUsage();
  const signInAt = performance.now();
  const source = new URL('worker.ts', import.meta.url);
  const workers = shares(options, nodes).map((share) => keep(Child.start(source, share)));
  await Promise.all(workers.map((worker) => hear(worker, 'signed-in')));
  const signInMs = performance.now() - signInAt;
  tell(`signed in ${options.users} users in ${(signInMs / 1_000).toFixed(1)} s`);

  const signedIn = await readUsage();
  const callAt = performance.now();
  for (const worker of workers) worker.say('call');
  const done = await Promise.all(workers.map((worker) => hear(worker, 'called')));
  const callMs = performance.now() - callAt;
  const called = await readUsage();

  const counts = noCounts();
  for (const word of done) add(counts, word.counts);
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

async function hear<T extends WorkerMessage['type']>(
  worker: Child,
  type: T,
): Promise<Extract<WorkerMessage, { type: T }>> {
  const word = (await worker.next()) as WorkerMessage;
  if (word.type === 'failed') throw new LoadError(`Nobody can sign in: ${word.message}.`);
  if (word.type !== type) throw new Error(`A worker says ${word.type} instead of ${type}.`);
  return word as Extract<WorkerMessage, { type: T }>;
}

/** @returns nothing when one of them does not tell */
async function usageOf(nodes: readonly string[]): Promise<Usage | undefined> {
  const sum = { memory: 0, cpuMs: 0 };
  for (const usage of await Promise.all(nodes.map(usageOfNode))) {
    if (!usage) return undefined;
    sum.memory += usage.memory;
    sum.cpuMs += usage.cpuMs;
  }
  return sum;
}
