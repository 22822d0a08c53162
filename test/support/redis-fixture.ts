import { after, afterEach, before } from 'node:test';
import { silentLogger } from '../../server/observability/logger.js';
import { createRedisBus } from '../../server/routing/redis-bus.js';
import type { PresenceTimes } from '../../server/presence/redis-devices.js';
import { RedisPresence } from '../../server/presence/redis-presence.js';
import { RedisStore } from '../../server/storage/redis-store.js';
import { RedisServer } from './redis-server.js';

let serial = 0;

/** Server nodes in this process that share a Redis, with their own key prefix. */
export class RedisFixture {
  readonly #redis: RedisServer;
  readonly #prefix = `test-${++serial}:`;
  readonly #closing: (() => Promise<void>)[] = [];

  constructor(redis: RedisServer) {
    this.#redis = redis;
  }

  async store(): Promise<RedisStore> {
    const options = { logger: silentLogger, prefix: this.#prefix };
    const store = await RedisStore.open(this.#redis.url, options);
    this.#closing.push(async () => store.close());
    return store;
  }

  async node(times: PresenceTimes = {}) {
    const store = await this.store();
    const presence = await RedisPresence.open(store, silentLogger, times);
    this.#closing.push(() => presence.close());
    const bus = createRedisBus(store, presence);
    /** Registers a connection like the gateway. */
    const join = async (
      deviceID: string,
      ...how: Parameters<typeof bus.subscribe> extends [string, string, ...infer R] ? R : never
    ) => {
      const userID = deviceID.split('-')[0] ?? '';
      const connectionID = `connection-${++serial}`;
      await presence.connect({ userID, userName: userID, deviceID }, connectionID);
      const end = await bus.subscribe(userID, deviceID, ...how);
      return async () => {
        await Promise.all([end(), presence.disconnect({ userID, deviceID }, connectionID)]);
      };
    };
    return { store, presence, bus, join };
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0).reverse()) await close();
  }
}

/**
 * A Redis for the current suite, and fixtures on it that are closed after each test.
 * @param options options of `RedisServer.start`
 */
export function useRedis(options?: Parameters<typeof RedisServer.start>[0]) {
  let server: RedisServer;
  const fixtures: RedisFixture[] = [];
  before(async () => {
    server = await RedisServer.start(options);
  });
  afterEach(async () => {
    for (const fixture of fixtures.splice(0)) await fixture.close();
  });
  after(() => server.stop());
  return {
    get url() {
      return server.url;
    },
    /** Ends Redis like a crash. */
    kill: () => server.kill(),
    startAgain: () => server.startAgain(),
    freeze: () => server.freeze(),
    goOn: () => server.goOn(),
    newFixture: () => {
      const fixture = new RedisFixture(server);
      fixtures.push(fixture);
      return fixture;
    },
  };
}
