import { authenticateJwt, createCallServer, type CallServerOptions } from '../../server/index.js';
import { InvitationService } from '../../src/core/service/invitation-service.js';
import type { CallConfig } from '../../src/core/service/call-config.js';
import { createMissedCalls } from '../../src/core/missed-calls/missed-call-manager.js';
import { CallError } from '../../src/core/service/call-error.js';
import { systemClock } from '../../src/core/clock/system-clock.js';
import { createMemoryStorage } from '../../src/core/storage/memory-storage.js';
import type { SignalTransport } from '../../src/core/ports/signal-transport.js';
import type { Clock } from '../../src/core/ports/clock.js';
import { createMemoryNetwork } from '../../src/core/transports/memory.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { eventually } from './eventually.js';
import { createFakeClock } from './fake-clock.js';
import { createFakeNotifier } from './fake-notifier.js';
import { HonestPerson, ObservedTransport } from './honest-person.js';
import { createLinkingMedia } from './linking-media.js';
import { LyingClient, type RawWire } from './lying-client.js';
import { RedisServer, withoutRedis } from './redis-server.js';
import { TOKEN_SECRET, tokenFor } from './tokens.js';
import { UNLIMITED } from './unlimited.js';
import { createMessage, WireClient } from './wire-client.js';

/** Test fixture with honest users, who run the real core, and malicious clients, on one network. */
export interface AttackFixture {
  person(userID: string, config?: CallConfig): Promise<HonestPerson>;
  /**
   * @param deviceID default: the first device of the user
   * @throws if the server rejects the connection
   */
  liar(userID: string, deviceID?: string): Promise<LyingClient>;
  /** Resolves when all sent messages, and the responses to them, have been handled. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

const nameOf = (userID: string): string => userID.replace(/^./, (first) => first.toUpperCase());

function createPerson(
  userID: string,
  wire: SignalTransport,
  more: { clock: Clock; config: CallConfig; token?: () => Promise<string> },
): HonestPerson {
  const { clock, config, token } = more;
  const transport = new ObservedTransport(wire);
  const media = createLinkingMedia(userID);
  const service = new InvitationService({
    ...{ clock, media, config: () => config },
    missedCalls: (host) =>
      createMissedCalls(host, {
        ...{ storage: createMemoryStorage(), notifier: createFakeNotifier(), clock },
        subscriptions: undefined,
        fault: (code, message) => new CallError(code, message),
      }),
  });
  const person = new HonestPerson(userID, { service, transport, media });
  const user = { userID, userName: nameOf(userID) };
  service.start({ user, transport, ...(token && { token }) });
  return person;
}

/** A network that stamps messages with their sender and relays everything: devices have only their own checks. */
export function openRelayFixture(): Promise<AttackFixture> {
  const clock = createFakeClock();
  const network = createMemoryNetwork({ now: () => clock.now() });
  const people: HonestPerson[] = [];
  const fixture: AttackFixture = {
    async person(userID, config = {}) {
      const person = createPerson(userID, network.transport(), { clock, config });
      people.push(person);
      await person.isConnected();
      return person;
    },
    async liar(userID, deviceID = `${userID}-1`) {
      const transport = network.transport();
      const received: Record<string, unknown>[] = [];
      const checks = new Set<() => void>();
      transport.open({ userID, userName: nameOf(userID), deviceID }, (event) => {
        if (event.type !== 'message') return;
        received.push(event.message as Record<string, unknown>);
        for (const check of checks) check();
      });
      await clock.settle();
      const wire: RawWire = {
        received,
        send: (message) => transport.send(message as never),
        listen: (check) => {
          checks.add(check);
          return () => checks.delete(check);
        },
        close: () => transport.close(),
      };
      return new LyingClient(wire, userID, deviceID);
    },
    settle: () => clock.settle(),
    async close() {
      for (const { service } of people) service.destroy();
    },
  };
  return Promise.resolve(fixture);
}

/**
 * Two nodes with one Redis, which is empty at first and is stopped with the fixture. Liars are connected to another
 * node than everybody else, so what a node knows by itself does not protect their victims.
 */
export async function openRedisFixture(options: ServerOptions = {}): Promise<ServerFixture> {
  const redis = await RedisServer.start();
  return ServerFixture.open({ ...options, redis: redis.url }, redis);
}

/** Storage of the servers: for each a title, the options of its suite, and a function that opens a fixture. */
export const BACKENDS = [
  ['in memory', {}, (options?: ServerOptions) => ServerFixture.open(options)],
  ['over Redis, by two nodes', { skip: withoutRedis }, openRedisFixture],
] as const;

type ServerOptions = Omit<CallServerOptions, 'authenticate' | 'port'>;

/** A real server in this process, with real connections and users who authenticate with tokens. */
export class ServerFixture implements AttackFixture {
  readonly #options: CallServerOptions;
  #server: Awaited<ReturnType<typeof createCallServer>>;
  /** The node to which liars are connected. */
  #otherServer: Awaited<ReturnType<typeof createCallServer>>;
  readonly #people: HonestPerson[] = [];
  readonly #liars: LyingClient[] = [];
  /** Users who may not connect at the moment: their tokens are pending until the promise resolves. */
  readonly #held = new Map<string, Promise<void>>();
  readonly #redis: RedisServer | undefined;
  #markers = 0;

  private constructor(
    options: CallServerOptions,
    servers: readonly [ServerFixture['server'], ServerFixture['server']],
    redis: RedisServer | undefined,
  ) {
    this.#options = options;
    [this.#server, this.#otherServer] = servers;
    this.#redis = redis;
  }

  /** @param redis stopped with the fixture */
  static async open(options: ServerOptions = {}, redis?: RedisServer): Promise<ServerFixture> {
    const authenticate = await authenticateJwt({ secret: TOKEN_SECRET });
    const full = { limits: UNLIMITED, ...options, authenticate, port: 0 };
    const server = await createCallServer(full);
    const other = redis ? await createCallServer(full) : server;
    return new ServerFixture(full, [server, other], redis);
  }

  get server(): Awaited<ReturnType<typeof createCallServer>> {
    return this.#server;
  }

  /**
   * Closes every connection, and starts a server at the same address without any state about devices and calls.
   * Redis loses its data, too.
   */
  async restart(): Promise<void> {
    const portOf = ({ url }: ServerFixture['server']) => Number(new URL(url).port);
    const [port, otherPort] = [portOf(this.#server), portOf(this.#otherServer)];
    await this.#closeServers();
    await this.#redis?.kill();
    await this.#redis?.startAgain();
    this.#server = await createCallServer({ ...this.#options, port });
    this.#otherServer =
      port === otherPort
        ? this.#server
        : await createCallServer({ ...this.#options, port: otherPort });
  }

  /** Keeps the devices of this user from connecting: they get no token. @returns a function that ends it */
  hold(userID: string): () => void {
    let release = (): void => {};
    this.#held.set(userID, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(userID);
      release();
    };
  }

  async person(userID: string, config: CallConfig = {}): Promise<HonestPerson> {
    const transport = createServerTransport(this.#server.url);
    const token = async () => {
      await this.#held.get(userID);
      return this.#tokenOf(userID);
    };
    const person = createPerson(userID, transport, { clock: systemClock, config, token });
    this.#people.push(person);
    await person.isConnected();
    return person;
  }

  /** Closes the page of this user, and waits until the server has noticed. */
  async closePage(person: HonestPerson): Promise<void> {
    this.#people.splice(this.#people.indexOf(person), 1);
    person.service.destroy();
    const isGone = async () =>
      (await this.#server.users()).every(({ userID }) => userID !== person.userID);
    await eventually(isGone, `${person.userID} is gone`);
  }

  /** @param replaces the device that it claims to have been before */
  async liar(userID: string, deviceID = `${userID}-1`, replaces?: string): Promise<LyingClient> {
    const named = replaces === undefined ? {} : { replaces };
    const client = await this.#connect(userID, deviceID, named, this.#otherServer);
    await client.hello(named);
    const wire: RawWire = {
      received: client.received,
      send: (message) => client.send(message),
      listen: (check) => {
        client.socket.on('message', check);
        return () => client.socket.off('message', check);
      },
      close: () => client.close(),
    };
    const liar = new LyingClient(wire, userID, deviceID);
    this.#liars.push(liar);
    return liar;
  }

  /** What the server sends to a new device of this user: the inbox report and the messages. */
  async initialSync(userID: string) {
    const client = await this.#connect(userID, `${userID}-that-comes-later`);
    const inboxReport = await client.hello();
    client.close();
    return { inboxReport, received: client.received };
  }

  async settle(): Promise<void> {
    for (let sent = -1; sent !== this.#sent;) {
      sent = this.#sent;
      for (const person of this.#people) {
        await this.#mark(person.userID, (id) => person.transport.receives(id));
        await person.transport.acknowledged();
      }
    }
    for (const liar of this.#liars) {
      await this.#mark(liar.userID, (marker) =>
        liar.receives('a marker', ({ id }) => id === marker).then(() => {}),
      );
    }
  }

  async close(): Promise<void> {
    for (const { service } of this.#people) service.destroy();
    for (const liar of this.#liars) liar.close();
    await this.#closeServers();
    await this.#redis?.stop();
  }

  async #closeServers(): Promise<void> {
    await Promise.all([...new Set([this.#server, this.#otherServer])].map((it) => it.close()));
  }

  get #sent(): number {
    return this.#people.reduce((sum, { transport }) => sum + transport.sent, 0);
  }

  /**
   * Sends a harmless message from another device of the same user, and waits until it arrives, so that all earlier
   * messages have arrived.
   */
  async #mark(userID: string, isReceived: (messageID: string) => Promise<void>): Promise<void> {
    this.#markers += 1;
    const client = await this.#connect(userID, `marker-${String(this.#markers)}`);
    const marker = {
      ...createMessage('seen', 'marker', [userID], { callIDs: ['marker'] }),
      id: client.deviceID,
    };
    const hearing = isReceived(marker.id);
    await client.send(marker);
    await hearing;
    client.close();
  }

  async #connect(
    userID: string,
    deviceID: string,
    more: object = {},
    server = this.#server,
  ): Promise<WireClient> {
    return WireClient.connect(server.url, deviceID, {
      userID,
      token: await this.#tokenOf(userID),
      ...more,
    });
  }

  #tokenOf(userID: string): Promise<string> {
    return tokenFor(userID, 3_600, { name: nameOf(userID) });
  }
}
