import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import type { Authentication } from './auth.js';
import { keepAuthenticated } from './renewal.js';

const MINUTE = 60_000;

function setUp(lifeMs: number | undefined, answers: (string | undefined | Error)[] = []) {
  const clock = createFakeClock();
  const start = clock.now();
  const requests: number[] = [];
  const ended: number[] = [];
  const stop = keepAuthenticated(lifeMs === undefined ? undefined : start + lifeMs, {
    userID: 'alice',
    clock,
    ask: () => {
      requests.push(clock.now() - start);
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
  return { clock, requests, ended, stop };
}

describe('keepAuthenticated', () => {
  it('asks for a new token one minute before each expiry', async () => {
    const { clock, requests, ended, stop } = setUp(10 * MINUTE, ['good', 'good']);
    await clock.advance(19 * MINUTE);
    assert.deepEqual(requests, [9 * MINUTE, 18 * MINUTE]);
    assert.deepEqual(ended, []);
    stop();
    assert.equal(clock.timers, 0);
  });

  it('asks again at shrinking intervals without a valid token, and ends the connection at expiry', async () => {
    const { clock, requests, ended } = setUp(10 * MINUTE, [
      undefined,
      new Error('no answer'),
      'bad',
      "bob's",
      'broken',
    ]);
    await clock.advance(20 * MINUTE);
    assert.deepEqual(
      requests.map((at) => 10 * MINUTE - at),
      [60_000, 30_000, 15_000, 7_500, 3_750, 1_875, 875],
    );
    assert.deepEqual(ended, [10 * MINUTE]);
    assert.equal(clock.timers, 0);
  });

  it('ends the connection at expiry even if the check of the new token never finishes', async () => {
    const { clock, requests, ended } = setUp(10 * MINUTE, ['stuck']);
    await clock.advance(20 * MINUTE);
    assert.deepEqual([requests, ended], [[9 * MINUTE], [10 * MINUTE]]);
    assert.equal(clock.timers, 0);
  });

  it('accepts a new token shortly before expiry', async () => {
    const { clock, ended, stop } = setUp(MINUTE, [undefined, undefined, undefined, 'good']);
    await clock.advance(2 * MINUTE);
    assert.deepEqual(ended, []);
    stop();
  });

  it('does not ask when the authentication never expires, or after the connection has closed', async () => {
    const unlimited = setUp(undefined);
    assert.equal(unlimited.clock.timers, 0);
    const closed = setUp(10 * MINUTE, ['good']);
    closed.stop();
    await closed.clock.advance(20 * MINUTE);
    assert.deepEqual([closed.requests, closed.ended], [[], []]);
  });
});
