import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { createMessage } from '../../test/support/wire-client.js';
import { authorize } from './authority.js';
import { NOTHING_KNOWN, type CallKnowledge } from './call-knowledge.js';

const device = (userID: string) => ({ userID, userName: userID, deviceID: `${userID}-1` });

const call: CallKnowledge = {
  ...NOTHING_KNOWN,
  origin: { initiator: 'ann', endWithInitiator: false, isComplete: true },
  members: new Map([
    ['ann', { round: 1, state: 'in', inviter: 'ann', device: 'ann-1' }],
    ['bob', { round: 1, state: 'timeout', inviter: 'ann' }],
    ['dan', { round: 1, state: 'in', inviter: 'ann', device: 'dan-1' }],
  ]),
  devices: ['ann', 'dan'].map((user) => ({ device: device(user), connected: true })),
};

function relayed(record: MemberRecord, known: CallKnowledge = call): MemberRecord | undefined {
  const message = createMessage('state', 'c', ['bob'], { phase: 'in', round: 1 });
  const result = authorize(device('dan'), { ...message, records: [record] }, known);
  assert.ok(result.isAllowed);
  return result.records.get(0);
}

it('relays that an invitation is over with the reason that the server knows, if the sender knows another one', () => {
  const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'ann' } as const;
  assert.deepEqual(relayed(canceled), { ...canceled, state: 'timeout' });
  assert.equal(relayed({ ...canceled, state: 'in', device: 'bob-1' }), undefined);
});

it('does not relay that a user was in without the device that the server knows', () => {
  const left = { round: 1, state: 'left', inviter: 'ann', device: 'bob-1' } as const;
  const known = { ...call, members: new Map([...call.members, ['bob', left]]) };
  const wasIn = { user: 'bob', round: 1, state: 'in', inviter: 'ann' } as const;
  assert.equal(relayed(wasIn, known), undefined);
  assert.deepEqual(relayed({ ...wasIn, device: 'bob-1' }, known)?.device, 'bob-1');
});

it('does not count a user as having left whom nobody has let in: another device of the user may be selected', () => {
  const declined: CallKnowledge = {
    ...call,
    members: new Map([...call.members, ['bob', { round: 1, state: 'declined', inviter: 'ann' }]]),
    owners: [{ userID: 'bob', deviceID: 'bob-2' }],
  };
  const left = { user: 'bob', round: 1, state: 'left', inviter: 'ann', device: 'bob-1' } as const;
  const leave = createMessage('leave', 'c', ['ann'], { reason: 'hung-up' });
  const closed = authorize(device('bob'), { ...leave, records: [left] }, declined);
  assert.ok(closed.isAllowed);
  assert.equal(closed.changes.size, 0);
  const selected = { ...left, state: 'in', device: 'bob-2' } as const;
  const select = createMessage('select', 'c', ['bob'], { user: 'bob' });
  const result = authorize(device('ann'), { ...select, records: [selected] }, declined);
  assert.ok(result.isAllowed);
  assert.deepEqual(result.records.get(0), selected);
});

it('opens no round of a user whose own device has stated to be in, if it has not seen how the call began', () => {
  const users = ['ann', 'bob'];
  const found: CallKnowledge = {
    ...NOTHING_KNOWN,
    named: new Map(users.map((user) => [user, new Set(users)])),
    devices: users.map((user) => ({ device: device(user), connected: true })),
  };
  const invite = createMessage('invite', 'c', ['bob', 'dan'], {
    ...{ callType: 'voice', initiator: 'ann', endWithInitiator: false, group: true },
    ...{ timeoutMs: 30_000, remainingMs: 30_000, customData: '' },
  });
  const inviting = ['bob', 'dan'].map(
    (user) => ({ user, round: 2, state: 'inviting', inviter: 'ann' }) as const,
  );
  const result = authorize(device('ann'), { ...invite, records: inviting }, found);
  assert.ok(result.isAllowed);
  assert.deepEqual(
    [...result.invitees],
    [
      ['bob', 'decided'],
      ['dan', 'open'],
    ],
  );
  assert.equal(result.changes.has('bob'), false);
});

it('relays that the device that is in is in, or leaves, by the round that it knows, if a false statement has deceived the device', () => {
  const own = { user: 'dan', inviter: 'ann', device: 'dan-1' } as const;
  const deceived = { ...own, round: 3, state: 'in' } as const;
  assert.deepEqual(relayed(deceived), { ...deceived, round: 1 });
  assert.equal(relayed({ ...deceived, device: 'dan-2' }), undefined);
  const left = { ...own, round: 3, state: 'left' } as const;
  const leave = createMessage('leave', 'c', ['ann'], { reason: 'hung-up' });
  const result = authorize(device('dan'), { ...leave, records: [left] }, call);
  assert.ok(result.isAllowed);
  assert.deepEqual(result.records.get(0), { ...left, round: 1 });
  assert.equal(result.changes.get('dan')?.state, 'left');
});

it('does not count a user as having left who is in again by a later round', () => {
  const again = { round: 2, state: 'in', inviter: 'ann', device: 'dan-1' } as const;
  const known = { ...call, members: new Map([...call.members, ['dan', again]]) };
  const left = { user: 'dan', round: 1, state: 'left', inviter: 'ann', device: 'dan-1' } as const;
  const leave = createMessage('leave', 'c', ['ann'], { reason: 'hung-up' });
  const result = authorize(device('dan'), { ...leave, records: [left] }, known);
  assert.ok(result.isAllowed);
  assert.equal(result.changes.size, 0);
});
