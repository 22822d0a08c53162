import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  createTwoDevices,
  MachineNetwork,
  type MachineDevice,
  type QueuedMessage,
} from '../../../test/support/machine-network.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import type { Delivered } from '../protocol/messages.js';

describe('a lost connection', () => {
  it('does not end an invitation: an unacknowledged invite is sent again with the same ID', () => {
    const { network, a, b } = createTwoDevices();
    a.connected = false;
    a.send('c1', ['bob']);
    assert.equal(b.status, 'idle');
    a.feed({ type: 'transport.offline' });
    network.advance(5_000);
    a.connect();
    assert.equal(b.status, 'incoming');
    const invites = a.sent('invite');
    assert.equal(invites.length, 2);
    assert.equal(invites[0]?.id, invites[1]?.id);
    assert.equal(invites[1]?.remainingMs, 55_000);
  });

  it('ends the call as connection-lost when the server reports the other device as lost', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    b.press('user.accept');
    b.connected = false;
    a.feed({ type: 'transport.message', message: lost('c1', 'bob', 'bob-2', 99) });
    assert.equal(a.status, 'ended: connection-lost');
  });

  it('does not end a call whose link is up when the server reports the other device as lost', () => {
    const { network, a, b } = createTwoDevices({ media: true });
    a.send('c1', ['bob']);
    b.press('user.accept');
    const offer = b.effects.find((effect) => effect.type === 'open-link');
    assert.ok(offer?.type === 'open-link');
    const at = { callID: 'c1', user: 'alice', device: 'alice-1', link: offer.link };
    b.feed({ type: 'link.signal', ...at, data: { sdp: 'offer' } });
    a.linksUp();
    b.linksUp();
    b.connected = false;
    a.feed({ type: 'transport.message', message: lost('c1', 'bob', 'bob-2', 99) });
    assert.equal(a.status, 'active');
    network.advance(60_000);
    assert.equal(a.status, 'active');
    assert.equal(a.count('close-link'), 0);
  });

  it('does not lose a cancellation: after a reconnect, the users whose invitation was cancelled are told', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    a.disconnect();
    b.press('user.accept');
    a.press('user.cancel');
    assert.equal(b.status, 'connecting');
    a.connect();
    assert.equal(b.status, 'ended: canceled');
  });

  it('does not lose the end of a group that ends with its initiator: users who still ring are told', () => {
    const [, a, b, c] = createNetwork('alice', 'bob', 'carol');
    a.send('c1', ['bob', 'carol'], { endWithInitiator: true });
    a.disconnect();
    a.press('user.cancel');
    for (const device of [b, c]) assert.equal(device.status, 'incoming');
    a.connect();
    for (const device of [b, c]) assert.equal(device.status, 'ended: canceled');
  });

  it('ends an incoming call as canceled when the caller is lost', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    a.connected = false;
    b.feed({ type: 'transport.message', message: lost('c1', 'alice', 'alice-1', 99) });
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.argsOf('onIncomingCallCanceled').length, 1);
  });

  it('does not lose a busy answer: the device sends it again', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    c.send('c0', ['bob']);
    b.press('user.accept');
    network.isPaused = true;
    a.send('c1', ['bob']);
    network.deliver(({ message }) => message.type === 'decline');
    network.isPaused = false;
    b.disconnect();
    assert.equal(a.status, 'calling');
    b.connect();
    assert.equal(a.status, 'ended: busy');
  });

  it('does not ring for a call that was answered meanwhile: the initial sync comes first', () => {
    const { network, a, b } = createTwoDevices();
    b.disconnect();
    network.isPaused = true;
    a.send('c1', ['bob']);
    b.connected = true;
    b.feed({ type: 'transport.online' });
    b.feed({ type: 'transport.message', message: a.replayed(5) });
    assert.equal(b.status, 'idle');
    b.feed({
      type: 'transport.synced',
      inbox: { missed: [], settled: [{ callID: 'c1', round: 1, how: 'answered' }] },
    });
    assert.equal(b.status, 'idle');
    assert.deepEqual(b.callbacks, []);
  });
  /** Carol has accepted while Bob, who has invited her, is disconnected. She does not know yet that he is lost, and waits for him. */
  function selectedByAnother() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    b.send('c1', ['alice', 'carol']);
    a.press('user.accept');
    b.disconnect();
    c.press('user.accept');
    a.feed({ type: 'transport.message', message: lost('c1', 'bob', 'bob-2', 99) });
    assert.deepEqual([a.recordOf('carol')?.state, c.status], ['in', 'connecting']);
    return { network, a, b, c };
  }

  it('does not keep a user waiting who has accepted, and whom another coordinator has let in meanwhile', () => {
    const { a, b, c } = selectedByAnother();
    b.connect();
    for (const device of [a, b, c]) assert.equal(device.status, 'active');
  });

  it('does not turn a decline into an accept: a user who hangs up while connecting has one outcome', () => {
    const { network, a, b, c } = selectedByAnother();
    network.isPaused = true;
    b.connect();
    c.hangUp();
    // Alice's statement that Carol is in arrives only after Carol's decline and `leave`.
    const late: QueuedMessage[] = [];
    const isLate = ({ to, message }: QueuedMessage) => to === b && message.from.userID === 'alice';
    network.deliver((queued) => isLate(queued) && late.push(queued) > 0);
    for (const { message } of late) b.feed({ type: 'transport.message', message });
    for (const device of [a, b]) assert.equal(device.recordOf('carol')?.state, 'left');
    const outcomes = b.callbacks.filter((name) => /Accepted|Declined/.test(name));
    assert.deepEqual(outcomes, ['onOutgoingCallAccepted', 'onOutgoingCallDeclined']);
  });

  it('leaves no member ignorant of a user who learns only by a reply that it was let in: its device tells them', () => {
    const network = new MachineNetwork();
    const devices = ['alice', 'bob', 'carol'].map((user) =>
      network.addDevice(user, { media: true }),
    );
    const [a, b, c] = devices as [MachineDevice, MachineDevice, MachineDevice];
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    c.press('user.accept');
    network.deliver(({ message }) => message.type === 'select');
    network.isPaused = false;
    assert.deepEqual([a.recordOf('carol')?.state, b.recordOf('carol')?.state], ['in', 'ringing']);
    c.disconnect();
    c.connect();
    assert.equal(c.recordOf('carol')?.state, 'in');
    assert.equal(b.recordOf('carol')?.state, 'in');
  });

  it('leaves no member ignorant of a decline: the coordinator informs those whom the device did not know', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob']);
    b.press('user.accept');
    a.invite('carol');
    c.disconnect();
    c.press('user.decline');
    network.isPaused = true;
    c.connect();
    network.deliver(({ to, message }) => to === b && message.from.userID === 'carol');
    assert.equal(a.recordOf('carol')?.state, 'declined');
    assert.equal(b.recordOf('carol')?.state, 'declined');
  });

  it('does not lose a decline: it is repeated also to members who were only stated to be in', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob']);
    b.press('user.accept');
    network.isPaused = true;
    a.invite('carol');
    // Bob's answer to Carol, that he is in, is lost.
    network.deliver(({ to, message }) => to === c && message.from.userID === 'bob');
    network.isPaused = false;
    c.disconnect();
    c.press('user.decline');
    a.disconnect();
    c.connect();
    assert.equal(b.recordOf('carol')?.state, 'declined');
  });
});

function lost(callID: string, userID: string, device: string, at: number): Delivered {
  return {
    ...{ v: 1, id: `lost-${device}`, type: 'leave', callID, to: [], records: [], names: [] },
    ...{ remaining: [], reason: 'connection-lost', lost: device, at },
    from: { userID, userName: userID, deviceID: SERVER_DEVICE },
  };
}
