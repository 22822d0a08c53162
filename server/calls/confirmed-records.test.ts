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

function relayed(record: MemberRecord): MemberRecord | undefined {
  const message = createMessage('state', 'c', ['bob'], { phase: 'in', round: 1 });
  const result = authorize(device('dan'), { ...message, records: [record] }, call);
  assert.ok(result.isAllowed);
  return result.records.get(0);
}

it('relays that an invitation is over with the reason that the server knows, if the sender knows another one', () => {
  const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'ann' } as const;
  assert.deepEqual(relayed(canceled), { ...canceled, state: 'timeout' });
  assert.equal(relayed({ ...canceled, state: 'in', device: 'bob-1' }), undefined);
});
