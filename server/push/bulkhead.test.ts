import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Bulkhead, Semaphore } from './bulkhead.js';

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('Semaphore', () => {
  it('runs a limited number of jobs at a time, queues others in order, and rejects too many', async () => {
    const semaphore = new Semaphore({ maxRunning: 2, maxWaiting: 1 });
    const started: string[] = [];
    const ends = new Map<string, (error?: Error) => void>();
    const run = (name: string) =>
      semaphore.run(() => {
        started.push(name);
        return new Promise<string>((resolve, reject) => {
          ends.set(name, (error) => (error ? reject(error) : resolve(name)));
        });
      });
    const [a, b, c] = [run('a'), run('b'), run('c')];
    await assert.rejects(run('d'), /too many/);
    await settle();
    assert.deepEqual(started, ['a', 'b']);
    ends.get('a')?.(new Error('broken'));
    await assert.rejects(a, /broken/);
    await settle();
    assert.deepEqual(started, ['a', 'b', 'c']);
    ends.get('b')?.();
    ends.get('c')?.();
    assert.deepEqual(await Promise.all([b, c]), ['b', 'c']);
    const again = [run('e'), run('f')];
    await settle();
    assert.deepEqual(started.slice(3), ['e', 'f']);
    for (const name of ['e', 'f']) ends.get(name)?.();
    await Promise.all(again);
  });
});

describe('Bulkhead', () => {
  it('limits the jobs of each owner, and gives free slots to other owners', async () => {
    const semaphore = new Bulkhead(
      { maxRunning: 3, maxWaiting: 10 },
      { maxRunning: 2, maxWaiting: 1 },
    );
    const started: string[] = [];
    const ends: (() => void)[] = [];
    const run = (owner: string) =>
      semaphore.run(owner, () => {
        started.push(owner);
        return new Promise<void>((resolve) => ends.push(resolve));
      });
    const jobs = [run('eve'), run('eve'), run('eve')];
    await assert.rejects(run('eve'), /too many/);
    jobs.push(run('alice'), run('bob'));
    await settle();
    assert.deepEqual(started, ['eve', 'eve', 'alice']);
    ends[0]?.();
    await settle();
    assert.deepEqual(started.slice(3), ['bob']);
    ends[2]?.();
    await settle();
    assert.deepEqual(started.slice(4), ['eve']);
    for (const end of ends) end();
    await Promise.all(jobs);
    const again = run('eve');
    await settle();
    assert.equal(started.length, 6);
    ends.at(-1)?.();
    await again;
  });
});
