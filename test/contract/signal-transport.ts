import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../../src/core/ports/signal-transport.js';
import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import { parseInboxReport, type Message } from '../../src/core/protocol/messages.js';

/*
 * What every adapter of the port `SignalTransport` must do. It runs under node:test and in browsers, so it takes the
 * functions of its runner, and needs no assertion library.
 */

/** The functions of a test runner: those of node:test and Mocha fit. */
export interface Runner {
  readonly describe: (title: string, body: () => void) => unknown;
  readonly it: (title: string, body: () => Promise<void>) => unknown;
  readonly before: (run: () => Promise<void>) => unknown;
  readonly after: (run: () => Promise<void>) => unknown;
}

/** One wire, for all tests of a suite. */
export interface Wire {
  /** A transport of this wire, not yet open. */
  transport(): SignalTransport;
  /** Puts something on the wire that did not come from a transport, if others can write to it. */
  scribble?(transport: SignalTransport, junk: unknown): void;
  close(): Promise<void>;
}
export interface BreakableWire extends Wire {
  /** Cuts all connections. */
  cut(): Promise<void>;
  /** Makes it whole again. */
  mend(): Promise<void>;
}

/** What is tested. Without a wire that breaks, or somebody whom it refuses, those tests are not made. */
export type Adapter = {
  readonly name: string;
  /** Whom this adapter's wire does not take. */
  readonly refused?: TransportIdentity;
  /**
   * Its server delivers messages only among those whom a call concerns, and says of invitations alone whom they reached:
   * an invitation goes before the other messages of a call.
   */
  readonly invitesFirst?: true;
} & (
  | { readonly breaks: false; readonly start: () => Promise<Wire> }
  | { readonly breaks: true; readonly start: () => Promise<BreakableWire> }
);

/** Longest wait for anything that must come, in ms. */
const PATIENCE_MS = 8_000;

class ContractError extends Error {
  override readonly name = 'ContractError';
}

/** As JSON, whatever the order of keys. */
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

/** Of the invitations that `invitesFirst` needs, which no test looks at. */
const INVITATION_ID = 'invitation-first';

const isInvitation = (event: TransportEvent): boolean => {
  const id = event.type === 'message' ? (event.message as { id?: unknown }).id : undefined;
  return typeof id === 'string' && id.startsWith(INVITATION_ID);
};

/** A transport that invites to a call before its first message to somebody, and answers what the invitation reached. */
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

/** What one device hears, in order. */
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

  /** The first event of a type since position `from`; waits for it. */
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
        const heard = JSON.stringify(this.events);
        reject(new ContractError(`${this.identity.deviceID} waits for ${what}, heard ${heard}`));
      }, PATIENCE_MS);
      this.#listeners.add(check);
    });
  }

  /** The IDs of the messages heard so far. */
  get heard(): string[] {
    return this.events.flatMap((event) =>
      event.type === 'message' ? [(event.message as { id: string }).id] : [],
    );
  }

  async hears(...ids: string[]): Promise<void> {
    await this.until(() => ids.every((id) => this.heard.includes(id)), `messages ${ids.join()}`);
  }

  /** Says hello, as the service does on each connection. */
  async ready(from = 0): Promise<this> {
    await this.event('online', from);
    this.transport.hello({ over: [], missed: [] });
    await this.event('drained', from);
    return this;
  }
}

/** Makes the tests of one adapter. Its wire is started once. */
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

    /** Users and devices of each test have names of their own. */
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

    test('connects, then answers hello with what is queued', async () => {
      const alice = await ready('alice');
      const kinds = alice.events.map(({ type }) => type);
      same(kinds, ['connecting', 'online', 'drained'], 'events');
      const { inbox } = await alice.event('drained');
      same(parseInboxReport(inbox), { missed: [], settled: [] }, 'inbox');
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

    test('takes no stamp from a sender', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const forged = { from: bob.identity, at: 1, replay: true };
      await alice.transport.send({ ...message('m', [bob]), ...forged });
      const got = (await bob.event('message')).message as {
        from: TransportIdentity;
        at: number;
        replay?: boolean;
      };
      same(got.from.deviceID, alice.identity.deviceID, 'sender');
      same(got.at > 1, true, 'a time of its own');
      same(got.replay, undefined, 'replay');
    });

    test('keeps the order of one sender', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const names = Array.from({ length: 50 }, (_, index) => `m${String(index)}`);
      await Promise.all(names.map((id) => alice.transport.send(message(id, [bob]))));
      await bob.hears(...ids(...names));
      same(bob.heard, ids(...names), 'order');
    });

    test('goes to every device of each addressee, and says to how many', async () => {
      const [alice, bob, bob2, carol] = [
        await ready('alice'),
        await ready('bob'),
        await ready('bob', 2),
        await ready('carol'),
      ];
      const outcome = await alice.transport.send(message('m', [bob, carol]));
      same(outcome, reached([bob, 2], [carol, 1]), 'outcome');
      for (const device of [bob, bob2, carol]) {
        await device.hears(...ids('m'));
        same(device.heard, ids('m'), 'heard once');
      }
    });

    test("goes to its user's other devices, and never back to its sender", async () => {
      const [alice, alice2] = [await ready('alice'), await ready('alice', 2)];
      const told = adapter.invitesFirst ? reached() : reached([alice, 1]);
      same(await alice.transport.send(message('m', [alice])), told, 'outcome');
      await alice2.hears(...ids('m'));
      await alice2.transport.send(message('answer', [alice]));
      await alice.hears(...ids('answer'));
      same(alice.heard, ids('answer'), 'heard');
    });

    test('goes to one device alone where one is named', async () => {
      const [alice, bob, bob2] = [await ready('alice'), await ready('bob'), await ready('bob', 2)];
      const outcome = await alice.transport.send(message('one', [bob], bob2));
      same(outcome, reached([bob, 1]), 'outcome');
      await alice.transport.send(message('all', [bob]));
      await Promise.all([bob.hears(...ids('all')), bob2.hears(...ids('all'))]);
      same(bob.heard, ids('all'), 'the other device');
      same(bob2.heard, ids('one', 'all'), 'the device');
    });

    test('goes to nobody who is not named', async () => {
      const [alice, bob, carol] = [await ready('alice'), await ready('bob'), await ready('carol')];
      await alice.transport.send(message('m', [bob]));
      await alice.transport.send(message('last', [carol]));
      await carol.hears(...ids('last'));
      same(carol.heard, ids('last'), 'heard');
    });

    test('reaches no device of a user who is away', async () => {
      const [alice, bob] = [await ready('alice'), make('bob')];
      const outcome = await alice.transport.send(message('m', [bob]));
      same(outcome, reached([bob, 0]), 'outcome');
    });

    test('loses what is sent before it is open, and after it is closed', async () => {
      const [alice, bob] = [make('alice'), await ready('bob')];
      same(await alice.transport.send(message('early', [bob])), { type: 'lost' }, 'before');
      await alice.open().ready();
      alice.transport.close();
      same(await alice.transport.send(message('late', [bob])), { type: 'lost' }, 'after');
      const carol = await ready('carol');
      await carol.transport.send(message('m', [bob]));
      await bob.hears(...ids('m'));
      same(bob.heard, ids('m'), 'heard');
    });

    test('tells nothing more after it is closed, and can be opened again', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      bob.transport.close();
      const before = bob.events.length;
      await alice.transport.send(message('away', [bob]));
      bob.open();
      await bob.ready(before);
      await alice.transport.send(message('back', [bob]));
      await bob.hears(...ids('back'));
      const after = bob.events.slice(before).map(({ type }) => type);
      same(after, ['connecting', 'online', 'drained', 'message'], 'events');
    });

    test('refuses a message that is too long, and goes on', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const long = { ...message('long', [bob]), pad: 'é'.repeat(32_768) };
      const outcome = await alice.transport.send(long);
      same(outcome, { type: 'refused', code: 'invalid-argument' }, 'outcome');
      same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'the next one');
      await bob.hears(...ids('m'));
      same(bob.heard, ids('m'), 'heard');
    });

    test('survives what is no message', async () => {
      const [alice, bob] = [await ready('alice'), await ready('bob')];
      const cycle: Record<string, unknown> = { type: 'ringing' };
      cycle['self'] = cycle;
      for (const junk of [null, 7, 'text', [], {}, cycle, { to: 7 }, () => {}, { data: 1n }]) {
        const { type } = await alice.transport.send(junk as unknown as Message);
        same(['refused', 'lost', 'acknowledged'].includes(type), true, 'an outcome');
        wire.scribble?.(bob.transport, junk);
      }
      same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'the next one');
      await bob.hears(...ids('m'));
    });

    const { refused } = adapter;
    if (refused) {
      test('says when it is refused, and tries no more', async () => {
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
      test('says when the connection is lost, loses what is sent meanwhile, and comes back', async () => {
        const breakable = wire as BreakableWire;
        const [alice, bob] = [await ready('alice'), await ready('bob')];
        const [a, b] = [alice.events.length, bob.events.length];
        await breakable.cut();
        await Promise.all([alice.event('offline', a), bob.event('offline', b)]);
        same(await alice.transport.send(message('meanwhile', [bob])), { type: 'lost' }, 'a send');
        await breakable.mend();
        await Promise.all([alice.ready(a), bob.ready(b)]);
        same(await alice.transport.send(message('m', [bob])), reached([bob, 1]), 'a send');
        await bob.hears(...ids('m'));
        const kinds = bob.events.slice(b).map(({ type }) => type);
        same(kinds, ['offline', 'online', 'drained', 'message'], 'events');
      });
    }
  });
}
