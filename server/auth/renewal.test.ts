import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import type { Authentication } from './auth.js';
import { keepProved } from './renewal.js';

const MINUTE = 60_000;

function setUp(lifeMs: number | undefined, answers: (string | undefined | Error)[] = []) {
  const clock = createFakeClock();
  const start = clock.now();
  const asked: number[] = [];
  const ended: number[] = [];
  const stop = keepProved(lifeMs === undefined ? undefined : start + lifeMs, {
    userID: 'alice',
    clock,
    ask: () => {
      asked.push(clock.now() - start);
      const answer = answers.shift();
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    check: (token): Promise<Authentication> => {
      if (token === 'stuck') return new Promise(() => {});
      if (token === 'broken') return Promise.reject(new Error('no keys'));
      if (token === 'bad') return Promise.resolve({ ok: false, message: 'bad' });
      const userID = token === "bob's" ? 'bob' : 'alice';
      return Promise.resolve({ ok: true, userID, expiresAt: clock.now() + 10 * MINUTE });
    },
    end: () => ended.push(clock.now() - start),
  });
  return { clock, asked, ended, stop };
}

describe('a proof that expires', () => {
  it('is renewed a minute before, each time', async () => {
    const { clock, asked, ended, stop } = setUp(10 * MINUTE, ['good', 'good']);
    await clock.advance(19 * MINUTE);
    assert.deepEqual(asked, [9 * MINUTE, 18 * MINUTE]);
    assert.deepEqual(ended, []);
    stop();
    assert.equal(clock.timers, 0);
  });

  it('is asked for again, more often the less time is left, and ends the connection in time', async () => {
    const { clock, asked, ended } = setUp(10 * MINUTE, [
      undefined,
      new Error('no answer'),
      'bad',
      "bob's",
      'broken',
    ]);
    await clock.advance(20 * MINUTE);
    assert.deepEqual(
      asked.map((at) => 10 * MINUTE - at),
      [60_000, 30_000, 15_000, 7_500, 3_750, 1_875, 875],
    );
    assert.deepEqual(ended, [10 * MINUTE]);
    assert.equal(clock.timers, 0);
  });

  it('ends the connection in time also when it is never found out whether the new one is good', async () => {
    const { clock, asked, ended } = setUp(10 * MINUTE, ['stuck']);
    await clock.advance(20 * MINUTE);
    assert.deepEqual([asked, ended], [[9 * MINUTE], [10 * MINUTE]]);
    assert.equal(clock.timers, 0);
  });

  it('may come at the last moment', async () => {
    const { clock, ended, stop } = setUp(MINUTE, [undefined, undefined, undefined, 'good']);
    await clock.advance(2 * MINUTE);
    assert.deepEqual(ended, []);
    stop();
  });

  it('is not asked for when it is for good, or when the connection has gone', async () => {
    const forever = setUp(undefined);
    assert.equal(forever.clock.timers, 0);
    const gone = setUp(10 * MINUTE, ['good']);
    gone.stop();
    await gone.clock.advance(20 * MINUTE);
    assert.deepEqual([gone.asked, gone.ended], [[], []]);
  });
});
