import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_BLOCKED } from '../../src/core/protocol/limits.js';
import { MAX_BLOCKED_IN_ALL } from '../limits/limits.js';
import { MemoryPreferences } from './memory-preferences.js';

const people = Array.from({ length: MAX_BLOCKED }, (_, index) => ({
  userID: `stranger-${index}`,
  userName: 'Stranger',
}));

describe('preferences in memory', () => {
  it('of all users have room for do-not-disturb when no more people can be blocked', async () => {
    const preferences = new MemoryPreferences();
    const quiet = { doNotDisturb: { on: true } as const };
    const block = { block: people };
    assert.equal(await preferences.change('quiet-1', quiet), 'changed');
    let results = 0;
    while (results * (MAX_BLOCKED + 1) < MAX_BLOCKED_IN_ALL) {
      assert.equal(await preferences.change(`user-${results}`, block), 'changed');
      results += 1;
    }
    assert.equal(await preferences.change('quiet-1', block), 'full');
    assert.equal(await preferences.change('quiet-2', quiet), 'changed');
    // Who blocks nobody any more gives the room back.
    assert.equal(
      await preferences.change('user-0', { unblock: people.map((p) => p.userID) }),
      'changed',
    );
    assert.equal(await preferences.change('quiet-1', block), 'changed');
  });
});
