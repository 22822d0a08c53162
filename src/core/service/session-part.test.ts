import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { SessionPart } from './session-part.js';

function setUp() {
  const clock = createFakeClock();
  const done: string[] = [];
  const reported: unknown[] = [];
  const loading = { fails: false, count: 0 };
  const loaded = { stop: () => void done.push('stop') };
  const part = new SessionPart(
    () => {
      loading.count += 1;
      return loading.fails ? Promise.reject(new Error('no file')) : Promise.resolve(loaded);
    },
    { clock, report: (error) => reported.push(error) },
  );
  const run = (name: string): void => part.run(() => void done.push(name));
  return { clock, part, loading, done, reported, run };
}

describe('SessionPart', () => {
  it('runs jobs in their order, also if it could not be loaded at first', async () => {
    const { clock, loading, done, reported, run } = setUp();
    loading.fails = true;
    run('first');
    await clock.settle();
    run('second');
    loading.fails = false;
    await clock.advance(9_999);
    assert.deepEqual(done, []);
    run('third');
    await clock.advance(1);
    assert.deepEqual(done, ['first', 'second', 'third']);
    run('fourth');
    await clock.settle();
    assert.deepEqual(done.at(-1), 'fourth');
    assert.deepEqual([reported.length, loading.count], [1, 2]);
  });

  it('reports one outage once, and a job that throws stops no other job', async () => {
    const { clock, part, loading, done, reported, run } = setUp();
    loading.fails = true;
    run('first');
    await clock.advance(25_000);
    assert.equal(reported.length, 1);
    loading.fails = false;
    part.run(() => {
      throw new Error('of the job');
    });
    run('last');
    await clock.advance(10_000);
    assert.deepEqual(done, ['first', 'last']);
    assert.equal(reported.length, 2);
  });

  it('does not load again after it was stopped', async () => {
    const { clock, part, loading, done, run } = setUp();
    loading.fails = true;
    run('first');
    await clock.settle();
    part.stop();
    loading.fails = false;
    await clock.advance(60_000);
    assert.deepEqual([done, loading.count], [[], 1]);
  });
});
