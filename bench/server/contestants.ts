import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ServerProcess } from '../../load/server-process.js';
import { RedisServer } from '../../test/support/redis-server.js';

/** Servers that are measured as one system, started for each round. */
export interface System {
  /** The processes of the servers, without Redis. */
  readonly nodes: readonly ServerProcess[];
  close(): Promise<void>;
}

export type StartSystem = () => Promise<System>;

const FLAGS = ['--expose-gc'];
const relay = new URL('relay.ts', import.meta.url);

const alone = async (node: Promise<ServerProcess>): Promise<System> => {
  const started = await node;
  return { nodes: [started], close: () => started.stop() };
};

export const bareRelay: StartSystem = () => alone(ServerProcess.start({}, relay, FLAGS));

export const inMemory: StartSystem = () => alone(ServerProcess.start({}, undefined, FLAGS));

export const withoutInbox: StartSystem = () =>
  alone(ServerProcess.start({ withoutInbox: true }, undefined, FLAGS));

export const withDataFolder: StartSystem = async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'ringkit-bench-'));
  const remove = (): void => rmSync(dataDir, { recursive: true, force: true });
  // Also if the benchmark is interrupted.
  process.once('exit', remove);
  const system = await alone(ServerProcess.start({ dataDir }, undefined, FLAGS));
  return {
    ...system,
    async close() {
      await system.close();
      remove();
      process.off('exit', remove);
    },
  };
};

export const withRedis =
  (count: number): StartSystem =>
  async () => {
    const redis = await RedisServer.start();
    const start = (): Promise<ServerProcess> =>
      ServerProcess.start({ redis: redis.url }, undefined, FLAGS);
    const nodes = await Promise.all(Array.from({ length: count }, start));
    return {
      nodes,
      async close() {
        await Promise.all(nodes.map((node) => node.stop()));
        await redis.stop();
      },
    };
  };
