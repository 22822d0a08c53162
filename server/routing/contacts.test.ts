import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { Contacts } from './contacts.js';
import { MAY_CALL_TIMEOUT_MS } from '../limits/limits.js';

type Answer = boolean | Promise<boolean>;

/** @param answers what `mayCall` says each time it is asked */
function setUp(...answers: Answer[]) {
  const clock = createFakeClock();
  const asked: string[] = [];
  const contacts = new Contacts((from, to) => {
    asked.push(`${from} ${to}`);
    return answers.shift() ?? true;
  }, clock);
  const barred = async (from: string, ...to: string[]) => [...(await contacts.blocked(from, to))];
  return { clock, asked, barred };
}

describe('who may call whom', () => {
  it('is asked for each two once, and not for oneself', async () => {
    const { asked, barred } = setUp(false, true);
    assert.deepEqual(await barred('alice', 'bob', 'carol', 'bob', 'alice'), ['bob']);
    assert.deepEqual(asked, ['alice bob', 'alice carol']);
  });

  it('is asked again after five seconds, not before', async () => {
    const { clock, asked, barred } = setUp(false, true);
    assert.deepEqual(await barred('alice', 'bob'), ['bob']);
    await clock.advance(5_000);
    assert.deepEqual(await barred('alice', 'bob'), ['bob']);
    await clock.advance(1);
    assert.deepEqual(await barred('alice', 'bob'), []);
    assert.equal(asked.length, 2);
  });

  it('is asked once by those who ask while it is found out', async () => {
    const { asked, barred } = setUp(Promise.resolve(false));
    const both = await Promise.all([barred('alice', 'bob'), barred('alice', 'bob')]);
    assert.deepEqual(both, [['bob'], ['bob']]);
    assert.equal(asked.length, 1);
  });

  it('is asked again at once when it could not be found out', async () => {
    const { asked, barred } = setUp(Promise.reject(new Error('no database')), false);
    await assert.rejects(barred('alice', 'bob'), /no database/);
    assert.deepEqual(await barred('alice', 'bob'), ['bob']);
    assert.equal(asked.length, 2);
  });

  it('can not be found out when there is no answer in time, and is asked again', async () => {
    const { clock, asked, barred } = setUp(new Promise(() => {}), false);
    const first = assert.rejects(barred('alice', 'bob'), /in time/);
    await clock.advance(MAY_CALL_TIMEOUT_MS);
    await first;
    assert.deepEqual(await barred('alice', 'bob'), ['bob']);
    assert.equal(asked.length, 2);
  });
});
