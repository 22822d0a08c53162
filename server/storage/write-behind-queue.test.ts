import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eventually } from '../../test/support/eventually.js';
import { silentLogger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';
import { WriteBehindQueue } from './write-behind-queue.js';

const AWAY = new Error('Connection is closed.');

/** Steps that are taken as long as nothing is in their way. @param fault what is at first */
function stage(fault?: Error) {
  const done: string[] = [];
  const state = { fault, isReady: true };
  const queue = new WriteBehindQueue(() => state.isReady, silentLogger);
  const take = (name: string, refused?: string) =>
    queue.write(async () => {
      const cause = refused === undefined ? state.fault : new Error(refused);
      if (cause) throw new UnavailableError('away', { cause });
      done.push(name);
      return name;
    });
  return { done, state, owed: queue, take };
}

describe('the steps that Redis is owed', () => {
  it('are taken at once when it is there', async () => {
    const { done, take } = stage();
    assert.equal(await take('a'), 'a');
    assert.deepEqual(done, ['a']);
  });

  it('are taken in their order when it is back', async () => {
    const { done, state, owed: queue, take } = stage(AWAY);
    assert.equal(await take('a'), undefined);
    assert.equal(await take('b'), undefined);
    await queue.flush();
    assert.deepEqual(done, []);
    state.fault = undefined;
    // Behind the others.
    assert.equal(await take('c'), undefined);
    await queue.flush();
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(await take('d'), 'd');
  });

  it('wait for it also when it is there and refuses for now, and not for a step that it never takes', async () => {
    const loading = new Error('LOADING Redis is loading the dataset in memory');
    const { done, state, owed: queue, take } = stage(loading);
    await take('a');
    await take('never', 'ERR wrong');
    await take('b');
    await queue.flush();
    assert.deepEqual(done, []);
    state.fault = undefined;
    await queue.flush();
    assert.deepEqual(done, ['a', 'b']);
  });

  it('are told many at a time', async () => {
    const { owed: queue, state, take } = stage(AWAY);
    state.isReady = false;
    let begun = 0;
    let goOn = () => {};
    const isOver = new Promise<void>((resolve) => (goOn = resolve));
    await take('first');
    const slow = async () => {
      begun += 1;
      await isOver;
    };
    for (let index = 0; index < 1_000; index += 1) await queue.write(slow);
    Object.assign(state, { fault: undefined, isReady: true });
    const flushed = queue.flush();
    await eventually(async () => begun > 0, 'it is being told');
    assert.equal(begun, 500);
    goOn();
    await flushed;
    assert.equal(begun, 1_000);
  });

  it('are told again from the first that failed on, so that none undoes a later one', async () => {
    const { done, state, owed: queue, take } = stage(AWAY);
    let isFull = true;
    await take('a');
    await queue.write(async () => {
      if (isFull) throw new UnavailableError('away', { cause: new Error('OOM') });
      done.push('b');
    });
    await take('c');
    state.fault = undefined;
    await queue.flush();
    isFull = false;
    await queue.flush();
    assert.deepEqual(done, ['a', 'c', 'b', 'c']);
  });

  it('are owed once under a key, each as the newest says, and as it is told late', async () => {
    const { done, state, owed: queue } = stage(AWAY);
    const take = (name: string, key: string) =>
      queue.write(() => Promise.reject(AWAY), {
        key,
        queuedWrite: async () => {
          if (state.fault) throw new UnavailableError('away', { cause: state.fault });
          done.push(name);
        },
      });
    await take('enter a', 'enter');
    await take('leave a', 'leave');
    await take('enter b', 'enter');
    state.fault = undefined;
    await queue.flush();
    assert.deepEqual(done, ['leave a', 'enter b']);
  });

  it('say whether there were too many of them', async () => {
    const { owed: queue, take } = stage(AWAY);
    for (let index = 0; index < 10_000; index += 1) await take(String(index));
    assert.equal(queue.resetDropped(), false);
    await take('last');
    assert.equal(queue.resetDropped(), true);
    assert.equal(queue.resetDropped(), false);
  });
});
