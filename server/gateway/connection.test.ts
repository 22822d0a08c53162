import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection, type ConnectionSocket } from './connection.js';
import type { MessageRouter, Peer } from '../routing/message-router.js';
import { MAX_MALFORMED, MAX_WAITING } from '../limits/limits.js';
import { lineLogger } from '../observability/logger.js';
import type { Unsent } from './unsent-bytes.js';

/** A socket without a network: what the client sends is emitted on `client`. */
function fakeSocket() {
  let handler: Parameters<ConnectionSocket['onAny']>[0] | undefined;
  const client = { emit: (event: string, ...given: unknown[]) => handler?.(event, ...given) };
  const sent: [string, unknown][] = [];
  const calls: string[] = [];
  const socket: ConnectionSocket = {
    connected: true,
    onAny: (handle) => (handler = handle),
    emit: (event, value) => sent.push([event, value]),
    disconnect: () => calls.push('disconnect'),
    conn: { close: () => calls.push('close') },
  };
  return { client, sent, calls, socket };
}

/** Lets everything that is under way come to rest. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

type Take = (input: unknown, peer: Peer) => Promise<unknown>;

interface More {
  readonly unsent?: Partial<Unsent>;
  /** How long it must wait before it sends anything, in ms. */
  readonly waits?: number;
}

function setUp(
  message: Take,
  hello: Take = () => Promise.resolve(undefined),
  { unsent, waits = 0 }: More = {},
) {
  const fake = fakeSocket();
  const refused: string[] = [];
  const log: string[] = [];
  const connection = new Connection(
    {
      socket: fake.socket,
      sender: { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' },
      reject: (cause) => refused.push(cause),
      unsent: {
        isFull: false,
        greet: (send) => send(),
        end: () => fake.calls.push('end'),
        ...unsent,
      },
    },
    {
      router: {
        message: (peer: Peer, input: unknown) => message(input, peer),
        hello: (peer: Peer, input: unknown) => hello(input, peer),
      } as unknown as MessageRouter,
      quotas: { message: async () => waits },
      logger: lineLogger((line) => log.push(line)),
    },
  );
  /** Sends as a client does. @returns the acknowledgement */
  const send = (input: unknown) =>
    new Promise<unknown>((resolve) => fake.client.emit('message', input, resolve));
  return { ...fake, connection, refused, log, send };
}

describe('a connection', () => {
  it('ends when it goes on sending what is malformed, and handles nothing more of it', async () => {
    const handled: unknown[] = [];
    const { connection, calls, refused, client } = setUp(async (input, peer) => {
      handled.push(input);
      peer.reject(input === 'odd' ? 'unknown-type' : 'malformed');
    });
    connection.start();
    for (let count = 0; count < MAX_MALFORMED - 1; count += 1) client.emit('message', 'bad');
    for (let count = 0; count < MAX_MALFORMED; count += 1) client.emit('message', 'odd');
    // No event of this protocol.
    client.emit('shout', 'bad');
    await settle();
    assert.deepEqual(calls, [], 'as many as it may have');
    client.emit('message', 'bad');
    client.emit('message', 'behind it');
    await settle();
    assert.deepEqual(calls, ['close']);
    assert.equal(refused.filter((cause) => cause === 'malformed').length, MAX_MALFORMED + 1);
    assert.equal(handled.includes('behind it'), false);
  });

  it('delivers what came before its client knew that it is connected, in order', () => {
    const { connection, sent } = setUp(() => Promise.resolve());
    connection.deliver({ id: 'a' });
    connection.deliver({ id: 'b' });
    assert.equal(sent.length, 0);
    connection.start();
    connection.deliver({ id: 'c' });
    assert.deepEqual(
      sent.map(([event, value]) => [event, (value as { id: string }).id]),
      [
        ['message', 'a'],
        ['message', 'b'],
        ['message', 'c'],
      ],
    );
  });

  it('handles one message after the other, however long each takes', async () => {
    const open: (() => void)[] = [];
    const begun: unknown[] = [];
    const { connection, send } = setUp((input) => {
      begun.push(input);
      return new Promise<void>((resolve) => open.push(resolve));
    });
    connection.start();
    const [first, second] = [send(1), send(2)];
    await settle();
    assert.deepEqual(begun, [1]);
    open[0]?.();
    await first;
    await settle();
    open[1]?.();
    await second;
    assert.deepEqual(begun, [1, 2]);
  });

  it('refuses what is more than may wait, and takes more when it is done', async () => {
    let finish: () => void = () => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const { connection, send, refused } = setUp(() => gate.then(() => ({ reached: [] })));
    connection.start();
    const waiting = Array.from({ length: MAX_WAITING }, (_, index) => send(index));
    assert.deepEqual(await send('one more'), {
      error: { code: 'rate-limited', retryAfterMs: 1_000 },
    });
    assert.deepEqual(refused, ['too-many']);
    finish();
    await Promise.all(waiting);
    assert.deepEqual(await send('later'), { reached: [] });
  });

  it('answers that it can not, when what it stands on fails, and goes on', async () => {
    const { connection, send, log } = setUp((input) =>
      input === 'bad' ? Promise.reject(new Error('no store')) : Promise.resolve({ reached: [] }),
    );
    connection.start();
    assert.deepEqual(await send('bad'), { error: { code: 'unavailable' } });
    assert.deepEqual(await send('good'), { reached: [] });
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /no store/);
  });

  it('handles nothing more when another one has taken its place', async () => {
    const handled: unknown[] = [];
    const { connection, client, calls } = setUp(async (input) => void handled.push(input));
    connection.start();
    client.emit('message', 1);
    connection.replace();
    client.emit('message', 2);
    await settle();
    assert.deepEqual(handled, []);
    assert.deepEqual(calls, ['disconnect']);
  });

  it('says drained when a hello was taken, then what was handled, and nothing when it was none', async () => {
    const welcome = {
      inboxReport: { missed: [], settled: [] },
      handledMissedCalls: [{ id: 'seen' }],
    };
    const { connection, client, sent } = setUp(
      () => Promise.resolve(),
      async (input) => (input === 'hello' ? welcome : undefined),
    );
    connection.start();
    client.emit('hello', 'nonsense');
    client.emit('hello', 'hello');
    await settle();
    assert.deepEqual(sent, [
      ['drained', { missed: [], settled: [] }],
      ['message', { id: 'seen' }],
    ]);
  });

  const welcome = { inboxReport: { missed: [], settled: [] }, handledMissedCalls: [] };
  const unanswered: [string, Take, More, string][] = [
    ['what it stands on fails', () => Promise.reject(new Error('no store')), {}, 'close'],
    ['there were too many', async () => welcome, { waits: 1 }, 'close'],
    ['an earlier answer is not read', async () => welcome, { unsent: { isFull: true } }, 'end'],
  ];
  for (const [why, hello, more, end] of unanswered) {
    it(`ends when a hello is not answered, since ${why}`, async () => {
      const { connection, client, sent, calls } = setUp(() => Promise.resolve(), hello, more);
      connection.start();
      client.emit('hello', {});
      await settle();
      assert.deepEqual(sent, []);
      assert.deepEqual(calls, [end]);
    });
  }

  it('lets the whole answer to a hello be longer than else', async () => {
    const longer: unknown[][] = [];
    const { connection, client, sent } = setUp(
      () => Promise.resolve(),
      (_input, { deliver }) => {
        deliver({ id: 'open' });
        return Promise.resolve({ ...welcome, handledMissedCalls: [{ id: 'seen' }] });
      },
      {
        unsent: {
          isFull: false,
          greet(send) {
            const before = sent.length;
            send();
            longer.push(...sent.slice(before));
          },
        },
      },
    );
    connection.start();
    client.emit('hello', {});
    await settle();
    connection.deliver({ id: 'later' });
    assert.equal(sent.length, 4);
    assert.deepEqual(longer, sent.slice(0, 3));
  });

  it('closes when a hello is more than may wait', async () => {
    const { connection, client, calls, send } = setUp(() => new Promise(() => {}));
    connection.start();
    for (let count = 0; count < MAX_WAITING; count += 1) void send(count);
    client.emit('hello', {});
    assert.deepEqual(calls, ['close']);
  });

  it('ends when more comes than may wait before its client knows that it is connected', () => {
    const { connection, calls } = setUp(() => Promise.resolve());
    for (let count = 0; count < MAX_WAITING; count += 1) connection.deliver({ count });
    assert.deepEqual(calls, []);
    connection.deliver({ count: MAX_WAITING });
    assert.deepEqual(calls, ['end']);
  });
});
