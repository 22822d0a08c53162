import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { OutboundBuffer, LISTEN_MS } from './redis-outbound-buffer.js';

const MIB = 2 ** 20;

/** Words to other nodes, and a Redis that comes and goes. */
function stage() {
  const clock = createFakeClock();
  const said: string[] = [];
  const tellReady: (() => void)[] = [];
  const redis = {
    isReady: false,
    isDeaf: false,
    whenReady: (run: () => void) => void tellReady.push(run),
    comeBack() {
      redis.isReady = true;
      for (const run of tellReady) run();
    },
  };
  const buffer = new OutboundBuffer(
    redis,
    async (channel, text) => {
      if (!redis.isReady || redis.isDeaf) throw new Error('Command timed out');
      said.push(`${channel} ${text.trimEnd()}`);
    },
    clock,
  );
  /** @param bytes filled up with spaces */
  const add = (channel: string, text: string, userID = 'alice', bytes = 0) =>
    buffer.add({ channel, text: text.padEnd(bytes), userID });
  return { clock, said, redis, late: buffer, add };
}

describe('words that could not be said to other nodes', () => {
  it('are said in their order when Redis is back, as soon as the others listen', async () => {
    const { clock, said, redis, late: buffer, add } = stage();
    add('bob', '1');
    add('carol', '2');
    add('bob', '3');
    redis.comeBack();
    await clock.advance(LISTEN_MS - 1);
    assert.deepEqual(said, []);
    assert.deepEqual([buffer.has('bob'), buffer.has('dan')], [true, false]);
    await clock.advance(1);
    assert.deepEqual(said, ['bob 1', 'carol 2', 'bob 3']);
    assert.deepEqual([buffer.has('bob'), buffer.has('carol')], [false, false]);
    assert.equal(clock.timers, 0);
  });

  it('are said also when a command failed and the connection stands', async () => {
    const { clock, said, redis, add } = stage();
    redis.comeBack();
    redis.isDeaf = true;
    add('bob', '1');
    await clock.advance(LISTEN_MS);
    add('bob', '2');
    await clock.advance(LISTEN_MS);
    assert.deepEqual(said, []);
    redis.isDeaf = false;
    await clock.advance(LISTEN_MS);
    assert.deepEqual(said, ['bob 1', 'bob 2']);
  });

  it('wait for the others to listen each time that Redis is back', async () => {
    const { clock, said, redis, add } = stage();
    redis.comeBack();
    add('bob', '1');
    await clock.advance(LISTEN_MS - 1);
    redis.isReady = false;
    await clock.advance(LISTEN_MS);
    redis.comeBack();
    await clock.advance(LISTEN_MS - 1);
    assert.deepEqual(said, []);
    await clock.advance(1);
    assert.deepEqual(said, ['bob 1']);
  });

  it('are of no use after twenty seconds, and do not wait any longer', async () => {
    const { clock, said, redis, late: buffer, add } = stage();
    add('bob', 'old');
    add('carol', 'old');
    await clock.advance(10_000);
    add('bob', 'new');
    await clock.advance(10_000);
    add('dan', 'new');
    assert.deepEqual([buffer.has('bob'), buffer.has('carol')], [true, false]);
    redis.comeBack();
    await clock.advance(LISTEN_MS);
    assert.deepEqual(said, ['bob new', 'dan new']);
  });

  it('are so many bytes: who has said the most loses the oldest of it', async () => {
    const { clock, said, redis, add } = stage();
    add('bob', 'first', 'alice', MIB);
    for (let index = 0; index < 100; index += 1) {
      add(`user-${index % 10}`, String(index), 'eve', MIB);
    }
    add('bob', 'last', 'alice', MIB);
    redis.comeBack();
    await clock.advance(LISTEN_MS);
    const alices = said.filter((word) => word.startsWith('bob'));
    assert.deepEqual(alices, ['bob first', 'bob last']);
    assert.equal(said.length <= 32 && said.length >= 28, true, String(said.length));
    assert.equal(said.includes('user-9 99'), true);
    assert.equal(said.includes('user-0 0'), false);
  });
});
