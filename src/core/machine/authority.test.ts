import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  alice,
  bob,
  createNetwork,
  createTwoDevices,
  type MachineDevice,
} from '../../../test/support/machine-network.js';
import type { Delivered } from '../protocol/messages.js';

describe('what nobody may say', () => {
  it('is dropped and reported, and changes nothing', () => {
    const { a, b } = createTwoDevices();
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
    const { a, b } = createTwoDevices();
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

/** What `from` says beside its machine reaches `to`. */
function tell(from: MachineDevice, to: MachineDevice, body: object): void {
  const { userID, userName, deviceID } = from.state.self;
  const envelope = {
    v: 1,
    callID: 'c1',
    to: [to.state.self.userID],
    names: [],
    remaining: [],
    at: 9,
  };
  const message = { ...envelope, ...body, from: { userID, userName, deviceID } };
  to.feed({ type: 'transport.message', message: message as unknown as Delivered });
}

describe('a member who is in', () => {
  it('does not take over an open invitation by saying that it was the one who invited', () => {
    const [network, z, a, c] = createNetwork('zoe', 'alice', 'carol');
    network.advance(2_000);
    z.send('c1', ['alice', 'carol']);
    a.press('user.accept');
    const own = { user: 'carol', round: 1, state: 'ringing', inviter: 'alice' };
    for (const device of [z, c]) tell(a, device, { id: 'x1', type: 'roster', records: [own] });
    const refused = { ...own, state: 'busy' };
    for (const device of [z, c])
      tell(a, device, {
        id: 'x2',
        type: 'cancel',
        user: 'carol',
        reason: 'busy',
        records: [refused],
      });
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    for (const device of [z, a, c]) assert.equal(device.status, 'active');
  });
});

describe('who was taken out of a call', () => {
  it('does not join it by declining afterwards', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    a.feed({ type: 'user.cancel-invitee', request: 4, userID: 'carol' });
    const declined = { user: 'carol', round: 1, state: 'declined', inviter: 'alice' };
    const answer = { round: 1, customData: '', records: [declined] };
    tell(c, a, { id: 'x1', type: 'decline', reason: 'declined', ...answer });
    tell(c, a, { id: 'x2', type: 'accept', join: true, ...answer, round: 2, records: [] });
    assert.notEqual(a.snapshot.members.find(({ userID }) => userID === 'carol')?.state, 'accepted');
    assert.equal(a.sent('select').filter(({ user }) => user === 'carol').length, 0);
  });
});
