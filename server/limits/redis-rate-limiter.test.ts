import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limiterContract } from '../../test/contract/limiter.js';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { createRedisLimiters } from './redis-rate-limiter.js';

describe('limiters over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const { newFixture } = redis;

  limiterContract('limiters', async () => createRedisLimiters(await newFixture().store()));

  it('share their counts among nodes, and set an expiry time on all keys', async () => {
    const fixture = newFixture();
    const stores = [await fixture.store(), await fixture.store()] as const;
    const quota = { points: 3, seconds: 60 };
    const [here, there] = [
      createRedisLimiters(stores[0])('test', quota),
      createRedisLimiters(stores[1])('test', quota),
    ];
    assert.equal(await here.take('alice bob', 2), 0);
    assert.equal(await there.take('alice bob'), 0);
    assert.ok((await here.take('alice bob')) > 0);
    assert.ok((await there.take('alice bob')) > 0);
    const { commands, prefix } = stores[0];
    const keys = await commands.keys(`${prefix}*`);
    assert.deepEqual(keys, [`${prefix}limit:test:alice%20bob`]);
    assert.ok((await commands.pttl(keys[0] ?? '')) > 0);
  });

  it('do not query Redis for keys beyond the limit', async () => {
    const store = await newFixture().store();
    const limiter = createRedisLimiters(store)('test', { points: 2, seconds: 60 });
    for (let count = 0; count < 10; count += 1) await limiter.take('alice');
    assert.equal(await store.commands.get(store.key('limit', 'test', 'alice')), '2');
  });

  it('count in each node while Redis is unreachable, and share counts again afterwards', async () => {
    const fixture = newFixture();
    const quota = { points: 2, seconds: 60 };
    const [here, there] = [
      createRedisLimiters(await fixture.store())('test', quota),
      createRedisLimiters(await fixture.store())('test', quota),
    ];
    assert.equal(await here.take('alice'), 0);
    await redis.kill();
    for (const node of [here, there]) {
      // Requests in flight when the connection breaks are counted as well.
      const waits = await Promise.all([1, 2, 3].map(() => node.take('alice')));
      assert.deepEqual(
        waits.map((wait) => wait > 0),
        [false, false, true],
      );
    }
    await redis.startAgain();
    let taken = 0;
    await eventually(async () => {
      // A node without a connection to Redis lets the first request through.
      taken += 1;
      const key = `bob-${String(taken)}`;
      return (await here.take(key, 2)) === 0 && (await there.take(key)) > 0;
    }, 'the nodes share counts again');
  });

  it('count in the node if Redis does not respond to a command in time', async () => {
    const store = await newFixture().store();
    const limiter = createRedisLimiters(store)('test', { points: 1, seconds: 60 });
    redis.freeze();
    try {
      // Settles although Redis still does not respond.
      const waits = await Promise.all([limiter.take('alice'), limiter.take('alice')]);
      assert.deepEqual(
        waits.map((wait) => wait > 0),
        [false, true],
      );
    } finally {
      redis.goOn();
    }
  });
});
