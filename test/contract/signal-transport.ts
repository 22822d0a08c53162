import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../../src/core/ports/signal-transport.js';
import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import { parseInboxReport, type Message } from '../../src/core/protocol/messages.js';

/*
 * The contract of every adapter of the port `SignalTransport`. It runs under node:test and in browsers, so the functions of the
 * test runner are parameters, and no assertion library is needed.
 */

/** The functions of a test runner, as in node:test and Mocha. */
export interface Runner {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
  readonly before: (run: () => Promise<void>) => unknown;
  readonly after: (run: () => Promise<void>) => unknown;
}

/** The medium of a transport, for example a server, for all tests of a suite. */
export interface Wire {
  /** Creates a transport, not yet open. */
  transport(): SignalTransport;
  /** Sends data that does not come from a transport, if others can write to the medium. */
  scribble?(transport: SignalTransport, junk: unknown): void;
  close(): Promise<void>;
}
export interface BreakableWire extends Wire {
  /** Breaks all connections. */
  cut(): Promise<void>;
  /** Allows connections again. */
  mend(): Promise<void>;
}

/** The adapter under test. Tests that need a breakable wire, or a rejected user, are skipped without one. */
export type Adapter = {
  readonly name: string;
  /** A user whom the server of this adapter rejects. */
  readonly refused?: TransportIdentity;
  /**
   * Whether its server delivers messages only among members of a call, and acknowledges recipients only of invitations. Then
   * the contract sends an invitation before the other messages of a call.
   */
  readonly invitesFirst?: true;
} & (
  | { readonly breaks: false; readonly start: () => Promise<Wire> }
  | { readonly breaks: true; readonly start: () => Promise<BreakableWire> }
);

/** Time-out of all waits, in ms. */
const PATIENCE_MS = 30_000;

class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** A value as JSON, independent of the order of keys. */
function text(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [a, b] = [text(actual), text(expected)];
  if (a !== b) throw new ContractError(`${what}: expected ${b}, got ${a}`);
}

/** ID of the invitations that `invitesFirst` needs. The tests ignore them. */
const INVITATION_ID = 'invitation-first';

const isInvitation = (event: TransportEvent): boolean => {
  const id = event.type === 'message' ? (event.message as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id.startsWith(INVITATION_ID);
};

/** A transport that sends an invitation before its first message to a user, and returns the outcome of the invitation. */
function invitingFirst(inner: SignalTransport, identity: TransportIdentity): SignalTransport {
  const { userID, deviceID } = identity;
  const outcomes = new Map<string, SendOutcome>();
  const invite = async ({ v, callID, to, toDevice }: Message): Promise<SendOutcome> => {
    const key = [callID, ...to, toDevice].join();
    const known = outcomes.get(key);
    if (known) return known;
    const outcome = await inner.send({
      ...{ v, type: 'invite', id: `${INVITATION_ID}-${key}`, callID, to, names: [], remaining: [] },
      ...(toDevice !== undefined && { toDevice }),
      records: [
        { user: userID, round: 1, state: 'in', device: deviceID, inviter: userID },
        ...to.map((user) => ({ user, round: 1, state: 'inviting', inviter: userID }) as const),
      ],
      ...{ callType: 'voice', initiator: userID, endWithInitiator: false, group: false },
      ...{ customData: '', remainingMs: 60_000, timeoutMs: 60_000 },
    });
    if (outcome.type === 'acknowledged') outcomes.set(key, outcome);
    return outcome;
  };
  return Object.assign(Object.create(inner) as SignalTransport, {
    open: inner.open.bind(inner),
    close: inner.close.bind(inner),
    hello: inner.hello.bind(inner),
    async send(message: Message): Promise<SendOutcome> {
      const to = (message as Message | null)?.to;
      const others = Array.isArray(to) && to.some((user) => user !== userID);
      const invited = others ? await invite(message) : undefined;
      const outcome = await inner.send(message);
      return outcome.type === 'acknowledged' ? (invited ?? outcome) : outcome;
    },
  });
}

/** A device, and the events that it has received, in order. */
class Device {
  readonly identity: TransportIdentity;
  readonly transport: SignalTransport;
  readonly events: TransportEvent[] = [];
  #listeners = new Set<() => void>();

  constructor(transport: SignalTransport, identity: TransportIdentity) {
    this.transport = transport;
    this.identity = identity;
  }

  open(): this {
    let returned = false;
    this.transport.open(this.identity, (event) => {
      if (!returned) throw new ContractError('a handler was called before open had returned');
      if (isInvitation(event)) return;
      this.events.push(event);
      for (const listener of this.#listeners) listener();
    });
    returned = true;
    return this;
  }

  /** Waits for the first event of a type at position `from` or later. */
  async event<T extends TransportEvent['type']>(
    type: T,
    from = 0,
  ): Promise<Extract<TransportEvent, { type: T }>> {
    const find = () => this.events.slice(from).find((event) => event.type === type);
    await this.until(() => find() !== undefined, `an event "${type}"`);
    return find() as Extract<TransportEvent, { type: T }>;
  }

  async until(condition: () => boolean, what: string): Promise<void> {
    if (condition()) return;
    await new Promise<void>((resolve, reject) => {
      const check = () => {
        if (!condition()) return;
        clearTimeout(deadline);
        this.#listeners.delete(check);
        resolve();
      };
      const deadline = setTimeout(() => {
        this.#listeners.delete(check);
        const received = JSON.stringify(this.events);
        reject(new ContractError(`${this.identity.deviceID} did not get ${what}, but ${received}`));
      }, PATIENCE_MS);
      this.#listeners.add(check);
    });
  }

  /** The IDs of the messages received so far. */
  get received(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'message' ? [(event.message as { id: string }).id] : [],
    );
  }

  async receives(...ids: string[]): Promise<void> {
    await this.until(() => ids.every((id) => this.received.includes(id)), `messages ${ids.join()}`);
  }

  /** Waits for the connection, then sends hello, as the service does. */
  async ready(from = 0): Promise<this> {
    await this.event('online', from);
    this.transport.hello({ over: [], missed: [] });
    await this.event('drained', from);
    return this;
  }
}

/** Defines the tests of one adapter. Its wire is started once. */
export function signalTransportContract(
  adapter: Adapter,
  { describe, it, before, after }: Runner,
): void {
  describe(`${adapter.name} as a SignalTransport`, () => {
    let wire: Wire;
    let devices: Device[] = [];
    let serial = 0;
    before(async () => {
      wire = await adapter.start();
    });
    after(() => wire.close());

    /** Creates a device. Each test has unique user and device IDs. */
    const make = (user: string, number = 1): Device => {
      const userID = `${user}-${String(serial)}`;
      const identity = { userID, userName: user, deviceID: `${userID}-${String(number)}` };
      const transport = wire.transport();
      const used = adapter.invitesFirst ? invitingFirst(transport, identity) : transport;
      const device = new Device(used, identity);
      devices.push(device);
      return device;
    };
    const ready = (user: string, number?: number) => make(user, number).open().ready();
    const test = (title: string, body: () => Promise<void>) =>
      it(title, async () => {
        serial += 1;
        try {
          await body();
        } finally {
          for (const { transport } of devices) transport.close();
          devices = [];
        }
      });
    const message = (id: string, to: Device[], toDevice?: Device): Message => ({
      v: PROTOCOL_VERSION,
      type: 'ringing',
      id: `${id}-${String(serial)}`,
      callID: `call-${String(serial)}`,
      to: [...new Set(to.map(({ identity }) => identity.userID))],
      ...(toDevice && { toDevice: toDevice.identity.deviceID }),
      records: [],
      names: [],
      remaining: [],
      round: 1,
    });
    const ids = (...names: string[]) => names.map((id) => `${id}-${String(serial)}`);
    const reached = (...counts: [Device, number][]): SendOutcome => ({
      type: 'acknowledged',
      reached: counts.map(([{ identity }, count]) => ({ user: identity.userID, devices: count })),
    });

    test('connects, and answers hello with the inbox report', async () => {
      const alice = await ready('alice');
      const kinds = alice.events.map(({ type }) => type);
      same(kinds, ['connecting', 'online', 'drained'], 'events');
      const { inbox } = await alice.event('drained');
      const { missed, settled, history } = parseInboxReport(inbox) ?? {};
      same({ missed, settled, history }, { missed: [], settled: [], history: 0 }, 'inbox');
    });

    test('delivers a message with the stamp of its sender', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      await alice.transport.send(message('m', [bob]));
      const got = (await bob.event('message')).message as Message & { from: unknown; at: unknown };
      const { from, at, ...rest } = got;
      const { userID, userName, deviceID } = alice.identity;
      same(rest, message('m', [bob]), 'message');
      const sender = from as TransportIdentity;
      same(
        [sender.userID, sender.userName, sender.deviceID],
        [userID, userName, deviceID],
        'sender',
      );
      same(typeof at, 'number', 'time');
    });

    test('ignores a stamp that the sender sets', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const forged = { from: bob.identity, at: 1, replay: true };
      await alice.transport.send({ ...message('m', [bob]), ...forged });
      const got = (await bob.event('message')).message as {
        from: TransportIdentity;
        at: number;
        replay?: boolean;
      };
      same(got.from.deviceID, alice.identity.deviceID, 'sender');
      same(got.at > 1, true, 'a time set by the transport');
      same(got.replay, undefined, 'replay');
    });

    test('preserves the order of one sender', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const names = Array.from({ length: 50 }, (_, index) => `m${String(index)}`);
      await Promise.all(names.map((id) => alice.transport.send(message(id, [bob]))));
      await bob.receives(...ids(...names));
      same(bob.received, ids(...names), 'order');
    });

    test('delivers to every device of each recipient, and returns their number', async () => {
      const [alice, bob, bob2, carol] = [
        await ready('alice'),
        await ready('bob'),
        await ready('bob', 2),
        await ready('carol'),
      ];
      const outcome = await alice.transport.send(message('m', [bob, carol]));
      same(outcome, reached([bob, 2], [carol, 1]), 'outcome');
      for (const device of [bob, bob2, carol]) {
        await device.receives(...ids('m'));
        same(device.received, ids('m'), 'received once');
      }
    });

    test("delivers to the user's other devices, but not to the sender", async () => {
      const [alice, alice2] = [await ready('alice'), await ready('alice', 2)];
      const expected = adapter.invitesFirst ? reached() : reached([alice, 1]);
      same(await alice.transport.send(message('m', [alice])), expected, 'outcome');
      await alice2.receives(...ids('m'));
      await alice2.transport.send(message('answer', [alice]));
      await alice.receives(...ids('answer'));
      same(alice.received, ids('answer'), 'received');
    });

    test('delivers only to the device in toDevice', async () => {
      const [alice, bob, bob2] = [await ready('alice'), await ready('bob'), await ready('bob', 2)];
      const outcome = await alice.transport.send(message('one', [bob], bob2));
      same(outcome, reached([bob, 1]), 'outcome');
      await alice.transport.send(message('all', [bob]));
      await Promise.all([bob.receives(...ids('all')), bob2.receives(...ids('all'))]);
      same(bob.received, ids('all'), 'the other device');
      same(bob2.received, ids('one', 'all'), 'the device');
    });

    test('does not deliver to users who are not recipients', async () => {
      const [alice, bob, carol] = [await ready('alice'), await ready('bob'), await ready('carol')];
      await alice.transport.send(message('m', [bob]));
      await alice.transport.send(message('last', [carol]));
      await carol.receives(...ids('last'));
      same(carol.received, ids('last'), 'received');
    });

    test('acknowledges no device of a user who is offline', async () => {
      const [alice, bob] = [await ready('alice'), make('bob')];
      const outcome = await alice.transport.send(message('m', [bob]));
      same(outcome, reached([bob, 0]), 'outcome');
    });

    test('loses messages that are sent before open() or after close()', async () => {
      const [alice, bob] = [make('alice'), await ready('bob')];
      same(await alice.transport.send(message('early', [bob])), { type: 'lost' }, 'before');
      await alice.open().ready();
      alice.transport.close();
      same(await alice.transport.send(message('late', [bob])), { type: 'lost' }, 'after');
      const carol = await ready('carol');
      await carol.transport.send(message('m', [bob]));
      await bob.receives(...ids('m'));
      same(bob.received, ids('m'), 'received');
    });

    test('emits no events after close(), and can be reopened', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      bob.transport.close();
      const before = bob.events.length;
      await alice.transport.send(message('away', [bob]));
      bob.open();
      await bob.ready(before);
      await alice.transport.send(message('back', [bob]));
      await bob.receives(...ids('back'));
      const after = bob.events.slice(before).map(({ type }) => type);
      same(after, ['connecting', 'online', 'drained', 'message'], 'events');
    });

    test('rejects a message that is too long, and continues', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const long = { ...message('long', [bob]), pad: 'é'.repeat(32_768) };
      const outcome = await alice.transport.send(long);
      same(outcome, { type: 'refused', code: 'invalid-argument' }, 'outcome');
      same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'the next message');
      await bob.receives(...ids('m'));
      same(bob.received, ids('m'), 'received');
    });

    test('survives invalid messages', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const cycle: Record<string, unknown> = { type: 'ringing' };
      cycle['self'] = cycle;
      for (const junk of [null, 7, 'text', [], {}, cycle, { to: 7 }, () => {}, { data: 1n }]) {
        const { type } = await alice.transport.send(junk as unknown as Message);
        same(['refused', 'lost', 'acknowledged'].includes(type), true, 'an outcome');
        wire.scribble?.(bob.transport, junk);
      }
      same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'the next message');
      await bob.receives(...ids('m'));
    });

    const { refused } = adapter;
    if (refused) {
      test('reports a rejection, and does not retry', async () => {
        const stranger = new Device(wire.transport(), refused);
        devices.push(stranger);
        stranger.open();
        const { message: why } = await stranger.event('refused');
        same(why !== '', true, 'a reason');
        const friend = await ready('friend');
        same(await stranger.transport.send(message('m', [friend])), { type: 'lost' }, 'a send');
        const kinds = stranger.events.map(({ type }) => type);
        same(kinds, ['connecting', 'refused'], 'events');
      });
    }

    if (adapter.breaks) {
      test('reports a lost connection, loses messages sent meanwhile, and reconnects', async () => {
        const breakable = wire as BreakableWire;
        const [alice, bob] = [await ready('alice'), await ready('bob')];
        const [a, b] = [alice.events.length, bob.events.length];
        await breakable.cut();
        await Promise.all([alice.event('offline', a), bob.event('offline', b)]);
        same(await alice.transport.send(message('meanwhile', [bob])), { type: 'lost' }, 'a send');
        await breakable.mend();
        await Promise.all([alice.ready(a), bob.ready(b)]);
        same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'a send');
        await bob.receives(...ids('m'));
        const kinds = bob.events.slice(b).map(({ type }) => type);
        same(kinds, ['offline', 'online', 'drained', 'message'], 'events');
      });
    }
  });
}
