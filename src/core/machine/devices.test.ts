import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MachineDevice,
  createNetwork,
  createTwoDevices,
  deliverFrom,
  type QueuedMessage,
  type MachineNetwork,
} from '../../../test/support/machine-network.js';
import type { Delivered } from '../protocol/messages.js';
import { savedCall } from './snapshot.js';

describe('several devices of one user', () => {
  it('have one that is selected; the others stop ringing without a missed call', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    network.isPaused = true;
    b1.press('user.accept');
    b2.press('user.accept');
    network.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b1.status, 'active');
    assert.equal(b2.status, 'ended: answered-elsewhere');
    network.advance(30_000);
    assert.equal(b2.count('missed'), 0);
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 1);
  });

  it('stop ringing when one of them declines', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.press('user.decline');
    assert.equal(b2.status, 'ended: declined-elsewhere');
    assert.equal(a.status, 'ended: declined');
    network.advance(30_000);
    assert.equal(b2.count('missed'), 0);
  });

  it('have no missed call if one of them tells in one message that it has answered, and that the call has ended', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    assert.equal(b2.status, 'incoming');
    b1.connected = false;
    deliverFrom(b1, b2, {
      ...{ id: 'x1', type: 'state', phase: 'over', round: 1, answered: true },
      records: [{ user: 'bob', round: 1, state: 'canceled', inviter: 'alice' }],
    });
    assert.equal(b2.status, 'ended: canceled');
    network.advance(30_000);
    assert.equal(b2.count('missed'), 0);
  });

  it('have no missed call in the end if one has accepted while it was disconnected', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    network.advance(2_000);
    a.send('c1', ['bob']);
    b1.connected = false;
    b1.press('user.accept');
    a.press('user.cancel');
    network.advance(3_000);
    assert.equal(b2.count('missed'), 1);
    b2.disconnect();
    b1.feed({ type: 'transport.offline' });
    b1.connect();
    assert.equal(b1.status, 'ended: canceled');
    b2.connect();
    assert.equal(b2.count('unmissed'), 1);
  });

  /** Both devices of the user have missed a call to a group, and its caller has invited the user again. */
  function invitedAgain() {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    c.press('user.accept');
    network.advance(20_000);
    const missed = () =>
      [b1, b2].map((device) => device.count('missed') - device.count('unmissed'));
    assert.deepEqual(missed(), [1, 1]);
    a.invite('bob');
    return { network, a, b1, b2, missed };
  }

  it('have no missed call if one of them answers a later invitation to the same call, even too late', () => {
    const { network, a, b1, missed } = invitedAgain();
    network.isPaused = true;
    a.feed({ type: 'user.cancel-invitees', request: 12, userIDs: ['bob'], customData: '' });
    b1.press('user.accept');
    network.deliver();
    assert.equal(b1.status, 'ended: canceled');
    assert.deepEqual(missed(), [0, 0]);
  });

  for (const isConnected of [true, false])
    it(`have no missed call if one of them declines a later invitation to the same call${isConnected ? '' : ' while it is disconnected'}`, () => {
      const { b1, b2, missed } = invitedAgain();
      if (!isConnected) b1.disconnect();
      b1.press('user.decline');
      if (!isConnected) b1.connect();
      assert.equal(b2.status, 'ended: declined-elsewhere');
      assert.deepEqual(missed(), [0, 0]);
    });

  it('have a missed call if one of them has answered only an earlier invitation to the same call', () => {
    const [network, a, b, c1, c2] = createNetwork('alice', 'bob', 'carol', 'carol');
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c1.press('user.accept');
    c1.hangUp();
    c1.disconnect();
    a.invite('carol');
    a.feed({ type: 'user.cancel-invitees', request: 4, userIDs: ['carol'], customData: '' });
    network.advance(10_000);
    c1.connect();
    c2.disconnect();
    c2.connect();
    assert.equal(c1.recordOf('carol')?.round, 2);
    assert.deepEqual([c2.count('missed'), c2.count('unmissed')], [1, 0]);
  });

  it('do not state that their user has left when another one of them has answered', () => {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    c.press('user.accept');
    network.isPaused = true;
    b1.press('user.accept');
    network.deliver(({ to }) => to === a);
    assert.equal(b2.status, 'ended: answered-elsewhere');
    const selected = { user: 'bob', round: 1, state: 'in', inviter: 'alice', device: 'bob-3' };
    deliverFrom(c, b2, { id: 'x1', type: 'state', phase: 'in', round: 1, records: [selected] });
    assert.equal(b2.sent('leave').length, 0);
  });
});

describe('a false selection of another device of a user who is in', () => {
  const lie = (inviter: MachineDevice, to: MachineDevice) => {
    const { userID, deviceID } = to.state.self;
    const record = { user: userID, round: 1, state: 'in', inviter: 'alice', device: deviceID };
    deliverFrom(inviter, to, { id: 'x1', type: 'roster', records: [record] });
  };

  it('has no effect on that device if the user has not asked there to be in', () => {
    const [, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b2.press('user.accept');
    lie(a, b1);
    assert.equal(b1.recordOf('bob')?.device, 'bob-3');
    b1.disconnect();
    b1.connect();
    assert.equal(b2.status, 'active');
  });

  it('does not end the call of the device that is in, although the other one states then that the user has left', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    network.isPaused = true;
    b2.press('user.accept');
    b1.press('user.accept');
    network.deliver();
    network.isPaused = false;
    assert.equal(b1.status, 'ended: answered-elsewhere');
    lie(a, b1);
    b1.disconnect();
    b1.connect();
    b2.disconnect();
    b2.connect();
    network.advance(10_000);
    assert.equal(b2.recordOf('bob')?.state, 'in');
    assert.equal(b2.status, 'active');
  });
});

describe('a false statement to another device of a user who is in, that the user was invited again in vain', () => {
  it('does not end the call of the device that is in', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b2.press('user.accept');
    network.advance(20_000);
    const next = { user: 'bob', round: 2, inviter: 'alice' };
    deliverFrom(a, b1, { id: 'x1', type: 'roster', records: [{ ...next, state: 'inviting' }] });
    const canceled = { id: 'x2', type: 'cancel', user: 'bob', reason: 'canceled', customData: '' };
    deliverFrom(a, b1, { ...canceled, records: [{ ...next, state: 'canceled' }] });
    b1.disconnect();
    b1.connect();
    assert.equal(b2.status, 'active');
  });
});

describe('a page whose session ends', () => {
  it('leaves a call that it has accepted, also if it has just been selected', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    network.isPaused = true;
    b.press('user.accept');
    network.isPaused = false;
    a.feed({ type: 'transport.message', message: takeMessage(network, a) });
    assert.equal(a.status, 'active');
    network.queue.length = 0;
    b.feed({ type: 'user.leave' });
    assert.equal(a.status, 'ended: hung-up');
  });

  it('does not decline an incoming call: other devices continue to ring', () => {
    const [, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.feed({ type: 'user.leave' });
    assert.equal(b2.status, 'incoming');
    assert.equal(a.status, 'ringing-out');
  });
});

describe('a page that was reloaded', () => {
  /** Carol's page is reloaded in a call with Alice, who coordinates, and Bob. */
  function reloaded() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    const saved = savedCall(c.state);
    assert.ok(saved);
    c.disconnect();
    network.isPaused = true;
    const back = new MachineDevice(network, { ...c.state.self, deviceID: 'carol-new' });
    network.devices.push(back);
    const whole = { ...saved, microphone: true, camera: true };
    back.feed({ type: 'user.resume', saved: whole });
    return { network, a, b, back, saved: whole };
  }

  it('rejoins its call, regardless of which member answers first', () => {
    for (const late of ['a', 'b'] as const) {
      const { network, back, a, b } = reloaded();
      const others = { a, b };
      back.connect();
      // Messages to one of them are delivered later than to the other.
      const waiting: QueuedMessage[] = [];
      network.deliver((mail) => mail.to === others[late] && waiting.push(mail) > 0);
      network.queue.push(...waiting);
      network.isPaused = false;
      network.deliver();
      for (const device of [others.a, others.b, back]) assert.equal(device.status, 'active', late);
    }
  });

  it('rejoins its call when it is reloaded again before the answer to its join has arrived', () => {
    const { network, a, b, back, saved } = reloaded();
    back.connect();
    // The join arrives, and the answers to it are lost.
    network.deliver(({ to }) => to !== back);
    back.disconnect();
    network.queue.length = 0;
    const again = new MachineDevice(network, { ...back.state.self, deviceID: 'carol-again' });
    network.devices.push(again);
    again.feed({ type: 'user.resume', saved });
    again.connect();
    network.isPaused = false;
    network.deliver();
    network.advance(20_000);
    for (const device of [a, b, again]) assert.equal(device.status, 'active');
  });
});

describe('a device that was lost just before it was selected, in a call without media', () => {
  /** Alice, who is in with Carol, selects Bob's device. */
  function selected() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    c.press('user.accept');
    network.isPaused = true;
    b.press('user.accept');
    const bobAt = () => a.snapshot.members.find(({ userID }) => userID === 'bob')?.state;
    return { network, a, b, bobAt };
  }

  it('counts as lost when it has sent nothing for thirty seconds, and does not reply', () => {
    const { network, a, b, bobAt } = selected();
    b.connected = false;
    network.isPaused = false;
    network.deliver();
    const before = a.sent('sync').length;
    network.advance(29_000);
    assert.equal(bobAt(), 'accepted');
    assert.equal(a.sent('sync').length, before);
    network.advance(8_000);
    assert.equal(bobAt(), 'left');
  });

  it('counts as lost only six seconds after a reconnect of the asking device, which may have missed the reply', () => {
    const { network, a, b, bobAt } = selected();
    b.connected = false;
    network.isPaused = false;
    network.deliver();
    network.advance(31_000);
    a.disconnect();
    network.advance(7_000);
    assert.equal(bobAt(), 'accepted');
    a.connect();
    network.advance(5_999);
    assert.equal(bobAt(), 'accepted');
    network.advance(1);
    assert.equal(bobAt(), 'left');
  });

  it('is not asked if it has sent something since', () => {
    const { network, a, bobAt } = selected();
    network.isPaused = false;
    network.deliver();
    const before = a.sent('sync').length;
    network.advance(60_000);
    assert.equal(bobAt(), 'accepted');
    assert.equal(a.sent('sync').length, before);
  });
});

function takeMessage(network: MachineNetwork, device: MachineDevice): Delivered {
  const index = network.queue.findIndex(({ to }) => to === device);
  const [mail] = network.queue.splice(index, 1);
  assert.ok(mail);
  return mail.message;
}
