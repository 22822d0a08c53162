import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { OutboundBuffer, RESUBSCRIBE_MS } from './redis-outbound-buffer.js';

const MIB = 2 ** 20;

/** A buffer, and a fake Redis that can be unreachable or time out. */
function setUp() {
  const clock = createFakeClock();
  const published: string[] = [];
  const onReady: (() => void)[] = [];
  const redis = {
    isReady: false,
    timesOut: false,
    whenReady: (run: () => void) => void onReady.push(run),
    reconnect() {
      redis.isReady = true;
      for (const run of onReady) run();
    },
  };
  const buffer = new OutboundBuffer(
    redis,
    async (channel, text) => {
      if (!redis.isReady || redis.timesOut) throw new Error('Command timed out');
      published.push(`${channel} ${text.trimEnd()}`);
    },
    clock,
  );
  /** @param bytes minimum length; the text is padded with spaces */
  const add = (channel: string, text: string, userID = 'alice', bytes = 0) =>
    buffer.add({ channel, text: text.padEnd(bytes), userID });
  return { clock, published, redis, buffer, add };
}

describe('OutboundBuffer', () => {
  it('sends messages in order after Redis reconnects, when other nodes have had time to subscribe', async () => {
    const { clock, published: published, redis, buffer: buffer, add } = setUp();
    add('bob', '1');
    add('carol', '2');
    add('bob', '3');
    redis.reconnect();
    await clock.advance(RESUBSCRIBE_MS - 1);
    assert.deepEqual(published, []);
    assert.deepEqual([buffer.has('bob'), buffer.has('dan')], [true, false]);
    await clock.advance(1);
    assert.deepEqual(published, ['bob 1', 'carol 2', 'bob 3']);
    assert.deepEqual([buffer.has('bob'), buffer.has('carol')], [false, false]);
    assert.equal(clock.timers, 0);
  });

  it('retries a failed command while the connection is open', async () => {
    const { clock, published: published, redis, add } = setUp();
    redis.reconnect();
    redis.timesOut = true;
    add('bob', '1');
    await clock.advance(RESUBSCRIBE_MS);
    add('bob', '2');
    await clock.advance(RESUBSCRIBE_MS);
    assert.deepEqual(published, []);
    redis.timesOut = false;
    await clock.advance(RESUBSCRIBE_MS);
    assert.deepEqual(published, ['bob 1', 'bob 2']);
  });

  it('waits for other nodes to subscribe after each reconnection', async () => {
    const { clock, published: published, redis, add } = setUp();
    redis.reconnect();
    add('bob', '1');
    await clock.advance(RESUBSCRIBE_MS - 1);
    redis.isReady = false;
    await clock.advance(RESUBSCRIBE_MS);
    redis.reconnect();
    await clock.advance(RESUBSCRIBE_MS - 1);
    assert.deepEqual(published, []);
    await clock.advance(1);
    assert.deepEqual(published, ['bob 1']);
  });

  it('drops messages after 20 seconds', async () => {
    const { clock, published: published, redis, buffer: buffer, add } = setUp();
    add('bob', 'old');
    add('carol', 'old');
    await clock.advance(10_000);
    add('bob', 'new');
    await clock.advance(10_000);
    add('dan', 'new');
    assert.deepEqual([buffer.has('bob'), buffer.has('carol')], [true, false]);
    redis.reconnect();
    await clock.advance(RESUBSCRIBE_MS);
    assert.deepEqual(published, ['bob new', 'dan new']);
  });

  it('limits the buffered bytes, and drops the oldest messages of the user with the most', async () => {
    const { clock, published: published, redis, add } = setUp();
    add('bob', 'first', 'alice', MIB);
    for (let index = 0; index < 100; index += 1) {
      add(`user-${index % 10}`, String(index), 'eve', MIB);
    }
    add('bob', 'last', 'alice', MIB);
    redis.reconnect();
    await clock.advance(RESUBSCRIBE_MS);
    const ofAlice = published.filter((message) => message.startsWith('bob'));
    assert.deepEqual(ofAlice, ['bob first', 'bob last']);
    assert.equal(published.length <= 32 && published.length >= 28, true, String(published.length));
    assert.equal(published.includes('user-9 99'), true);
    assert.equal(published.includes('user-0 0'), false);
  });
});
