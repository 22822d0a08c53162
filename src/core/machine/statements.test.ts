import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  deliverFrom,
  type MachineDevice,
  type MachineNetwork,
} from '../../../test/support/machine-network.js';
import type { Message } from '../protocol/messages.js';

/** Zoe has called Alice, who is in, and Carol, whose device rings. */
function withRingingCarol() {
  const [network, z, a, c] = createNetwork('zoe', 'alice', 'carol');
  network.advance(2_000);
  z.send('c1', ['alice', 'carol']);
  a.press('user.accept');
  return { network, z, a, c };
}
const accepted = (device: MachineDevice, user: string) =>
  device
    .argsOf('onOutgoingCallAccepted')
    .filter(([, callee]) => (callee as { userID: string }).userID === user).length;

/** Delivers the messages of a type that wait for a device. */
const delivererOf =
  (network: MachineNetwork) =>
  (to: MachineDevice, type: Message['type']): void => {
    for (const queued of network.queue)
      if (queued.to === to && queued.message.type === type)
        to.feed({ type: 'transport.message', message: queued.message });
  };

describe('a statement of a member who is in', () => {
  it('that a user is in, but without a device, removes no member when another one leaves later', () => {
    const { z, a, c } = withRingingCarol();
    c.press('user.accept');
    const nameless = { user: 'carol', round: 1, state: 'in', inviter: 'zoe' };
    deliverFrom(a, c, { id: 'x1', type: 'roster', records: [nameless] });
    z.hangUp();
    assert.equal(c.status, 'active');
  });

  it('about an invitation has no effect once its coordinator has ended the invitation', () => {
    const { z, a, c } = withRingingCarol();
    const dave = { user: 'dave', round: 1, inviter: 'zoe' };
    deliverFrom(z, c, { id: 'x1', type: 'roster', records: [{ ...dave, state: 'inviting' }] });
    const ended = { id: 'x2', type: 'cancel', user: 'dave', reason: 'busy' };
    deliverFrom(a, c, { ...ended, records: [{ ...dave, state: 'busy' }] });
    assert.equal(c.recordOf('dave')?.state, 'inviting');
    deliverFrom(z, c, {
      ...{ id: 'x3', type: 'leave', reason: 'hung-up' },
      records: [
        { ...dave, state: 'canceled' },
        { user: 'zoe', round: 1, state: 'left', inviter: 'zoe', device: 'zoe-1' },
      ],
    });
    assert.equal(c.recordOf('dave')?.state, 'canceled');
  });

  it('is proved by the coordinator, who is asked again two seconds after a false statement was', () => {
    const { network, z, a, c } = withRingingCarol();
    c.press('user.accept');
    const d = network.addDevice('dave');
    z.invite('dave');
    const busy = { user: 'dave', round: 1, state: 'busy', inviter: 'zoe' };
    deliverFrom(a, c, { id: 'x1', type: 'roster', records: [busy] });
    assert.equal(c.recordOf('dave')?.state, 'ringing');
    network.isPaused = true;
    d.press('user.decline');
    network.deliver(({ to }) => to === c);
    network.isPaused = false;
    const declined = { ...busy, state: 'declined' };
    deliverFrom(a, c, { id: 'x2', type: 'roster', records: [declined] });
    assert.equal(c.recordOf('dave')?.state, 'ringing');
    network.advance(2_000);
    assert.equal(c.recordOf('dave')?.state, 'declined');
  });
});

describe('a statement of a user who comes in after it, with another device', () => {
  for (const seconds of [0, 6])
    it(`does not raise the round of the next invitation (${seconds} s later)`, () => {
      const [network, z, a, b, c] = createNetwork('zoe', 'alice', 'bob', 'carol');
      network.advance(2_000);
      z.send('c1', ['alice', 'bob', 'carol'], { timeoutMs: 20_000 });
      a.press('user.accept');
      const other = network.addDevice('carol');
      const untrue = { user: 'bob', round: 2, state: 'in', inviter: 'zoe', device: 'carol-1' };
      deliverFrom(other, a, { id: 'x1', type: 'select', user: 'bob', records: [untrue] });
      network.advance(seconds * 1_000);
      c.press('user.accept');
      b.press('user.decline');
      a.invite('bob');
      assert.equal(a.recordOf('bob')?.round, 2);
      assert.equal(b.status, 'incoming');
    });
});

describe('a statement of the inviter that an invitation has no time left', () => {
  it('does not extend the invitation, also if it arrives late', () => {
    const [network, z, a] = createNetwork('zoe', 'alice', 'carol');
    network.advance(2_000);
    z.send('c1', ['alice', 'carol'], { timeoutMs: 10_000 });
    a.press('user.accept');
    z.hangUp();
    network.advance(11_500);
    const records = [z.recordOf('zoe'), a.recordOf('carol')];
    const remaining = [{ user: 'carol', ms: 0 }];
    deliverFrom(z, a, { id: 'x1', type: 'state', phase: 'over', round: 1, records, remaining });
    assert.equal(a.recordOf('carol')?.state, 'ringing');
    network.advance(500);
    assert.equal(a.recordOf('carol')?.state, 'timeout');
  });
});

describe('a statement of a user who is let in just after it', () => {
  it('proves nothing about others to the device that lets the user in: that knows that the user was not in before', () => {
    const { z, a, c } = withRingingCarol();
    const dave = { user: 'dave', round: 1, state: 'inviting', inviter: 'carol' };
    for (const to of [z, a]) deliverFrom(c, to, { id: 'x1', type: 'roster', records: [dave] });
    c.press('user.accept');
    assert.equal(z.recordOf('dave'), undefined);
    assert.equal(
      a.recordOf('dave')?.state,
      'inviting',
      'the selection may only have arrived later',
    );
  });
});

describe('an outdated record of a member who is in', () => {
  it('changes neither the state nor the inviter of an invitation that is decided', () => {
    const { z, a, c } = withRingingCarol();
    c.press('user.accept');
    z.hangUp();
    const before = c.recordOf('carol');
    const outdated = { user: 'carol', round: 1, state: 'busy', inviter: 'alice' };
    deliverFrom(a, c, { id: 'x1', type: 'roster', records: [outdated] });
    assert.deepEqual(c.recordOf('carol'), before);
    assert.equal(before?.inviter, 'zoe');
  });
});

describe('the end of a call by a member who is in only according to another member', () => {
  it('counts, also if it arrives before the invitation', () => {
    const [network, z, a, c] = createNetwork('zoe', 'alice', 'carol');
    network.advance(2_000);
    z.send('c1', ['alice'], { endWithInitiator: true });
    a.press('user.accept');
    network.isPaused = true;
    a.invite('carol');
    const deliver = delivererOf(network);
    deliver(z, 'roster');
    z.hangUp();
    deliver(c, 'end');
    deliver(c, 'invite');
    assert.equal(c.status, 'idle');
    assert.equal(c.argsOf('onIncomingCallReceived').length, 0);
  });

  it('counts for an invitation that this member cancels', () => {
    const { network, z, a, c } = withRingingCarol();
    z.hangUp();
    network.isPaused = true;
    z.feed({ type: 'user.join', request: 5, callID: 'c1' });
    const deliver = delivererOf(network);
    deliver(a, 'accept');
    deliver(z, 'select');
    assert.equal(z.status, 'active');
    deliver(c, 'select');
    assert.equal(c.status, 'incoming');
    z.feed({ type: 'user.cancel-invitees', request: 6, userIDs: ['carol'], customData: '' });
    deliver(c, 'cancel');
    assert.equal(c.status, 'ended: canceled');
  });
});

describe('a response', () => {
  it('that states what nobody can prove causes no more than a few questions', () => {
    const { network, a, c } = withRingingCarol();
    c.press('user.accept');
    const unknown = { user: 'dave', round: 1, state: 'left', inviter: 'dave' };
    const questions = () => c.sent('sync').length;
    const before = questions();
    deliverFrom(a, c, { id: 'x1', type: 'state', phase: 'in', records: [unknown] });
    for (let second = 0; second < 60; second += 1) {
      network.advance(1_000);
      deliverFrom(a, c, { id: `y${second}`, type: 'state', phase: 'in', records: [unknown] });
    }
    const asked = questions() - before;
    assert.ok(asked > 0 && asked <= 5, `${asked} questions`);
  });
});

describe('statements that a device is in, by several rounds', () => {
  it('share the questions to the device', () => {
    const { network, a, c } = withRingingCarol();
    c.press('user.accept');
    const dave = { user: 'dave', state: 'in', inviter: 'zoe', device: 'dave-1' };
    for (const round of [1, 2, 3, 4])
      deliverFrom(a, c, { id: `x${round}`, type: 'roster', records: [{ ...dave, round }] });
    network.advance(60_000);
    const asked = c.sent('sync').filter(({ toDevice }) => toDevice === 'dave-1');
    // The first question was asked before the other statements arrived.
    assert.equal(asked.length, 4);
  });
});

describe('a statement of a user who comes in more than six seconds later', () => {
  it('that another user is in does not count', () => {
    const { network, z, a } = withRingingCarol();
    const m = network.addDevice('mallory');
    const elsewhere = { user: 'carol', round: 1, state: 'in', inviter: 'zoe', device: 'carol-9' };
    deliverFrom(m, a, { id: 'x1', type: 'roster', records: [elsewhere] });
    network.advance(6_000);
    z.invite('mallory');
    m.press('user.accept');
    assert.equal(a.recordOf('mallory')?.state, 'in');
    assert.equal(a.sent('sync').filter(({ toDevice }) => toDevice === 'carol-9').length, 0);
  });
});

describe('a statement of the coordinator that a device is in which has not accepted', () => {
  it('does not count for a member who was not away, when the coordinator has left and the invitation is over', () => {
    const [network, z, a, b, c] = createNetwork('zoe', 'alice', 'bob', 'carol');
    network.advance(2_000);
    z.send('c1', ['alice', 'bob', 'carol'], { timeoutMs: 10_000 });
    const elsewhere = { user: 'carol', round: 1, state: 'in', inviter: 'zoe', device: 'zoe-1' };
    deliverFrom(z, a, { id: 'x1', type: 'roster', records: [elsewhere] });
    a.press('user.accept');
    b.press('user.accept');
    deliverFrom(z, a, { id: 'x2', type: 'roster', records: [elsewhere] });
    z.hangUp();
    network.advance(20_000);
    assert.equal(a.status, 'active');
    assert.equal(a.recordOf('carol')?.state, 'timeout');
    assert.equal(c.argsOf('onIncomingCallTimeout').length, 1);
  });
});

describe('a statement in an invitation', () => {
  it('about a user whom another member has invited is proved once that member is known to be in', () => {
    const { network, z, a, c } = withRingingCarol();
    c.press('user.decline');
    const b = network.addDevice('bob');
    network.isPaused = true;
    a.invite('bob');
    network.deliver(({ message, to }) => message.type === 'sync' && to === z);
    const present = z.state.calls.get('c1')?.members.get('zoe')?.record;
    network.isPaused = false;
    // It confirms that Zoe is in, so that she is not asked about that again.
    deliverFrom(z, b, { id: 'x1', type: 'signal', link: 1, data: {}, records: [present] });
    assert.equal(b.recordOf('carol'), undefined);
    network.advance(2_000);
    assert.equal(b.recordOf('carol')?.state, 'declined');
  });
});

describe('a statement about a later round of a user who is in', () => {
  const later = (user: string, state: string) => ({ user, round: 2, state, inviter: 'zoe' });

  it('has no effect if the device was still in afterwards, when that device is lost later', () => {
    const { network, z, a, c } = withRingingCarol();
    c.press('user.accept');
    deliverFrom(z, a, { id: 'x1', type: 'roster', records: [later('carol', 'inviting')] });
    network.loseDevice(c, 'c1');
    assert.equal(a.recordOf('carol')?.round, 1);
    const shown = a.snapshot.members.find(({ userID }) => userID === 'carol');
    assert.equal(shown?.state, 'left');
  });

  for (const state of ['unreachable', 'left'])
    it(`has no effect (${state}) if its sender comes in only after it, and the device is lost later`, () => {
      const [network, z, a, c, d] = createNetwork('zoe', 'alice', 'carol', 'dave');
      network.advance(2_000);
      z.send('c1', ['alice', 'carol', 'dave']);
      for (const device of [a, c]) device.press('user.accept');
      const untrue = { ...later('carol', state), inviter: 'dave', device: 'carol-9' };
      const message = { id: 'x1', type: 'cancel', user: 'carol', reason: 'canceled' };
      deliverFrom(d, a, { ...message, customData: '', records: [untrue] });
      network.loseDevice(c, 'c1');
      d.press('user.accept');
      network.advance(7_000);
      assert.equal(a.recordOf('dave')?.state, 'in');
      assert.equal(a.recordOf('carol')?.round, 1);
      const shown = a.snapshot.members.find(({ userID }) => userID === 'carol');
      assert.equal(shown?.state, 'left');
    });

  it('does not end the call of a device whose presence the coordinator has confirmed after a reconnect', () => {
    for (const isConfirmed of [true, false]) {
      const { network, z, a } = withRingingCarol();
      a.disconnect();
      network.isPaused = !isConfirmed;
      a.connect();
      const message = { id: 'x1', type: 'cancel', user: 'alice', reason: 'busy', customData: '' };
      deliverFrom(z, a, { ...message, records: [later('alice', 'busy')] });
      assert.equal(a.status, isConfirmed ? 'active' : 'ended: connection-lost');
    }
  });
});

describe('a device that is stated to be in a call that is over or unknown', () => {
  it('denies that, although the record of its open invitation names another device', () => {
    const [network, z, c] = createNetwork('zoe', 'carol');
    network.advance(2_000);
    c.feed({ type: 'preferences.changed', doNotDisturb: true, blocked: [] });
    const inZoe = { user: 'zoe', round: 1, state: 'in', inviter: 'zoe', device: 'zoe-1' };
    const inviting = { user: 'carol', round: 1, state: 'inviting', inviter: 'zoe', device: 'x' };
    deliverFrom(z, c, {
      ...{ id: 'x1', type: 'invite', callType: 'voice', initiator: 'zoe', customData: '' },
      ...{ endWithInitiator: false, group: false, timeoutMs: 10_000, remainingMs: 10_000 },
      records: [inZoe, inviting],
    });
    network.advance(30_000);
    assert.equal(c.state.calls.get('c1')?.phase, 'over');
    const selected = { ...inviting, round: 2, state: 'in', device: 'carol-2' };
    deliverFrom(z, c, { id: 'x2', type: 'state', phase: 'in', round: 1, records: [selected] });
    const [leave] = c.sent('leave');
    assert.deepEqual([leave?.gaveUp, leave?.records], [true, []], 'it was never in that round');
  });

  it('denies that without a record if it does not know the call, because its invitation may be on its way', () => {
    const [network, z, c] = createNetwork('zoe', 'carol');
    network.advance(2_000);
    const selected = { user: 'carol', round: 1, state: 'in', inviter: 'alice', device: 'carol-2' };
    deliverFrom(z, c, { id: 'x1', type: 'sync', phase: 'in', round: 1, records: [selected] });
    const [leave] = c.sent('leave');
    assert.deepEqual([leave?.to, leave?.gaveUp, leave?.records], [['zoe'], true, []]);
  });
});

describe('a user whose invitation has ended', () => {
  it('does not count as having been in by stating that they have left', () => {
    const { z, a, c } = withRingingCarol();
    c.press('user.decline');
    const left = { user: 'carol', round: 3, state: 'left', inviter: 'carol', device: 'carol-3' };
    for (const device of [z, a])
      deliverFrom(c, device, { id: 'x1', type: 'sync', phase: 'over', records: [left] });
    assert.equal(accepted(z, 'carol'), 0);
    for (const device of [z, a]) assert.equal(device.recordOf('carol')?.state, 'declined');
  });

  it('counts as left if a member has stated before that they were in', () => {
    const { z, a, c } = withRingingCarol();
    const own = { user: 'carol', round: 1, inviter: 'zoe' };
    const declined = { ...own, state: 'declined' };
    const decline = { type: 'decline', reason: 'declined', round: 1, customData: '' };
    deliverFrom(c, a, { ...decline, id: 'x1', records: [declined] });
    const selected = { ...own, state: 'in', device: 'carol-3' };
    deliverFrom(z, a, { id: 'x2', type: 'select', user: 'carol', records: [selected] });
    assert.equal(a.recordOf('carol')?.state, 'declined');
    const left = { ...selected, state: 'left' };
    deliverFrom(c, a, { id: 'x3', type: 'leave', reason: 'hung-up', records: [left] });
    assert.equal(a.recordOf('carol')?.state, 'left');
  });
});

describe('a report of a device that is neither in nor about to be', () => {
  it('answers no invitation, although it states that the device joins', () => {
    const [network, z, c] = createNetwork('zoe', 'carol');
    network.advance(2_000);
    z.send('c1', ['carol']);
    deliverFrom(c, z, { id: 'x1', type: 'sync', phase: 'settling', join: true, records: [] });
    assert.deepEqual([z.recordOf('carol')?.state, z.status], ['ringing', 'ringing-out']);
  });
});

describe('a statement of a user who has come in again that they are in', () => {
  /** Dave was in with Bob and Zoe, and has left. */
  function withoutDave() {
    const [network, b, z, d] = createNetwork('bob', 'zoe', 'dave');
    network.advance(2_000);
    b.send('c1', ['zoe', 'dave']);
    z.press('user.accept');
    d.press('user.accept');
    d.hangUp();
    return { network, b, z, d };
  }

  /** Bob has let Dave in again while Zoe was disconnected; Bob's device is lost before Zoe has asked it about that. */
  function lostAfterJoin() {
    const { network, b, z, d } = withoutDave();
    z.disconnect();
    d.join();
    b.disconnect();
    return { network, b, z, d };
  }

  it('counts if the member who has let them in is lost', () => {
    const { network, b, z, d } = lostAfterJoin();
    z.connect();
    assert.equal(z.recordOf('dave')?.state, 'left');
    network.advance(6_500);
    network.loseDevice(b, 'c1');
    assert.equal(z.status, 'active');
    assert.deepEqual(z.recordOf('dave'), d.recordOf('dave'));
    network.advance(60_000);
    assert.equal(z.status, 'active');
    assert.equal(d.status, 'active');
  });

  it('does not count for a device that was not away: it knows that nobody has let them in', () => {
    const { network, b, z, d } = withoutDave();
    const own = { user: 'dave', round: 2, state: 'in', device: 'dave-3', inviter: 'bob' };
    deliverFrom(d, z, { id: 'x1', type: 'state', phase: 'in', round: 2, records: [own] });
    network.loseDevice(b, 'c1');
    assert.equal(z.recordOf('dave')?.state, 'left');
  });

  it('does not count while the member who has let them in is in, nor after the device is lost', () => {
    const { network, b, z, d } = lostAfterJoin();
    z.connect();
    network.loseDevice(d, 'c1');
    network.loseDevice(b, 'c1');
    assert.equal(z.recordOf('dave')?.state, 'left');
    assert.equal(z.status, 'ended: everyone-left');
  });
});
