import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MAX_NAMED,
  mergeMember,
  type CallChange,
  type CallMember,
} from '../../server/calls/call-knowledge.js';
import { MAX_CALLS_PER_DEVICE, MAX_USERS_PER_CALL } from '../../server/limits/limits.js';
import type { Presence } from '../../server/presence/presence.js';
import { eventually } from '../support/eventually.js';

/*
 * The contract of every presence adapter.
 */

export interface PresenceStage {
  readonly presence: Presence;
  /** Waits so long that a call may be removed that has no devices and was not used since. */
  readonly forgetCalls: () => Promise<void>;
}
type Open = (vanishAfterMs: number) => Promise<PresenceStage>;

/** A device that is named after its user: `alice-1`. */
export const device = (deviceID: string, userName = 'A') => ({
  userID: deviceID.split('-')[0] ?? '',
  userName,
  deviceID,
});

/** @param open creates an empty presence. The caller of the contract closes it */
export function presenceContract(name: string, open: Open): void {
  describe(`${name} as a Presence`, () => {
    const create = async (vanishAfterMs = 3_600_000) => (await open(vanishAfterMs)).presence;

    it('returns the connected devices of a user', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.connect(device('alice-2', 'Al'), 'y');
      assert.deepEqual(await presence.devicesOf('alice'), ['alice-1', 'alice-2']);
      assert.deepEqual(await presence.users(), [{ userID: 'alice', userName: 'Al' }]);
      await presence.disconnect(device('alice-1'), 'x');
      await presence.disconnect(device('alice-2'), 'y');
      assert.deepEqual(await presence.devicesOf('alice'), []);
      assert.deepEqual(await presence.users(), []);
      assert.equal(await presence.standing(device('alice-1')), undefined);
    });

    it('keeps devices of two users with the same device ID apart', async () => {
      const presence = await create();
      const eve = { ...device('alice-1'), userID: 'eve', userName: 'Eve' };
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      await presence.connect(eve, 'y');
      await presence.enter(eve, 'other');
      assert.equal((await presence.standing(device('alice-1')))?.callID, 'call');
      assert.equal((await presence.standing(eve))?.callID, 'other');
      await presence.disconnect(eve, 'x');
      await presence.leave(eve, 'call');
      await presence.lose(eve);
      assert.deepEqual(await presence.standing(device('alice-1')), {
        device: device('alice-1'),
        connected: true,
        callID: 'call',
      });
      await presence.disconnect(eve, 'y');
      assert.equal(await presence.standing(eve), undefined);
      assert.deepEqual(await presence.devicesOf('alice'), ['alice-1']);
      assert.deepEqual(await presence.devicesOf('eve'), []);
    });

    it('ignores the end of a connection that was replaced', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'old');
      await presence.connect(device('alice-1'), 'new');
      await presence.disconnect(device('alice-1'), 'old');
      assert.equal((await presence.standing(device('alice-1')))?.connected, true);
    });

    it('reports a device that does not reconnect in time once, and marks it as lost', async () => {
      const presence = await create(20);
      const reported: string[] = [];
      presence.whenVanished(async ({ deviceID }, callID) => {
        reported.push(`${deviceID} ${callID}`);
      });
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      await presence.disconnect(device('alice-1'), 'x');
      // A device that was never connected, but that others report to be in the call.
      await presence.enter(device('bob-1'), 'call');
      await eventually(async () => reported.length >= 2, 'both devices are reported');
      // A second report of either would arrive before this one.
      await presence.enter(device('carol-1'), 'call');
      await eventually(
        async () => reported.includes('carol-1 call'),
        'the last device is reported',
      );
      assert.deepEqual(reported, ['alice-1 call', 'bob-1 call', 'carol-1 call']);
      assert.equal(await presence.isLost(device('alice-1')), true);
      assert.deepEqual(await presence.devicesIn('call'), []);
      await presence.connect(device('alice-1'), 'y');
      assert.equal(await presence.isLost(device('alice-1')), false);
    });

    it('tracks each device in at most one call', async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'one');
      await presence.enter(device('alice-1'), 'two');
      assert.deepEqual(await presence.devicesIn('one'), []);
      await presence.leave(device('alice-1'), 'one');
      assert.equal((await presence.devicesIn('two')).length, 1);
      assert.equal((await presence.lose({ ...device('alice-1'), userID: 'alice' }))?.callID, 'two');
      assert.equal(await presence.lose({ ...device('alice-1'), userID: 'alice' }), undefined);
      assert.equal(await presence.isLost(device('alice-1')), false, 'the device is connected');
    });

    it('keeps a device in several calls if it says so', async () => {
      const presence = await create();
      const alice = device('alice-1');
      const inside = async (callID: string) => (await presence.devicesIn(callID)).length;
      await presence.connect(alice, 'x');
      await presence.enter(alice, 'one');
      await presence.enter(alice, 'two', true);
      await presence.enter(alice, 'three', true);
      await presence.enter(alice, 'one', true);
      assert.deepEqual(await presence.standing(alice), {
        device: alice,
        connected: true,
        callID: 'one',
        otherCallIDs: ['two', 'three'],
      });
      await presence.leave(alice, 'two');
      assert.deepEqual(
        [await inside('one'), await inside('two'), await inside('three')],
        [1, 0, 1],
      );
      const before = await presence.lose(alice);
      assert.deepEqual([before?.callID, before?.otherCallIDs], ['one', ['three']]);
      assert.deepEqual([await inside('one'), await inside('three')], [0, 0]);
      // A further call leaves the oldest one; one that keeps none leaves all.
      const calls = Array.from({ length: MAX_CALLS_PER_DEVICE + 1 }, (_, index) => `call-${index}`);
      for (const callID of calls) await presence.enter(alice, callID, true);
      const [oldest = '', second = '', last = ''] = [...calls.slice(0, 2), ...calls.slice(-1)];
      assert.deepEqual([await inside(oldest), await inside(second), await inside(last)], [0, 1, 1]);
      await presence.enter(alice, 'alone');
      assert.deepEqual(
        [await inside(second), await inside(last), await inside('alone')],
        [0, 0, 1],
      );
    });

    it('knows the calls that connected devices have stated to be in', async () => {
      const presence = await create();
      const [one, two] = [device('alice-1'), device('alice-2')];
      await presence.state(one, ['early']);
      assert.deepEqual(await presence.busyDevicesOf('alice'), [], 'it is not connected');
      await presence.connect(one, 'x');
      await presence.connect(two, 'y');
      await presence.connect(device('bob-1'), 'z');
      await presence.state(one, ['a call', 'other']);
      await presence.state(device('bob-1'), ['a call']);
      const busy = { deviceID: 'alice-1', callIDs: ['a call', 'other'] };
      assert.deepEqual(await presence.busyDevicesOf('alice'), [busy]);
      assert.deepEqual((await presence.standing(one))?.statedCallIDs, ['a call', 'other']);
      // It may return.
      await presence.disconnect(one, 'x');
      assert.deepEqual(await presence.busyDevicesOf('alice'), [busy]);
      await presence.connect(one, 'x2');
      await presence.state(one, []);
      await presence.state(two, ['third']);
      assert.deepEqual(await presence.busyDevicesOf('alice'), [
        { deviceID: 'alice-2', callIDs: ['third'] },
      ]);
      assert.deepEqual((await presence.lose(two))?.statedCallIDs, ['third']);
      assert.deepEqual(await presence.busyDevicesOf('alice'), []);
      assert.equal(await presence.lose(two), undefined);
    });

    it('reports once that a lost device is in none of the calls that it has stated', async () => {
      const presence = await create(20);
      const free: string[] = [];
      presence.whenFree(async ({ deviceID }) => void free.push(deviceID));
      for (const [index, callIDs] of [['call'], [], ['call']].entries()) {
        const one = device(`alice-${index}`);
        await presence.connect(one, `${index}`);
        if (index === 2) await presence.enter(one, 'call');
        await presence.state(one, callIDs);
        await presence.disconnect(one, `${index}`);
      }
      await eventually(async () => free.length >= 2, 'both devices are reported');
      assert.deepEqual(free.sort(), ['alice-0', 'alice-2']);
      assert.deepEqual(await presence.busyDevicesOf('alice'), []);
    });

    it('reports a lost device in each of its calls', async () => {
      const presence = await create(20);
      const reported: string[] = [];
      presence.whenVanished(async (_, callID) => void reported.push(callID));
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'one');
      await presence.enter(device('alice-1'), 'two', true);
      await presence.disconnect(device('alice-1'), 'x');
      await eventually(async () => reported.length === 2, 'both calls');
      assert.deepEqual(reported.sort(), ['one', 'two']);
    });

    it("does not mark another user's device, or an unknown one, as lost", async () => {
      const presence = await create();
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      assert.equal(await presence.lose({ ...device('alice-1'), userID: 'eve' }), undefined);
      assert.equal((await presence.standing(device('alice-1')))?.callID, 'call');
      await presence.disconnect(device('alice-1'), 'x');
      assert.equal(await presence.lose({ ...device('alice-1'), userID: 'eve' }), undefined);
      assert.equal(await presence.isLost(device('alice-1')), false);
      assert.equal(await presence.lose({ ...device('eve-1'), userID: 'eve' }), undefined);
      assert.equal(await presence.isLost(device('eve-1')), false);
      assert.equal(
        (await presence.lose({ ...device('alice-1'), userID: 'alice' }))?.callID,
        'call',
      );
      assert.equal(await presence.isLost(device('alice-1')), true);
    });

    const invited = (inviter = 'alice', more: Partial<CallMember> = {}): CallMember => ({
      round: 1,
      state: 'inviting',
      inviter,
      ...more,
    });
    const noted = (...users: string[]) => ({
      members: new Map(users.map((user) => [user, invited()])),
    });

    it('stores a call while it has devices, and for some time after', async () => {
      const { presence, forgetCalls } = await open(3_600_000);
      const usersOf = async (callID: string) =>
        [...(await presence.call(callID)).members.keys()].sort();
      await presence.note('running', noted('alice', 'bob'));
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'running');
      await presence.note('over', noted('carol'));
      await forgetCalls();
      await presence.note('other', noted('dan'));
      assert.deepEqual(await usersOf('running'), ['alice', 'bob']);
      assert.deepEqual(await usersOf('over'), []);
      await presence.leave(device('alice-1'), 'running');
      await forgetCalls();
      await presence.note('other', noted('dan'));
      assert.deepEqual(await usersOf('running'), []);
    });

    it('returns the origin, the members and the devices of a call, and the requested names', async () => {
      const presence = await create();
      await presence.connect(device('alice-1', 'Al i"ce'), 'x');
      await presence.enter(device('alice-1', 'Al i"ce'), 'call');
      const origin = { initiator: 'alice', endWithInitiator: true, isComplete: true };
      const members = new Map([
        ['alice', invited('alice', { state: 'in', device: 'alice-1' })],
        ['bob :!é', invited()],
      ]);
      assert.equal(await presence.note('call', { origin, members }), 'noted');
      const other = { ...origin, initiator: 'eve' };
      const added = new Map([['eve', invited('eve')]]);
      assert.equal(
        await presence.note('call', { origin: other, members: added }),
        'other-initiator',
      );
      const named = new Map([['carol', ['alice', 'bob :!é']]]);
      assert.equal(await presence.note('call', { named }), 'noted');
      const { devices, ...call } = await presence.call('call', ['alice', 'nobody']);
      assert.deepEqual(call, {
        origin,
        members,
        named: new Map([['carol', new Set(['alice', 'bob :!é'])]]),
        userNames: new Map([['alice', 'Al i"ce']]),
      });
      assert.deepEqual(
        devices.map((one) => [one.device.deviceID, one.connected]),
        [['alice-1', true]],
      );
      assert.deepEqual((await presence.call('another')).members, new Map());
    });

    it('merges the states of a member as clients do, and keeps the first inviter', async () => {
      const states: CallMember[] = [];
      for (const round of [1, 2]) {
        for (const state of MEMBER_STATES) {
          const device = state === 'in' || state === 'left' ? ['d-1', 'd-2'] : [undefined];
          for (const one of device) {
            for (const inviter of ['alice', 'zed']) {
              states.push({ round, state, inviter, ...(one && { device: one }) });
            }
          }
        }
      }
      const presence = await create();
      let serial = 0;
      for (const first of states) {
        for (const second of states) {
          if ((serial += 1) % 7 !== 0) continue;
          const callID = `merge-${serial}`;
          // A call without devices might be removed meanwhile.
          await presence.enter(device('alice-1'), callID);
          for (const member of [first, second]) {
            await presence.note(callID, { members: new Map([['bob', member]]) });
          }
          const { members } = await presence.call(callID);
          assert.deepEqual(
            members.get('bob'),
            mergeMember(first, second),
            JSON.stringify([first, second]),
          );
        }
      }
    });

    it('limits the users of a call, and applies a change completely or not at all', async () => {
      const presence = await create();
      const users = Array.from(
        { length: MAX_USERS_PER_CALL },
        (_, index) => `user-${String(index)}`,
      );
      const origin = { initiator: 'alice', endWithInitiator: true, isComplete: true };
      // A call without devices might be removed meanwhile.
      await presence.enter(device('alice-1'), 'crowd');
      const note = (change: CallChange) => presence.note('crowd', change);
      assert.equal(await note({ origin, ...noted(...users, 'one more') }), 'too-many');
      const { members, origin: begun } = await presence.call('crowd');
      assert.deepEqual([members.size, begun], [0, undefined]);
      assert.equal(await note({ origin, ...noted(...users.slice(0, -1)) }), 'noted');
      const ringing = invited('alice', { state: 'ringing' });
      const late = new Map([
        ['user-0', ringing],
        ['bob', invited()],
        ['carol', invited()],
      ]);
      assert.equal(await note({ members: late }), 'too-many');
      assert.equal((await presence.call('crowd')).members.get('user-0')?.state, 'inviting');
      late.delete('carol');
      assert.equal(await note({ members: late }), 'noted');
      assert.equal(await note({ members: late }), 'noted', 'they are members already');
      assert.equal(await note(noted('carol')), 'too-many');
      assert.equal((await presence.call('crowd')).members.size, MAX_USERS_PER_CALL);

      const named = (some: readonly string[]) => ({
        named: new Map(some.map((user) => [user, ['alice']])),
      });
      assert.equal(await note(named([...users, 'one more'])), 'too-many');
      assert.equal(await note(named(users)), 'noted');
      assert.equal(await note(named(['one more'])), 'too-many');
      assert.equal(await note({ named: new Map([['user-0', users]]) }), 'noted');
      const known = await presence.call('crowd');
      assert.equal(known.named.size, MAX_USERS_PER_CALL);
      assert.equal(known.named.get('user-0')?.size, MAX_NAMED);
    });
  });
}

const MEMBER_STATES = [
  ...(['withheld', 'inviting', 'ringing', 'declined', 'busy', 'canceled', 'timeout'] as const),
  ...(['unreachable', 'glare', 'unsupported', 'in', 'left'] as const),
];
