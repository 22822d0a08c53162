import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { silentLogger } from '../logger.js';
import { UnavailableError } from '../unavailable.js';
import { Owed } from './owed.js';

/** Steps that are taken as long as nothing is in their way. */
function stage() {
  const done: string[] = [];
  const state = { fault: undefined as Error | undefined };
  const owed = new Owed(() => true, silentLogger);
  const take = (name: string, refused?: string) =>
    owed.take(async () => {
      const cause = refused === undefined ? state.fault : new Error(refused);
      if (cause) throw new UnavailableError('away', { cause });
      done.push(name);
      return name;
    });
  return { done, state, owed, take };
}

describe('the steps that Redis is owed', () => {
  it('are taken at once when it is there', async () => {
    const { done, take } = stage();
    assert.equal(await take('a'), 'a');
    assert.deepEqual(done, ['a']);
  });

  it('are taken in their order when it is back', async () => {
    const { done, state, owed, take } = stage();
    state.fault = new Error('Connection is closed.');
    assert.equal(await take('a'), undefined);
    assert.equal(await take('b'), undefined);
    await owed.pay();
    assert.deepEqual(done, []);
    state.fault = undefined;
    // Behind the others.
    assert.equal(await take('c'), undefined);
    await owed.pay();
    assert.deepEqual(done, ['a', 'b', 'c']);
    assert.equal(await take('d'), 'd');
  });

  it('wait for it also when it is there and refuses for now, and not for a step that it never takes', async () => {
    const { done, state, owed, take } = stage();
    state.fault = new Error('LOADING Redis is loading the dataset in memory');
    await take('a');
    await take('never', 'ERR wrong');
    await take('b');
    await owed.pay();
    assert.deepEqual(done, []);
    state.fault = undefined;
    await owed.pay();
    assert.deepEqual(done, ['a', 'b']);
  });
});
