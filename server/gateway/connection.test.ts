import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Connection, type ConnectionSocket } from './connection.js';
import type { MessageRouter, Peer } from '../routing/message-router.js';
import { MAX_MALFORMED, MAX_WAITING } from '../limits/limits.js';
import { lineLogger } from '../observability/logger.js';
import type { Unsent } from './unsent-bytes.js';

/** A socket without a network. The tests emit the client's events on `client`. */
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

/** Waits until pending promises have settled. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

type Handle = (input: unknown, peer: Peer) => Promise<unknown>;

interface SetUpOptions {
  readonly unsent?: Partial<Unsent>;
  /** The wait in ms that the rate limiter returns for each message. */
  readonly retryAfterMs?: number;
}

function setUp(
  message: Handle,
  hello: Handle = () => Promise.resolve(undefined),
  { unsent, retryAfterMs: retryAfterMs = 0 }: SetUpOptions = {},
) {
  const fake = fakeSocket();
  const rejections: string[] = [];
  const log: string[] = [];
  const connection = new Connection(
    {
      socket: fake.socket,
      sender: { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' },
      reject: (cause) => rejections.push(cause),
      unsent: {
        isFull: false,
        sendInitialSync: (send) => send(),
        end: () => fake.calls.push('end'),
        ...unsent,
      },
    },
    {
      router: {
        message: (peer: Peer, input: unknown) => message(input, peer),
        hello: (peer: Peer, input: unknown) => hello(input, peer),
      } as unknown as MessageRouter,
      quotas: { message: async () => retryAfterMs },
      logger: lineLogger((line) => log.push(line)),
    },
  );
  /** Sends as a client does. @returns the acknowledgement */
  const send = (input: unknown) =>
    new Promise<unknown>((resolve) => fake.client.emit('message', input, resolve));
  return { ...fake, connection, rejections, log, send };
}

describe('a connection', () => {
  it('closes after too many malformed messages, and does not handle the messages behind them', async () => {
    const handled: unknown[] = [];
    const {
      connection,
      calls,
      rejections: rejections,
      client,
    } = setUp(async (input, peer) => {
      handled.push(input);
      peer.reject(input === 'odd' ? 'unknown-type' : 'malformed');
    });
    connection.start();
    for (let count = 0; count < MAX_MALFORMED - 1; count += 1) client.emit('message', 'bad');
    for (let count = 0; count < MAX_MALFORMED; count += 1) client.emit('message', 'odd');
    // An event that the protocol does not define.
    client.emit('shout', 'bad');
    await settle();
    assert.deepEqual(calls, [], 'MAX_MALFORMED malformed messages are tolerated');
    client.emit('message', 'bad');
    client.emit('message', 'behind it');
    await settle();
    assert.deepEqual(calls, ['close']);
    assert.equal(rejections.filter((cause) => cause === 'malformed').length, MAX_MALFORMED + 1);
    assert.equal(handled.includes('behind it'), false);
  });

  it('buffers messages until start(), and delivers them in order', () => {
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

  it('handles messages one at a time, in order', async () => {
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

  it('rejects messages while the queue is full, and accepts them again afterwards', async () => {
    let finish: () => void = () => {};
    const gate = new Promise<void>((resolve) => (finish = resolve));
    const {
      connection,
      send,
      rejections: rejections,
    } = setUp(() => gate.then(() => ({ reached: [] })));
    connection.start();
    const waiting = Array.from({ length: MAX_WAITING }, (_, index) => send(index));
    assert.deepEqual(await send('one more'), {
      error: { code: 'rate-limited', retryAfterMs: 1_000 },
    });
    assert.deepEqual(rejections, ['too-many']);
    finish();
    await Promise.all(waiting);
    assert.deepEqual(await send('later'), { reached: [] });
  });

  it('answers `unavailable` when a service fails, and handles the next message', async () => {
    const { connection, send, log } = setUp((input) =>
      input === 'bad' ? Promise.reject(new Error('no store')) : Promise.resolve({ reached: [] }),
    );
    connection.start();
    assert.deepEqual(await send('bad'), { error: { code: 'unavailable' } });
    assert.deepEqual(await send('good'), { reached: [] });
    assert.equal(log.length, 1);
    assert.match(log[0] ?? '', /no store/);
  });

  it('discards waiting messages after another connection has replaced it', async () => {
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

  it('answers a valid hello with the inbox report and the handled missed calls, and ignores an invalid one', async () => {
    const initialSync = {
      inboxReport: { missed: [], settled: [] },
      handledMissedCalls: [{ id: 'seen' }],
    };
    const { connection, client, sent } = setUp(
      () => Promise.resolve(),
      async (input) => (input === 'hello' ? initialSync : undefined),
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

  const initialSync = { inboxReport: { missed: [], settled: [] }, handledMissedCalls: [] };
  const unanswered: [string, Handle, SetUpOptions, string][] = [
    ['a service fails', () => Promise.reject(new Error('no store')), {}, 'close'],
    ['the rate limit is exceeded', async () => initialSync, { retryAfterMs: 1 }, 'close'],
    [
      'the client has not read an earlier answer',
      async () => initialSync,
      { unsent: { isFull: true } },
      'end',
    ],
  ];
  for (const [why, hello, more, end] of unanswered) {
    it(`closes without an answer to a hello when ${why}`, async () => {
      const { connection, client, sent, calls } = setUp(() => Promise.resolve(), hello, more);
      connection.start();
      client.emit('hello', {});
      await settle();
      assert.deepEqual(sent, []);
      assert.deepEqual(calls, [end]);
    });
  }

  it('exempts the whole answer to a hello from the limit on unsent bytes', async () => {
    const exempted: unknown[][] = [];
    const { connection, client, sent } = setUp(
      () => Promise.resolve(),
      (_input, { deliver }) => {
        deliver({ id: 'open' });
        return Promise.resolve({ ...initialSync, handledMissedCalls: [{ id: 'seen' }] });
      },
      {
        unsent: {
          isFull: false,
          sendInitialSync(send) {
            const before = sent.length;
            send();
            exempted.push(...sent.slice(before));
          },
        },
      },
    );
    connection.start();
    client.emit('hello', {});
    await settle();
    connection.deliver({ id: 'later' });
    assert.equal(sent.length, 4);
    assert.deepEqual(exempted, sent.slice(0, 3));
  });

  it('closes when a hello arrives while the queue is full', async () => {
    const { connection, client, calls, send } = setUp(() => new Promise(() => {}));
    connection.start();
    for (let count = 0; count < MAX_WAITING; count += 1) void send(count);
    client.emit('hello', {});
    assert.deepEqual(calls, ['close']);
  });

  it('closes when too many messages arrive before start()', () => {
    const { connection, calls } = setUp(() => Promise.resolve());
    for (let count = 0; count < MAX_WAITING; count += 1) connection.deliver({ count });
    assert.deepEqual(calls, []);
    connection.deliver({ count: MAX_WAITING });
    assert.deepEqual(calls, ['end']);
  });
});
