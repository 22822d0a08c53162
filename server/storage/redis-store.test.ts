import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { Script } from './redis-store.js';

const append = (text: string) =>
  new Script(`redis.call('RPUSH', ARGV[1] .. 'log', '${text}') return '${text}'`);

describe('RedisStore', { skip: withoutRedis }, () => {
  const redis = useRedis();

  it('retries often while Redis is unreachable, also after a long outage', async () => {
    const store = await redis.newFixture().store();
    for (const { options } of [store.commands, store.listener]) {
      const delays = [1, 2, 3, 1_000].map((attempt) => options.retryStrategy?.(attempt));
      assert.deepEqual(delays, [50, 100, 150, 200]);
    }
  });

  it('runs scripts in order, also if Redis does not know one any more after a restart', async () => {
    const fixture = redis.newFixture();
    const [here, there] = [await fixture.store(), await fixture.store()];
    const [forgotten, known] = [append('forgotten'), append('known')];
    await here.run(forgotten);
    await redis.kill();
    await redis.startAgain();
    await eventually(async () => here.isReady && there.isReady, 'Redis is back');
    await there.run(known);
    await Promise.all([here.run(forgotten), here.run(known)]);
    assert.deepEqual(await here.commands.lrange(`${here.prefix}log`, 0, -1), [
      'known',
      'forgotten',
      'known',
    ]);
  });
});
