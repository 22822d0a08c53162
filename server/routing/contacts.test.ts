import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { Contacts } from './contacts.js';
import { MAY_CALL_TIMEOUT_MS } from '../limits/limits.js';

type Answer = boolean | Promise<boolean>;

/** @param answers results of `mayCall`, in order */
function setUp(...answers: Answer[]) {
  const clock = createFakeClock();
  const queries: string[] = [];
  const contacts = new Contacts((from, to) => {
    queries.push(`${from} ${to}`);
    return answers.shift() ?? true;
  }, clock);
  const blocked = async (from: string, ...to: string[]) => [...(await contacts.blocked(from, to))];
  return { clock, queries, blocked };
}

describe('Contacts', () => {
  it('calls mayCall once for each pair, and not for the user itself', async () => {
    const { queries: queries, blocked: blocked } = setUp(false, true);
    assert.deepEqual(await blocked('alice', 'bob', 'carol', 'bob', 'alice'), ['bob']);
    assert.deepEqual(queries, ['alice bob', 'alice carol']);
  });

  it('caches an answer for 5 seconds', async () => {
    const { clock, queries: queries, blocked: blocked } = setUp(false, true);
    assert.deepEqual(await blocked('alice', 'bob'), ['bob']);
    await clock.advance(5_000);
    assert.deepEqual(await blocked('alice', 'bob'), ['bob']);
    await clock.advance(1);
    assert.deepEqual(await blocked('alice', 'bob'), []);
    assert.equal(queries.length, 2);
  });

  it('calls mayCall once for concurrent queries', async () => {
    const { queries: queries, blocked: blocked } = setUp(Promise.resolve(false));
    const both = await Promise.all([blocked('alice', 'bob'), blocked('alice', 'bob')]);
    assert.deepEqual(both, [['bob'], ['bob']]);
    assert.equal(queries.length, 1);
  });

  it('does not cache a rejection of mayCall', async () => {
    const { queries: queries, blocked: blocked } = setUp(
      Promise.reject(new Error('no database')),
      false,
    );
    await assert.rejects(blocked('alice', 'bob'), /no database/);
    assert.deepEqual(await blocked('alice', 'bob'), ['bob']);
    assert.equal(queries.length, 2);
  });

  it('rejects when mayCall does not answer in time, and calls it again the next time', async () => {
    const { clock, queries: queries, blocked: blocked } = setUp(new Promise(() => {}), false);
    const first = assert.rejects(blocked('alice', 'bob'), /in time/);
    await clock.advance(MAY_CALL_TIMEOUT_MS);
    await first;
    assert.deepEqual(await blocked('alice', 'bob'), ['bob']);
    assert.equal(queries.length, 2);
  });
});
