import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NOTHING_KNOWN, type CallKnowledge, type CallMember } from './call-knowledge.js';
import { coordinates } from './membership.js';

const member = (state: CallMember['state'], device?: string): CallMember => ({
  ...{ round: 1, state, inviter: 'alice' },
  ...(device !== undefined && { device }),
});

/** Alice has called Bob and Carol. Bob is in, Carol's device rings. */
function withAlice(state: CallMember['state'], device = 'alice-1'): CallKnowledge {
  return {
    ...NOTHING_KNOWN,
    origin: { initiator: 'alice', endWithInitiator: false, isComplete: true },
    members: new Map([
      ['alice', member(state, device)],
      ['bob', member('in', 'bob-1')],
      ['carol', member('ringing')],
    ]),
    devices: ['alice-1', 'bob-1'].map((deviceID) => {
      const userID = deviceID.split('-')[0] ?? '';
      return { device: { userID, userName: userID, deviceID }, connected: deviceID === 'bob-1' };
    }),
  };
}

describe('the coordinator of an invitation', () => {
  it('is its inviter, also while the page of the inviter reloads', () => {
    const call = withAlice('in');
    assert.equal(coordinates(call, 'alice', 'carol'), true);
    assert.equal(coordinates(call, 'bob', 'carol'), false);
  });

  it('is another member once the inviter has left, although the former device of a reloaded page still counts as connected', () => {
    assert.equal(coordinates(withAlice('left', 'alice-2'), 'bob', 'carol'), true);
  });

  it('is another member once the device that replaced the former one of the inviter is lost', () => {
    assert.equal(coordinates(withAlice('in', 'alice-2'), 'bob', 'carol'), true);
  });
});
