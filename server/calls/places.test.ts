import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MAX_USERS_PER_CALL } from '../limits/limits.js';
import type { CallMember } from './call-knowledge.js';
import { exceedsShare } from './places.js';

const origin = { initiator: 'alice', endWithInitiator: false, isComplete: true };
const member = (inviter: string): CallMember => ({ round: 1, state: 'inviting', inviter });
const invitedBy = (inviter: string, count: number): Map<string, CallMember> =>
  new Map(
    Array.from({ length: count }, (_, index) => [`${inviter}-${String(index)}`, member(inviter)]),
  );

describe('exceedsShare', () => {
  const call = new Map([...invitedBy('alice', 2)]);

  it('allows each member half of the places that are free', () => {
    const most = (MAX_USERS_PER_CALL - call.size) / 2;
    const ask = (count: number) =>
      exceedsShare({ origin, members: call }, 'mallory', invitedBy('mallory', count));
    assert.equal(ask(most), false);
    assert.equal(ask(most + 1), true);
  });

  it('counts the users whom the member has invited before', () => {
    const members = new Map([...call, ...invitedBy('mallory', 127)]);
    const ask = (inviter: string) =>
      exceedsShare({ origin, members }, inviter, new Map([['new', member(inviter)]]));
    assert.equal(ask('mallory'), true);
    assert.equal(ask('bob'), false, 'others may still invite');
    assert.equal(ask('alice'), false, 'the initiator may use all places');
  });

  it('allows invitations of users who have a place already', () => {
    const members = new Map([...call, ...invitedBy('mallory', 127)]);
    const again = new Map([['mallory-0', member('mallory')]]);
    assert.equal(exceedsShare({ origin, members }, 'mallory', again), false);
  });
});
