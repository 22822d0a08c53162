import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { CreateLimiter } from '../../server/limits/rate-limiter.js';
import { eventually } from '../support/eventually.js';

/*
 * What every limiter must do.
 */

/** @param open what creates limiters of which nothing is taken yet; whoever gives it closes it */
export function limiterContract(name: string, open: () => Promise<CreateLimiter>): void {
  describe(name, () => {
    it('give each key what it may have, then say how long to wait', async () => {
      const limiter = (await open())('test', { points: 2, seconds: 60 });
      assert.deepEqual([await limiter.take('a'), await limiter.take('a')], [0, 0]);
      const wait = await limiter.take('a');
      assert.ok(wait > 0 && wait <= 60_000, String(wait));
      assert.equal(await limiter.take('b', 2), 0);
      assert.ok((await limiter.take('c', 3)) > 0);
    });

    it('give it anew when that time is over, however often a key has tried', async () => {
      const limiter = (await open())('test', { points: 1, seconds: 1 });
      assert.equal(await limiter.take('a'), 0);
      const wait = await limiter.take('a', 5);
      assert.ok(wait > 0 && wait <= 1_000, String(wait));
      await eventually(async () => (await limiter.take('a')) === 0, 'it may again');
      assert.ok((await limiter.take('a')) > 0);
    });

    it('give no more to many who ask at once', async () => {
      const limiter = (await open())('test', { points: 10, seconds: 60 });
      const waits = await Promise.all(Array.from({ length: 50 }, () => limiter.take('a')));
      assert.equal(waits.filter((wait) => wait === 0).length, 10);
    });

    it('keep apart limits and keys whatever their names', async () => {
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
