import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTHING_KNOWN, type CallKnowledge, type CallMember } from './call-knowledge.js';
import { invitedByOthers, missedRecords } from './corrections.js';

const member = (state: CallMember['state'], inviter = 'alice', device?: string): CallMember => ({
  ...{ round: 1, state, inviter },
  ...(device !== undefined && { device }),
});

describe('what the server tells an inviter', () => {
  const told = (carol: CallMember) =>
    invitedByOthers('bob', ['carol'], new Map([['carol', carol]]));

  it('is that another member has invited the user before', () => {
    assert.deepEqual(told(member('ringing')), [
      { user: 'carol', round: 1, state: 'inviting', inviter: 'alice' },
    ]);
  });

  it('is how that invitation was decided', () => {
    assert.deepEqual(told(member('canceled')), [
      { user: 'carol', round: 1, state: 'canceled', inviter: 'alice' },
    ]);
    assert.deepEqual(told(member('in', 'alice', 'carol-1')), [
      { user: 'carol', round: 1, state: 'in', inviter: 'alice', device: 'carol-1' },
    ]);
  });

  it('is nothing about an own invitation, or one that the user blocks', () => {
    for (const state of ['inviting', 'timeout'] as const)
      assert.deepEqual(told(member(state, 'bob')), []);
    assert.deepEqual(told(member('withheld')), []);
  });
});

describe('what the server tells a member who comes back', () => {
  /** Alice has called Bob, Carol and Dave, who are in, and Eve, whose device rings. */
  function call(devices: readonly string[], alice: CallMember['state']): CallKnowledge {
    return {
      ...NOTHING_KNOWN,
      members: new Map([
        ['alice', member(alice, 'alice', 'alice-1')],
        ['bob', member('in', 'alice', 'bob-1')],
        ['carol', member('in', 'alice', 'carol-1')],
        ['dave', member('in', 'alice', 'dave-1')],
        ['eve', member('ringing')],
      ]),
      devices: devices.map((deviceID) => {
        const userID = deviceID.split('-')[0] ?? '';
        return { device: { userID, userName: userID, deviceID }, connected: true };
      }),
    };
  }
  const eve = { user: 'eve', round: 1, state: 'inviting', inviter: 'alice' };

  it('is which invitations are open', () => {
    const there = ['alice-1', 'bob-1', 'carol-1', 'dave-1'];
    assert.deepEqual(missedRecords('bob', call(there, 'in')), [eve]);
  });

  it('is also who is in, if the inviter is not in any more, who could prove it', () => {
    const carol = { ...eve, user: 'carol', state: 'in', device: 'carol-1' };
    // The device of Dave is lost.
    assert.deepEqual(missedRecords('bob', call(['bob-1', 'carol-1'], 'left')), [carol, eve]);
    assert.deepEqual(missedRecords('bob', call(['bob-1', 'carol-1'], 'in')), [carol, eve]);
  });

  it('is nothing if the member is not in', () => {
    assert.deepEqual(missedRecords('eve', call(['bob-1'], 'left')), []);
  });
});
