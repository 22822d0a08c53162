import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MachineDevice,
  MachineNetwork,
  createNetwork,
  deliverFrom,
} from '../../../test/support/machine-network.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import type { Delivered, Message } from '../protocol/messages.js';
import { savedCall } from './snapshot.js';

describe('a user who rejoins a call', () => {
  it('does not time out an own invitation that was answered meanwhile', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    a.hangUp();
    c.press('user.accept');
    network.advance(30_000);
    a.join();
    assert.equal(a.status, 'active');
    assert.equal(a.recordOf('carol')?.state, 'in');
    assert.equal(a.sent('cancel').length, 0);
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 0);
  });

  it('times out an own invitation that was not answered', () => {
    const [network, a, b] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    network.isPaused = true;
    a.hangUp();
    a.join();
    network.deliver(({ message, to }) => to !== a && message.type === 'cancel');
    network.isPaused = false;
    network.advance(20_000);
    assert.notEqual(a.recordOf('carol')?.state, 'ringing');
  });

  it('gets the callback of each accept once', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    a.hangUp();
    network.advance(5_000);
    b.invite('alice');
    a.press('user.accept');
    // Carol is asked again whether she is in.
    network.advance(2_000);
    assert.equal(a.status, 'active');
    assert.equal(a.recordOf('carol')?.state, 'in');
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 2, 'Bob and Carol, once each');
  });

  it('does not time out an own invitation while a user is asked who is in according to another member', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    a.hangUp();
    c.press('user.accept');
    network.advance(20_000);
    c.connected = false;
    b.invite('alice');
    a.press('user.accept');
    network.advance(1_500);
    c.connected = true;
    network.advance(3_000);
    assert.equal(a.recordOf('carol')?.state, 'in');
    assert.equal(a.sent('cancel').length, 0);
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 0);
  });

  it('does not time out an own invitation if another member has selected a device that is disconnected now', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    a.hangUp();
    c.press('user.accept');
    c.connected = false;
    a.join();
    network.advance(20_000);
    assert.equal(a.sent('cancel').length, 0);
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 0);
    c.connect();
    network.advance(2_000);
    assert.equal(a.recordOf('carol')?.state, 'in');
    const accepted = a.argsOf('onOutgoingCallAccepted').map(([, user]) => user);
    assert.deepEqual(
      accepted.map((user) => (user as { userID: string }).userID),
      ['bob', 'carol'],
    );
  });

  it('does not show a member as left who does not tell whether they are in', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    c.hangUp();
    network.isPaused = true;
    c.join();
    // Bob, who does not coordinate the join, replies to a question of Carol, who is not in.
    const own = { user: 'carol', round: 1, state: 'left', inviter: 'alice', device: 'carol-3' };
    deliverFrom(b, c, { id: 'x1', type: 'state', phase: 'over', round: 1, records: [own] });
    network.deliver();
    assert.equal(c.status, 'active');
    const states = c
      .argsOf('onInvitationUserStateChanged')
      .flatMap(([users]) => users as { userID: string; state: string }[]);
    assert.ok(!states.some(({ userID, state }) => userID === 'bob' && state === 'left'));
  });

  it('links a member only after its reply who has left according to the member who lets the user in', () => {
    const network = new MachineNetwork();
    const addDevice = (user: string) => network.addDevice(user, { media: true });
    const [a, b] = [addDevice('alice'), addDevice('bob')];
    const [c, d] = [addDevice('carol'), addDevice('dave')];
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave']);
    b.press('user.accept');
    c.press('user.decline');
    d.press('user.accept');
    // Alice has left, and Dave is still in.
    a.hangUp();
    network.isPaused = true;
    c.join();
    const isReply = (message: Message) => message.type === 'state';
    network.deliver(({ message, to }) => to === a || isReply(message));
    assert.equal(c.status, 'connecting');
    const linked = () =>
      [...(c.state.calls.get('c1')?.links.values() ?? [])].map(({ user }) => user).sort();
    assert.deepEqual(linked(), ['bob', 'dave']);
    // She has come back, as her reply shows.
    const own = { user: 'alice', round: 1, state: 'in', device: 'alice-1', inviter: 'alice' };
    const state = { id: 'x1', type: 'state', phase: 'in', round: 1, at: 1_000, records: [own] };
    deliverFrom(a, c, state);
    assert.deepEqual(linked(), ['alice', 'bob', 'dave']);
  });

  it('does not ring on another device for an invitation of the same round, once a member has admitted it', () => {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    c.press('user.accept');
    b2.press('user.decline');
    b1.join();
    assert.equal(b1.status, 'active');
    // Carol has invited Bob before she received that he has joined.
    const invited = [
      { user: 'carol', round: 1, state: 'in', device: 'carol-4', inviter: 'alice' },
      { user: 'bob', round: 2, state: 'inviting', inviter: 'carol' },
    ];
    deliverFrom(c, b2, {
      ...{ id: 'x1', type: 'invite', to: ['bob'], callType: 'voice', initiator: 'alice' },
      ...{ timeoutMs: 30_000, remainingMs: 30_000, customData: '', records: invited },
    });
    assert.deepEqual(b2.callbacks.slice(-1), ['onIncomingCallDeclineButtonPressed']);
  });

  it('is not admitted, for another device of the user, by a statement about a device that has not asked to join', () => {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    c.press('user.accept');
    b2.press('user.decline');
    const admitted = { user: 'bob', round: 2, state: 'in', device: 'bob-2', inviter: 'alice' };
    deliverFrom(a, b2, { id: 'x1', type: 'select', user: 'bob', records: [admitted] });
    assert.equal(b2.recordOf('bob')?.state, 'declined');
    c.invite('bob');
    assert.deepEqual([b1.status, b2.status], ['incoming', 'incoming']);
  });

  it('does not come in because of a statement that a user had made long before, when they were not in yet', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    const untrue = { user: 'bob', round: 2, state: 'in', device: 'bob-2', inviter: 'carol' };
    const message = { id: 'x1', type: 'cancel', user: 'bob', reason: 'canceled' };
    deliverFrom(c, b, { ...message, customData: '', records: [untrue] });
    // Alice leaves before Carol's accept reaches Bob, so Carol coordinates his invitation when he learns that she is in.
    network.isPaused = true;
    c.press('user.accept');
    const late = network.queue.filter(({ to }) => to === b);
    network.deliver(({ to, message }) => late.some((each) => each.message === message) || to === c);
    a.hangUp();
    network.deliver(({ to }) => to === c);
    for (const { message } of late) b.feed({ type: 'transport.message', message });
    network.deliver();
    network.advance(7_000);
    network.deliver();
    b.press('user.decline');
    network.deliver(({ to }) => to === b);
    b.join();
    network.deliver(({ to }) => to === c);
    assert.equal(a.sent('state').at(-1)?.phase, 'over');
    assert.equal(b.status, 'connecting');
    assert.equal(b.recordOf('bob')?.state, 'declined');
  });

  it('does not come in by the round that it has left, also after it has hung up during a join', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    c.hangUp();
    network.isPaused = true;
    c.join();
    c.hangUp();
    c.join();
    assert.equal(c.status, 'connecting');
    // Alice has sent this before she received that Carol has left.
    const former = [
      { user: 'alice', round: 1, state: 'in', device: 'alice-1', inviter: 'alice' },
      { user: 'carol', round: 1, state: 'in', device: 'carol-3', inviter: 'alice' },
    ];
    deliverFrom(a, c, { id: 'x1', type: 'select', user: 'bob', records: former });
    assert.equal(c.status, 'connecting');
    network.deliver();
    assert.equal(c.status, 'active');
    for (const device of [a, b, c]) assert.equal(device.recordOf('carol')?.round, 2);
  });

  it('keeps its missed call in the list: that invitation was not answered', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    network.advance(20_000);
    assert.deepEqual([c.count('missed'), c.count('unmissed')], [1, 0]);
    c.join();
    assert.equal(c.status, 'active');
    network.advance(20_000);
    c.hangUp();
    network.advance(20_000);
    assert.deepEqual([c.count('missed'), c.count('unmissed')], [1, 0]);
  });

  it('keeps its missed call in the list if a member states after a failed join that this device was in', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    network.advance(20_000);
    network.isPaused = true;
    c.join();
    network.advance(10_000);
    network.isPaused = false;
    assert.equal(c.snapshot.status, 'idle');
    const stale = { user: 'carol', round: 1, state: 'in', inviter: 'alice', device: 'carol-3' };
    deliverFrom(b, c, { id: 'x1', type: 'roster', records: [stale] });
    assert.deepEqual([c.count('missed'), c.count('unmissed')], [1, 0]);
  });

  it('keeps its missed call in the list, also on other devices, if the user hangs up while the device still joins', () => {
    const [network, a, b, c1, c2] = createNetwork('alice', 'bob', 'carol', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    network.advance(20_000);
    network.isPaused = true;
    c1.join();
    assert.equal(c1.status, 'connecting');
    c1.hangUp();
    network.isPaused = false;
    network.advance(5_000);
    const missed = [c1, c2].map((device) => device.count('missed') - device.count('unmissed'));
    assert.deepEqual(missed, [1, 1]);
    assert.equal(a.recordOf('carol')?.state, 'timeout');
    c1.join();
    assert.equal(c1.status, 'active');
    for (const device of [a, b]) assert.equal(device.recordOf('carol')?.device, 'carol-3');
  });

  it('answers its selection by `leave` if the user has hung up meanwhile, also that by a member who has come in unnoticed', () => {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave']);
    c.press('user.decline');
    network.isPaused = true;
    b.press('user.accept');
    d.press('user.accept');
    network.deliver(({ to }) => to === c);
    a.hangUp();
    network.deliver(({ to }) => to === c);
    assert.equal(c.recordOf('bob')?.state, 'ringing');
    c.join();
    c.hangUp();
    network.deliver(({ message }) => message.type === 'leave' && message.gaveUp === true);
    assert.equal(c.sent('leave').length, 2, 'that of the join, and the response to the selection');
    assert.equal(b.recordOf('carol')?.state, 'left');
  });

  /** Carol has missed her invitation on two devices, and joins with one of them. */
  function withLateCarol() {
    const [network, a, b, c1, c2] = createNetwork('alice', 'bob', 'carol', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    network.advance(20_000);
    const missed = () =>
      [c1, c2].map((device) => device.count('missed') - device.count('unmissed'));
    assert.deepEqual(missed(), [1, 1]);
    c1.join();
    assert.equal(c1.status, 'active');
    return { network, a, b, c1, c2, missed };
  }

  it('keeps its missed call in the list of another device that learns of the join when one of them reconnects', () => {
    const { network, c1, c2, missed } = withLateCarol();
    c2.disconnect();
    c2.connect();
    assert.deepEqual(missed(), [1, 1]);
    c1.hangUp();
    network.advance(2_000);
    c1.disconnect();
    c1.connect();
    assert.deepEqual(missed(), [1, 1]);
  });

  it('keeps its missed call in the list of another device when the page that has joined is reloaded', () => {
    const { network, c1, missed } = withLateCarol();
    const saved = savedCall(c1.state);
    assert.ok(saved);
    c1.disconnect();
    const back = new MachineDevice(network, { ...c1.state.self, deviceID: 'carol-new' });
    network.devices.push(back);
    back.feed({ type: 'user.resume', saved: { ...saved, microphone: true, camera: true } });
    back.connect();
    assert.equal(back.status, 'active');
    back.hangUp();
    network.advance(2_000);
    back.disconnect();
    back.connect();
    assert.deepEqual(missed(), [1, 1]);
  });

  it('keeps its missed call in the list while the server reports it as missed, although it has answered the join', () => {
    const { network, a, c2, missed } = withLateCarol();
    const invite = a.replayed(network.now);
    const report = { invite, reason: 'timeout', at: network.now, fresh: false } as const;
    const settled = [{ callID: 'c1', round: 2, how: 'answered' as const }];
    c2.disconnect();
    c2.feed({ type: 'transport.online' });
    c2.feed({ type: 'transport.synced', inbox: { missed: [report], settled } });
    assert.deepEqual(missed(), [1, 1]);
    c2.feed({ type: 'transport.synced', inbox: { missed: [], settled } });
    assert.deepEqual(missed(), [1, 0], 'it has answered a later invitation');
  });

  it('reports to the server that it joins, and by which round, when it reconnects meanwhile', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    network.advance(20_000);
    network.isPaused = true;
    c.join();
    c.disconnect();
    c.connect();
    const hello = c.effects.findLast((effect) => effect.type === 'hello');
    const current = { callID: 'c1', phase: 'accepting', round: 2, join: true };
    assert.deepEqual(hello?.hello.current, current);
  });

  /** Carol's invitation was cancelled, and she tries to join nevertheless. */
  function withHopefulCarol() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    a.feed({ type: 'user.cancel-invitees', request: 4, userIDs: ['carol'], customData: '' });
    network.advance(10_000);
    c.join();
    return { network, b, c };
  }

  it('enters by an invitation that arrives meanwhile', () => {
    const { b, c } = withHopefulCarol();
    assert.equal(c.snapshot.status, 'connecting');
    b.invite('carol');
    assert.equal(c.status, 'active');
  });

  it('rings for an invitation that arrives meanwhile, for its remaining time, if the join fails', () => {
    const { network, b, c } = withHopefulCarol();
    network.isPaused = true;
    b.invite('carol', 20_000);
    network.deliver(({ message }) => message.from.userID === 'carol');
    network.isPaused = false;
    assert.equal(c.snapshot.status, 'connecting');
    network.advance(9_000);
    assert.equal(c.status, 'incoming');
    network.advance(12_000);
    assert.notEqual(c.status, 'incoming');
  });

  it('has missed an invitation that arrives meanwhile also if its sender has left before the join fails', () => {
    const { network, b, c } = withHopefulCarol();
    network.isPaused = true;
    b.invite('carol', 30_000);
    b.hangUp();
    network.deliver(({ message }) => message.from.userID === 'carol');
    network.isPaused = false;
    network.advance(20_000);
    assert.equal(c.state.reportedMissed.get('c1'), 2);
  });

  /** The user has declined, joins on the first device, and is invited again meanwhile: that reaches both devices. */
  function withInvitedJoiner() {
    const [network, a, b, c1, c2] = createNetwork('alice', 'bob', 'carol', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c1.press('user.decline');
    network.isPaused = true;
    c1.join();
    network.deliver(({ message }) => message.from.userID === 'carol');
    a.invite('carol');
    network.deliver(({ message }) => message.from.userID === 'carol');
    network.isPaused = false;
    return { a, b, c1, c2, network };
  }

  it('withdraws the join if the user declines an invitation that arrives meanwhile on another device', () => {
    const { c1, c2 } = withInvitedJoiner();
    c2.press('user.decline');
    assert.equal(c1.status, 'ended: declined-elsewhere');
    const left = c1.sent('leave').map(({ gaveUp, to }) => [gaveUp, to]);
    assert.deepEqual(left, [[true, ['alice', 'bob']]]);
  });

  it('has not answered an invitation that arrives meanwhile by its answer to an earlier one', () => {
    const { c1, c2, network } = withInvitedJoiner();
    const canceled = { user: 'carol', round: 2, inviter: 'alice', state: 'canceled' };
    const message: object = {
      ...{ v: 1, id: 'x1', type: 'cancel', callID: 'c1', to: ['carol'], at: 9, user: 'carol' },
      ...{ reason: 'lost', customData: '', records: [canceled], names: [], remaining: [] },
      from: { userID: 'alice', userName: 'ALICE', deviceID: SERVER_DEVICE },
    };
    for (const device of [c1, c2])
      device.feed({ type: 'transport.message', message: message as Delivered });
    network.advance(20_000);
    c1.disconnect();
    c1.connect();
    const missed = [c1, c2].map((device) => device.count('missed') - device.count('unmissed'));
    assert.deepEqual(missed, [1, 1]);
  });
});

describe('a device that comes in', () => {
  it('does not time out an invitation of its user within two seconds: it may not know yet how that has ended', () => {
    const [network, a, b] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    a.hangUp();
    const other = network.addDevice('alice');
    b.invite('alice');
    network.advance(9_900);
    const carol = b.recordOf('carol');
    assert.equal(carol?.state, 'ringing');
    deliverFrom(b, other, {
      ...{ id: 'x1', type: 'state', phase: 'in', round: 1, records: [b.recordOf('bob'), carol] },
      remaining: [{ user: 'carol', ms: 100 }],
    });
    network.advance(2_000);
    other.press('user.accept');
    assert.equal(other.status, 'active');
    network.advance(1_900);
    assert.equal(other.sent('cancel').length, 0);
    network.advance(200);
    assert.equal(other.sent('cancel').length, 1);
  });
});
