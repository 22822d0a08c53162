import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_USERS_PER_CALL } from '../../server/limits.js';
import type { Presence } from '../../server/presence.js';
import { eventually } from '../support/eventually.js';

/*
 * What every presence must do.
 */

export interface PresenceStage {
  readonly presence: Presence;
  /** Lets so much time pass that a call that nobody is in, and nobody has touched since, may be forgotten. */
  readonly forgetCalls: () => Promise<void>;
}
type Open = (vanishAfterMs: number) => Promise<PresenceStage>;

/** A device is named after its user: `alice-1`. */
export const device = (deviceID: string, userName = 'A') => ({
  userID: deviceID.split('-')[0] ?? '',
  userName,
  deviceID,
});

/** @param open a presence of which nothing is known yet; whoever gives it closes it */
export function presenceContract(name: string, open: Open): void {
  describe(`${name} as a Presence`, () => {
    const create = async (vanishAfterMs = 3_600_000) => (await open(vanishAfterMs)).presence;

    it('knows the connected devices of a user', async () => {
      const presence = await create();
      assert.equal(await presence.connect(device('alice-1'), 'x'), true);
      assert.equal(await presence.connect(device('alice-2', 'Al'), 'y'), true);
      assert.deepEqual(await presence.devicesOf('alice'), ['alice-1', 'alice-2']);
      assert.deepEqual(await presence.users(), [{ userID: 'alice', userName: 'Al' }]);
      await presence.disconnect('alice-1', 'x');
      await presence.disconnect('alice-2', 'y');
      assert.deepEqual(await presence.devicesOf('alice'), []);
      assert.deepEqual(await presence.users(), []);
      assert.equal(await presence.standing('alice-1'), undefined);
    });

    it("takes no device that is another user's, connected or waited for", async () => {
      const presence = await create();
      const stolen = { ...device('alice-1'), userID: 'eve' };
      await presence.connect(device('alice-1'), 'x');
      assert.equal(await presence.connect(stolen, 'y'), false);
      await presence.enter(device('alice-1'), 'call');
      await presence.disconnect('alice-1', 'x');
      assert.equal(await presence.connect(stolen, 'y'), false);
      assert.equal((await presence.standing('alice-1'))?.device.userID, 'alice');
    });

    it('takes the end of an older connection for no end', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'old');
      await presence.connect(device('alice-1'), 'new');
      await presence.disconnect('alice-1', 'old');
      assert.equal((await presence.standing('alice-1'))?.connected, true);
    });

    it('keeps the ID of a device for its user, also when it has gone, whatever others say of it', async () => {
      const presence = await create(3_600_000);
      const as = (userID: string) => ({ ...device('alice-1'), userID });
      // Said of by somebody, it belongs to nobody yet.
      await presence.enter(as('eve'), 'call');
      assert.equal(await presence.connect(as('alice'), 'x'), true);
      assert.deepEqual(await presence.devicesIn('call'), []);
      assert.equal(await presence.connect(as('eve'), 'y'), false);
      await presence.disconnect('alice-1', 'x');
      assert.equal(await presence.standing('alice-1'), undefined);
      assert.equal(await presence.connect(as('eve'), 'y'), false);
      await presence.enter(as('eve'), 'call');
      assert.deepEqual(await presence.devicesIn('call'), []);
      assert.equal(await presence.connect(as('alice'), 'z'), true);
    });

    it('tells once of a device that was waited for in vain, and knows that it is lost', async () => {
      const presence = await create(20);
      const told: string[] = [];
      presence.whenVanished(async ({ deviceID }, callID) => {
        told.push(`${deviceID} ${callID}`);
      });
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      await presence.disconnect('alice-1', 'x');
      // Never seen here: somebody has said that it is in the call.
      await presence.enter(device('bob-1'), 'call');
      await eventually(async () => told.length >= 2, 'both are told of');
      // A second word of either would come no later than this one.
      await presence.enter(device('carol-1'), 'call');
      await eventually(async () => told.includes('carol-1 call'), 'the last one');
      assert.deepEqual(told, ['alice-1 call', 'bob-1 call', 'carol-1 call']);
      assert.equal(await presence.isLost('alice-1'), true);
      assert.deepEqual(await presence.devicesIn('call'), []);
      await presence.connect(device('alice-1'), 'y');
      assert.equal(await presence.isLost('alice-1'), false);
    });

    it('has each device in one call at most', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'one');
      await presence.enter(device('alice-1'), 'two');
      assert.deepEqual(await presence.devicesIn('one'), []);
      await presence.leave('alice-1', 'one');
      assert.equal((await presence.devicesIn('two')).length, 1);
      assert.equal((await presence.lose('alice-1', 'alice'))?.callID, 'two');
      assert.equal(await presence.lose('alice-1', 'alice'), undefined);
      assert.equal(await presence.isLost('alice-1'), false, 'it is connected');
    });

    it("loses no device that is another user's, and notes none that is not known", async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      assert.equal(await presence.lose('alice-1', 'eve'), undefined);
      assert.equal((await presence.standing('alice-1'))?.callID, 'call');
      await presence.disconnect('alice-1', 'x');
      assert.equal(await presence.lose('alice-1', 'eve'), undefined);
      assert.equal(await presence.isLost('alice-1'), false);
      assert.equal(await presence.lose('eve-1', 'eve'), undefined);
      assert.equal(await presence.isLost('eve-1'), false);
      assert.equal((await presence.lose('alice-1', 'alice'))?.callID, 'call');
      assert.equal(await presence.isLost('alice-1'), true);
    });

    it('remembers whom a call concerns while it goes on, and for a while after', async () => {
      const { presence, forgetCalls } = await open(3_600_000);
      const usersOf = async (callID: string) => [...(await presence.involved(callID)).users].sort();
      await presence.involve('running', ['alice', 'bob']);
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'running');
      await presence.involve('over', ['carol']);
      await forgetCalls();
      await presence.involve('other', ['dan']);
      assert.deepEqual(await usersOf('running'), ['alice', 'bob']);
      assert.deepEqual(await usersOf('over'), []);
      await presence.leave('alice-1', 'running');
      await forgetCalls();
      await presence.involve('other', ['dan']);
      assert.deepEqual(await usersOf('running'), []);
    });

    it('knows whether those are all whom a call concerns', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      assert.deepEqual(await presence.involved('call'), { users: new Set(), all: false });
      await presence.involve('call', ['alice', 'bob'], true);
      await presence.involve('call', ['carol']);
      const users = new Set(['alice', 'bob', 'carol']);
      assert.deepEqual(await presence.involved('call'), { users, all: true });
    });

    it('remembers only so many users of a call: of those that do not fit, nobody is added', async () => {
      const presence = await create();
      const users = Array.from(
        { length: MAX_USERS_PER_CALL },
        (_, index) => `user-${String(index)}`,
      );
      const size = async () => (await presence.involved('crowd')).users.size;
      // A call that nobody is in may be forgotten meanwhile.
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'crowd');
      assert.equal(await presence.involve('crowd', [...users, 'one more'], true), false);
      assert.deepEqual(await presence.involved('crowd'), { users: new Set(), all: false });
      assert.equal(await presence.involve('crowd', users.slice(0, -1), true), true);
      assert.equal(await presence.involve('crowd', ['user-0', 'alice', 'bob']), false);
      assert.equal(await size(), MAX_USERS_PER_CALL - 1);
      assert.equal(await presence.involve('crowd', ['user-0', 'alice', 'alice']), true);
      assert.equal(
        await presence.involve('crowd', ['user-0', 'alice'], true),
        true,
        'they are in it',
      );
      assert.equal(await presence.involve('crowd', ['bob']), false);
      assert.equal(await size(), MAX_USERS_PER_CALL);
    });
  });
}
