import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Preferences } from '../../server/preferences/preferences.js';
import { MAX_BLOCKED } from '../../src/core/protocol/limits.js';

/*
 * The contract of every store of preferences.
 */

/** An empty store of preferences. */
export interface PreferencesStage {
  readonly preferences: Preferences;
  /** Reopens the store, as after a restart. The previous object is not used any more. */
  readonly again: () => Promise<Preferences>;
}

const person = (userID: string, userName = userID.toUpperCase()) => ({ userID, userName });

export function preferencesContract(name: string, create: () => Promise<PreferencesStage>): void {
  describe(`${name} as Preferences`, () => {
    it('keep do-not-disturb and blocked people of each user, also after a restart', async () => {
      const { preferences, again } = await create();
      assert.deepEqual(await preferences.of('alice'), { blocked: [] });
      assert.equal(
        await preferences.change('alice', { doNotDisturb: { on: true, until: 5 } }),
        'changed',
      );
      await preferences.change('alice', { block: [person('zoe'), person('b!b', 'A name: "ü"')] });
      await preferences.change('bob', { block: [person('alice', '')], doNotDisturb: { on: true } });
      await preferences.change('bob', { doNotDisturb: { on: false } });
      const reopened = await again();
      assert.deepEqual(await reopened.of('alice'), {
        doNotDisturb: { on: true, until: 5 },
        blocked: [person('zoe'), person('b!b', 'A name: "ü"')],
      });
      assert.deepEqual(await reopened.of('bob'), { blocked: [person('alice', '')] });
      await reopened.change('alice', { doNotDisturb: { on: false }, unblock: ['zoe', 'b!b', 'x'] });
      assert.deepEqual(await reopened.of('alice'), { blocked: [] });
      assert.deepEqual(await (await again()).of('alice'), { blocked: [] });
    });

    it('limit the blocked people of a user, and apply a change completely or not at all', async () => {
      const { preferences } = await create();
      const people = Array.from({ length: MAX_BLOCKED }, (_, index) => person(`user${index}`));
      assert.equal(await preferences.change('alice', { block: people }), 'changed');
      const more = { block: [person('more')], doNotDisturb: { on: true } };
      assert.equal(await preferences.change('alice', more), 'too-many');
      assert.deepEqual(await preferences.of('alice'), { blocked: people });
      // People who are named several times count once, and who is blocked and unblocked stays blocked.
      for (const change of [
        { unblock: ['user1', 'user1'], block: [person('more'), person('most')] },
        { unblock: ['user1'], block: [person('user1'), person('more')] },
      ])
        assert.equal(await preferences.change('alice', change), 'too-many');
      assert.equal(await preferences.change('alice', { block: [person('user0')] }), 'changed');
      assert.deepEqual(await preferences.of('alice'), { blocked: people }, 'in the same order');
      assert.equal(await preferences.change('alice', { ...more, unblock: ['user1'] }), 'changed');
      assert.equal((await preferences.of('alice')).blocked.length, MAX_BLOCKED);
      const twice = { unblock: ['user2', 'user3'], block: [person('a'), person('a'), person('b')] };
      assert.equal(await preferences.change('alice', twice), 'changed');
      assert.equal(await preferences.change('bob', { block: [person('more')] }), 'changed');
    });
  });
}
