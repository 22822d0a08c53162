import { afterEach, it } from 'node:test';
import { createCallInvitationService, type CallInvitationService } from '../../src/core/index.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from './call-server.js';
import { eventually } from './eventually.js';
import { RedisServer, withoutRedis } from './redis-server.js';

/** Servers report devices that vanish after this time, in ms. */
export const VANISH_AFTER_MS = 300;

/** Services of devices at real servers, without a browser and without media. They are closed after each test. */
export class ServerDevices {
  readonly #services: CallInvitationService[] = [];
  readonly #stops: (() => Promise<unknown>)[] = [];

  /** To be created in the `describe` that uses it. */
  constructor() {
    afterEach(async () => {
      for (const service of this.#services.splice(0)) service.destroy();
      for (const stop of this.#stops.splice(0)) await stop();
    });
  }

  /** Something to be done after the test, in order. */
  after(...stops: readonly (() => Promise<unknown>)[]): void {
    this.#stops.push(...stops);
  }

  /** A device that connects now. */
  start(userID: string, url: string): CallInvitationService {
    const service = createCallInvitationService({
      user: { userID, userName: userID.toUpperCase() },
      transport: createServerTransport(url),
    });
    this.#services.push(service);
    return service;
  }

  /** A device that is connected and synced. */
  async connect(userID: string, url: string): Promise<CallInvitationService> {
    const service = this.start(userID, url);
    // The call history is ready after the initial sync.
    await eventually(
      async () => service.$callHistoryState.get() !== 'loading',
      `${userID} is connected`,
    );
    return service;
  }

  async server(): Promise<CallServerProcess> {
    const server = await CallServerProcess.start({ vanishAfterMs: VANISH_AFTER_MS });
    this.after(() => server.stop());
    return server;
  }

  /** Defines a test for one server, and one for two nodes with one Redis. @param check gets the URLs of two of them */
  onOneServerAndTwoNodes(
    title: string,
    check: (urls: readonly [string, string]) => Promise<void>,
  ): void {
    it(`${title}, with one server`, async () => {
      const { url } = await this.server();
      await check([url, url]);
    });

    it(`${title}, with two nodes`, { skip: withoutRedis }, async () => {
      const redis = await RedisServer.start();
      const start = () =>
        CallServerProcess.start({ redis: redis.url, vanishAfterMs: VANISH_AFTER_MS });
      const [one, two] = await Promise.all([start(), start()]);
      this.after(
        () => one.stop(),
        () => two.stop(),
        () => redis.stop(),
      );
      await check([one.url, two.url]);
    });
  }
}
