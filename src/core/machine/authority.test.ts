import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  alice,
  bob,
  createNetwork,
  createTwoDevices,
  deliverFrom,
} from '../../../test/support/machine-network.js';
import type { Delivered } from '../protocol/messages.js';

describe('a message without authority', () => {
  it('is dropped and reported, and changes nothing', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    const before = b.snapshot;
    const mallory = { userID: 'mallory', userName: 'M', deviceID: 'm1' };
    const fields = {
      v: 1,
      callID: 'c1',
      to: ['bob'],
      records: [],
      names: [],
      remaining: [],
      at: 9,
    };
    const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'alice' };
    const forged = [
      { ...fields, id: 'x1', type: 'cancel', user: 'bob', reason: 'canceled', from: mallory },
      { ...fields, id: 'x2', type: 'select', user: 'bob', records: [canceled], from: mallory },
      {
        ...fields,
        id: 'x3',
        type: 'end',
        reason: 'hung-up',
        from: { ...alice, deviceID: 'alice-1' },
      },
      { ...fields, id: 'x4', type: 'leave', reason: 'hung-up', lost: 'alice-1', from: mallory },
      { ...fields, id: 'x5', type: 'roster', records: [canceled], from: mallory },
      {
        ...fields,
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

  it('is dropped when a member sends it about another user', () => {
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

describe('a member who is in', () => {
  it('can’t take over an open invitation by stating that it is the inviter', () => {
    const [network, z, a, c] = createNetwork('zoe', 'alice', 'carol');
    network.advance(2_000);
    z.send('c1', ['alice', 'carol']);
    a.press('user.accept');
    const own = { user: 'carol', round: 1, state: 'ringing', inviter: 'alice' };
    for (const device of [z, c])
      deliverFrom(a, device, { id: 'x1', type: 'roster', records: [own] });
    const refused = { ...own, state: 'busy' };
    for (const device of [z, c])
      deliverFrom(a, device, {
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

describe('a member who is in and does not coordinate an invitation', () => {
  /** Alice has invited Zoe, who is in, and Carol, whose device rings. */
  function withRingingCarol() {
    const [network, a, z, c] = createNetwork('alice', 'zoe', 'carol');
    network.advance(2_000);
    a.send('c1', ['zoe', 'carol']);
    z.press('user.accept');
    assert.equal(c.status, 'incoming');
    return { network, a, z, c };
  }
  const ofCarol = { user: 'carol', round: 1, inviter: 'alice' };

  it('does not decide it by statements from before it coordinates it', () => {
    const { a, z, c } = withRingingCarol();
    const elsewhere = { ...ofCarol, state: 'in', device: 'carol-9' };
    deliverFrom(z, c, { id: 'x1', type: 'roster', records: [elsewhere] });
    a.hangUp();
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    for (const device of [z, c]) assert.equal(device.status, 'active');
  });

  it('is asked again about statements that arrived before it was known to coordinate', () => {
    const { network, a, z, c } = withRingingCarol();
    network.isPaused = true;
    a.hangUp();
    c.press('user.accept');
    const toCarol = network.queue.filter(({ to }) => to === c);
    network.deliver(({ to }) => to === c);
    assert.equal(z.sent('select').filter(({ user }) => user === 'carol').length, 1);
    const selection = z.sent('select').find(({ user }) => user === 'carol');
    deliverFrom(z, c, { ...selection });
    assert.equal(c.status, 'connecting');
    network.isPaused = false;
    network.queue.push(...toCarol);
    network.deliver();
    assert.equal(c.status, 'active');
  });

  it('can’t end it as a glare', () => {
    const { a, z, c } = withRingingCarol();
    const refused = { ...ofCarol, state: 'glare', inviter: 'zoe' };
    deliverFrom(z, a, {
      id: 'x1',
      type: 'cancel',
      user: 'carol',
      reason: 'glare',
      records: [refused],
    });
    c.press('user.accept');
    for (const device of [a, z, c]) assert.equal(device.status, 'active');
  });
});

describe('the statement that a user has left', () => {
  it('is accepted by the other devices of the user when the device that was in sends it', () => {
    const [, a, b, other] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b.press('user.accept');
    const bobOf = () => other.state.calls.get('c1')?.members.get('bob')?.record;
    const known = bobOf();
    assert.equal(known?.state, 'in');
    const left = { ...known, state: 'left' };
    deliverFrom(a, other, { id: 'x1', type: 'state', phase: 'in', records: [left] });
    assert.deepEqual(bobOf(), known);
  });
});

describe('with which device a user is in', () => {
  it('is not changed at the other devices of the user by the coordinator before a device has answered', () => {
    const [, a, b, other] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b.press('user.accept');
    const known = other.state.calls.get('c1')?.members.get('bob')?.record;
    deliverFrom(a, other, {
      id: 'x1',
      type: 'roster',
      records: [{ ...known, device: 'a-lower-one' }],
    });
    other.disconnect();
    other.connect();
    assert.equal(b.status, 'active');
  });
});

describe('a member who has left', () => {
  it('does not accept an invitation by saying that it has left in a later round', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    for (const seat of [b, c]) seat.press('user.accept');
    b.hangUp();
    const known = a.state.calls.get('c1')?.members.get('bob')?.record;
    assert.equal(known?.state, 'left');
    deliverFrom(b, a, {
      id: 'x1',
      type: 'leave',
      reason: 'hung-up',
      records: [{ ...known, round: 3 }],
    });
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 2);
  });

  it('can’t invite a device that has learned that', () => {
    const [network, a, b, c, other] = createNetwork('alice', 'bob', 'carol', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    for (const seat of [b, c]) seat.press('user.accept');
    const present = b.state.calls.get('c1')?.members.get('bob')?.record;
    b.hangUp();
    const invited = { user: 'carol', round: 2, state: 'inviting', inviter: 'bob' };
    deliverFrom(b, other, {
      ...{ id: 'x1', type: 'invite', callType: 'voice', initiator: 'alice', customData: '' },
      ...{ endWithInitiator: false, group: true, timeoutMs: 30_000, remainingMs: 30_000 },
      records: [present, invited],
    });
    network.advance(10_000);
    assert.equal(other.argsOf('onIncomingCallReceived').length, 1);
    assert.equal(other.count('missed'), 0);
  });
});

describe('a message about a call that arrives before its invitation', () => {
  it('is not denied, although it states that this device is in', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.isPaused = true;
    a.send('c1', ['bob', 'carol']);
    network.deliver(({ to }) => to === b);
    const device = b.state.self.deviceID;
    const stated = { user: 'bob', round: 1, state: 'in', device, inviter: 'alice' };
    // The server would count a `leave` as an answer to the invitation, and b would not ring.
    deliverFrom(c, b, { id: 'x1', type: 'ringing', round: 1, records: [] });
    deliverFrom(c, b, { id: 'x2', type: 'roster', records: [stated] });
    assert.equal(b.sent('leave').length, 0);
  });

  it('does not let the call ring before calls whose invitations arrived earlier', () => {
    const [network, a, z, b] = createNetwork('alice', 'zoe', 'bob');
    network.advance(2_000);
    b.disconnect();
    for (const [seat, callID] of [
      [a, 'c0'],
      [z, 'c1'],
    ] as const)
      seat.send(callID, ['bob']);
    b.connected = true;
    b.feed({ type: 'transport.online' });
    deliverFrom(a, b, { id: 'x1', type: 'roster', records: [] });
    b.feed({ type: 'transport.message', message: a.replayed(1) });
    b.feed({ type: 'transport.message', message: z.replayed(2) });
    b.feed({ type: 'transport.synced', inbox: { missed: [], settled: [] } });
    assert.equal(b.argsOf('onIncomingCallReceived')[0]?.[0], 'c0');
  });
});

describe('a device that joins', () => {
  it('is admitted by a selection, regardless of statements of a member who has left', () => {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave']);
    for (const device of [b, c, d]) device.press('user.accept');
    for (const device of [c, b]) device.hangUp();
    network.isPaused = true;
    b.join();
    const device = b.state.self.deviceID;
    const inside = { user: 'bob', round: 2, state: 'in', device, inviter: 'alice' };
    deliverFrom(c, b, { id: 'x1', type: 'sync', phase: 'over', round: 1, records: [inside] });
    assert.equal(b.status, 'connecting');
    network.isPaused = false;
    network.deliver();
    assert.equal(b.status, 'active');
  });
});

describe('a user whose invitation was cancelled', () => {
  it('can’t join by declining afterwards', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    a.feed({ type: 'user.cancel-invitees', request: 4, userIDs: ['carol'], customData: '' });
    const declined = { user: 'carol', round: 1, state: 'declined', inviter: 'alice' };
    const answer = { round: 1, customData: '', records: [declined] };
    deliverFrom(c, a, { id: 'x1', type: 'decline', reason: 'declined', ...answer });
    deliverFrom(c, a, { id: 'x2', type: 'accept', join: true, ...answer, round: 2, records: [] });
    assert.notEqual(a.snapshot.members.find(({ userID }) => userID === 'carol')?.state, 'accepted');
    assert.equal(a.sent('select').filter(({ user }) => user === 'carol').length, 0);
  });
});
