import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { silentLogger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';
import { WriteBehindQueue } from './write-behind-queue.js';

const UNREACHABLE = new Error('Connection is closed.');

/** A queue, and writes that succeed unless a fault is set. @param fault the initial fault */
function setUp(fault?: Error) {
  const done: string[] = [];
  const state = { fault, isReady: true };
  const queue = new WriteBehindQueue(() => state.isReady, silentLogger);
  const write = (name: string, rejection?: string) =>
    queue.write(async () => {
      const cause = rejection === undefined ? state.fault : new Error(rejection);
      if (cause) throw new UnavailableError('away', { cause });
      done.push(name);
      return name;
    });
  return { done, state, queue, write };
}

describe('WriteBehindQueue', () => {
  it('writes immediately while the store is available', async () => {
    const { done, write: write } = setUp();
    assert.equal(await write('a'), 'a');
    assert.deepEqual(done, ['a']);
  });

  it('replays queued writes in order when the store is available again', async () => {
    const { done, state, queue: queue, write: write } = setUp(UNREACHABLE);
    assert.equal(await write('a'), undefined);
    assert.equal(await write('b'), undefined);
    await queue.flush();
    assert.deepEqual(done, []);
    state.fault = undefined;
    // Queued behind the other writes.
    assert.equal(await write('c'), undefined);
    await queue.flush();
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(await write('d'), 'd');
  });

  it('retries after a temporary error, and drops a write that fails permanently', async () => {
    const loading = new Error('LOADING Redis is loading the dataset in memory');
    const { done, state, queue: queue, write: write } = setUp(loading);
    await write('a');
    await write('never', 'ERR wrong');
    await write('b');
    await queue.flush();
    assert.deepEqual(done, []);
    state.fault = undefined;
    await queue.flush();
    assert.deepEqual(done, ['a', 'b']);
  });

  it('replays 500 writes at a time', async () => {
    const { queue: queue, state, write: write } = setUp(UNREACHABLE);
    state.isReady = false;
    let begun = 0;
    let goOn = () => {};
    const isOver = new Promise<void>((resolve) => (goOn = resolve));
    await write('first');
    const slow = async () => {
      begun += 1;
      await isOver;
    };
    for (let index = 0; index < 1_000; index += 1) await queue.write(slow);
    Object.assign(state, { fault: undefined, isReady: true });
    const flushed = queue.flush();
    await eventually(async () => begun > 0, 'the replay has started');
    assert.equal(begun, 500);
    goOn();
    await flushed;
    assert.equal(begun, 1_000);
  });

  it('replays all writes from the first one that failed, to preserve their order', async () => {
    const { done, state, queue: queue, write: write } = setUp(UNREACHABLE);
    let isFull = true;
    await write('a');
    await queue.write(async () => {
      if (isFull) throw new UnavailableError('away', { cause: new Error('OOM') });
      done.push('b');
    });
    await write('c');
    state.fault = undefined;
    await queue.flush();
    isFull = false;
    await queue.flush();
    assert.deepEqual(done, ['a', 'c', 'b', 'c']);
  });

  it('keeps only the newest write for each key, in its queued form', async () => {
    const { done, state, queue: queue } = setUp(UNREACHABLE);
    const write = (name: string, key: string) =>
      queue.write(() => Promise.reject(UNREACHABLE), {
        key,
        queuedWrite: async () => {
          if (state.fault) throw new UnavailableError('away', { cause: state.fault });
          done.push(name);
        },
      });
    await write('enter a', 'enter');
    await write('leave a', 'leave');
    await write('enter b', 'enter');
    state.fault = undefined;
    await queue.flush();
    assert.deepEqual(done, ['leave a', 'enter b']);
  });

  it('reports whether writes were dropped', async () => {
    const { queue: queue, write: write } = setUp(UNREACHABLE);
    for (let index = 0; index < 10_000; index += 1) await write(String(index));
    assert.equal(queue.resetDropped(), false);
    await write('last');
    assert.equal(queue.resetDropped(), true);
    assert.equal(queue.resetDropped(), false);
  });
});
