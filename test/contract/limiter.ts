import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CreateLimiter } from '../../server/limits/rate-limiter.js';
import { eventually } from '../support/eventually.js';

/*
 * The contract of every rate limiter.
 */

/** @param open returns a function that creates unused limiters. The caller of the contract closes it */
export function limiterContract(name: string, open: () => Promise<CreateLimiter>): void {
  describe(name, () => {
    it('let each key take its points, then return how long to wait', async () => {
      const limiter = (await open())('test', { points: 2, seconds: 60 });
      assert.deepEqual([await limiter.take('a'), await limiter.take('a')], [0, 0]);
      const wait = await limiter.take('a');
      assert.ok(wait > 0 && wait <= 60_000, String(wait));
      assert.equal(await limiter.take('b', 2), 0);
      assert.ok((await limiter.take('c', 3)) > 0);
    });

    it('renew the points after the period, however often the key has tried', async () => {
      const limiter = (await open())('test', { points: 1, seconds: 1 });
      assert.equal(await limiter.take('a'), 0);
      const wait = await limiter.take('a', 5);
      assert.ok(wait > 0 && wait <= 1_000, String(wait));
      await eventually(
        async () => (await limiter.take('a')) === 0,
        'the key may take a point again',
      );
      assert.ok((await limiter.take('a')) > 0);
    });

    it('do not exceed the limit under concurrency', async () => {
      const limiter = (await open())('test', { points: 10, seconds: 60 });
      const waits = await Promise.all(Array.from({ length: 50 }, () => limiter.take('a')));
      assert.equal(waits.filter((wait) => wait === 0).length, 10);
    });

    it('keep limits and keys apart whatever characters they contain', async () => {
      const create = await open();
      const quota = { points: 1, seconds: 60 };
      const limiters = [create('test', quota), create('tests', quota)];
      const keys = ['a', 'a b', 'a:b', 'a%20b', 'a!b', 'ä', '\\ud800', '\ud800', '\ud801', '{}'];
      for (const limiter of limiters) {
        for (const key of keys) assert.equal(await limiter.take(key), 0, key);
        for (const key of keys) assert.ok((await limiter.take(key)) > 0, key);
      }
    });
  });
}
