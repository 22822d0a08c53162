import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../test/support/fake-clock.js';
import { Admissions } from './admissions.js';
import { RETURN_RETRY_MS } from '../limits/limits.js';

function setUp(maxConcurrent: number) {
  const clock = createFakeClock();
  const admissions = new Admissions(clock, maxConcurrent);
  const entered: string[] = [];
  const leave = new Map<string, () => void>();
  const enter = (name: string, isReturning: boolean) => {
    void admissions.enter(isReturning).then((release) => {
      entered.push(name);
      leave.set(name, release);
    });
  };
  /** Releases the slot of this device. */
  const end = async (name: string) => {
    leave.get(name)?.();
    await clock.settle();
  };
  return { clock, admissions, entered, enter, end };
}

describe('admissions', () => {
  it('admit returning devices before new devices that arrived earlier', async () => {
    const { clock, admissions, entered, enter, end } = setUp(1);
    enter('first', false);
    enter('new', false);
    enter('returning 1', true);
    enter('returning 2', true);
    await clock.settle();
    assert.deepEqual(entered, ['first']);
    assert.equal(admissions.isBusy, true);
    for (const name of ['first', 'returning 1']) await end(name);
    assert.deepEqual(entered, ['first', 'returning 1', 'returning 2']);
    assert.equal(admissions.isBusy, false);
    await end('returning 2');
    assert.deepEqual(entered.at(-1), 'new');
  });

  it('admit only the configured number at a time, even if a slot is released twice', async () => {
    const { clock, entered, enter, end } = setUp(2);
    for (const name of ['1', '2', '3', '4']) enter(name, false);
    await clock.settle();
    assert.deepEqual(entered, ['1', '2']);
    await end('1');
    await end('1');
    assert.deepEqual(entered, ['1', '2', '3']);
  });

  it('count as busy for RETURN_RETRY_MS after a returning device was rejected', async () => {
    const { clock, admissions } = setUp(1);
    admissions.recordRejection();
    await clock.advance(RETURN_RETRY_MS - 1);
    assert.equal(admissions.isBusy, true);
    await clock.advance(1);
    assert.equal(admissions.isBusy, false);
  });
});
