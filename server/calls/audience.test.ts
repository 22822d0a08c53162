import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Audience } from './audience.js';
import { NOTHING_KNOWN, type CallMember } from './call-knowledge.js';
import { IMPLIED_STATE } from '../messages/implied-messages.js';

/** After a restart, Eve has named Alice as a member of her call, and has invited Bob. Alice sends Bob a `state`. */
function shareOfBob(state: CallMember['state'], sender = 'alice') {
  const call = {
    ...NOTHING_KNOWN,
    origin: { initiator: 'alice', endWithInitiator: false, isComplete: false },
    members: new Map([['bob', { round: 1, state, inviter: 'eve' }]]),
    named: new Map([['eve', new Set(['alice'])]]),
  };
  const from = { userID: sender, userName: sender, deviceID: `${sender}-1` };
  const message = { ...IMPLIED_STATE, callID: 'c', to: ['bob'], records: [] };
  return new Audience(from, message, call, new Map()).shareOf('bob');
}

describe('after a restart, a message reaches a user', () => {
  it('who was invited by a member that has named the sender, while that invitation is open or the user is in', () => {
    assert.equal(shareOfBob('inviting'), 'all');
    assert.equal(shareOfBob('in'), 'all');
    assert.equal(shareOfBob('canceled'), 'none');
  });

  it('only if somebody has named the sender', () => {
    assert.equal(shareOfBob('inviting', 'mallory'), 'none');
  });
});
