import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alice, bob, two } from '../../../test/support/machine-table.js';
import type { Delivered } from '../protocol/messages.js';

describe('what nobody may say', () => {
  it('is dropped and reported, and changes nothing', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    const before = b.snapshot;
    const mallory = { userID: 'mallory', userName: 'M', deviceID: 'm1' };
    const said = { v: 1, callID: 'c1', to: ['bob'], records: [], names: [], remaining: [], at: 9 };
    const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'alice' };
    const forged = [
      { ...said, id: 'x1', type: 'cancel', user: 'bob', reason: 'canceled', from: mallory },
      { ...said, id: 'x2', type: 'select', user: 'bob', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x3',
        type: 'end',
        reason: 'hung-up',
        from: { ...alice, deviceID: 'alice-1' },
      },
      { ...said, id: 'x4', type: 'leave', reason: 'hung-up', lost: 'alice-1', from: mallory },
      { ...said, id: 'x5', type: 'roster', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x6',
        type: 'cancel',
        user: 'bob',
        reason: 'canceled',
        from: { ...bob, deviceID: 'b9' },
      },
    ];
    for (const message of forged)
      b.feed({ type: 'transport.message', message: message as unknown as Delivered });
    assert.equal(b.count('dropped'), 6);
    assert.deepEqual(b.snapshot, before);
  });

  it('is not taken from a member who speaks of somebody else', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    const mallory = { user: 'mallory', round: 1, state: 'in', device: 'm1', inviter: 'alice' };
    a.feed({
      type: 'transport.message',
      message: {
        ...{ v: 1, id: 'x1', type: 'state', callID: 'c1', to: ['alice'], phase: 'incoming' },
        ...{ records: [mallory], names: [], remaining: [], at: 9 },
        from: { ...bob, deviceID: b.state.self.deviceID },
      } as unknown as Delivered,
    });
    assert.deepEqual(
      a.snapshot.members.map(({ userID }) => userID),
      ['alice', 'bob'],
    );
  });
});
