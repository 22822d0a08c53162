import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alice, bob, createNetwork, deliverFrom } from '../../../test/support/machine-network.js';

describe('an invitation to an ongoing call', () => {
  /** Alice and Bob are in a group call and have invited Carol, who is busy in a call with Dave. */
  function withBusyCarol() {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    d.send('c0', ['carol']);
    c.press('user.accept');
    a.send('c1', ['bob', 'erin']);
    b.press('user.accept');
    return { network, a, b, c };
  }

  it('is answered busy in each round, and rings in a later one', () => {
    const { network, a, b, c } = withBusyCarol();
    network.isPaused = true;
    b.invite('carol');
    // Bob's cancel is lost on its way to Carol.
    network.deliver(({ to, message }) => to === c && message.type === 'cancel');
    network.isPaused = false;
    assert.equal(c.state.calls.get('c1')?.phase, 'silent');
    assert.equal(a.recordOf('carol')?.state, 'busy');
    a.invite('carol');
    assert.deepEqual(b.recordOf('carol'), {
      ...{ user: 'carol', round: 2, state: 'busy', inviter: 'alice' },
    });
    c.hangUp();
    network.advance(3_000);
    a.invite('carol');
    assert.equal(c.status, 'incoming');
    assert.deepEqual(c.snapshot.inviter, alice);
  });

  it('rings in a later round, with its time, once its inviter has stated that the earlier one is over', () => {
    const { network, a, b, c } = withBusyCarol();
    c.hangUp();
    network.advance(3_000);
    b.invite('carol');
    assert.deepEqual(c.snapshot.inviter, bob);
    // Bob's cancel is lost, and Alice invites her.
    network.isPaused = true;
    b.feed({ type: 'user.cancel-invitees', request: 10, userIDs: ['carol'], customData: '' });
    network.deliver(({ to }) => to === c);
    network.isPaused = false;
    network.advance(20_000);
    a.invite('carol');
    assert.deepEqual([c.status, c.snapshot.inviter], ['incoming', alice]);
    assert.equal(b.recordOf('carol')?.state, 'ringing');
    const rings = c.argsOf('onIncomingCallReceived').filter(([callID]) => callID === 'c1');
    assert.equal(rings.length, 2);
    assert.equal(c.argsOf('onIncomingCallCanceled').length, 1);
    network.advance(29_000);
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    assert.equal(c.status, 'active');
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted').at(-1)?.[1], {
      ...{ userID: 'carol', userName: 'CAROL' },
    });
  });

  it('continues to ring for the next invitation of the same inviter, whose cancel was lost', () => {
    const { network, a, b, c } = withBusyCarol();
    c.hangUp();
    network.advance(3_000);
    b.invite('carol', 10_000);
    network.isPaused = true;
    b.feed({ type: 'user.cancel-invitees', request: 10, userIDs: ['carol'], customData: '' });
    network.deliver(({ to }) => to === c);
    network.isPaused = false;
    network.advance(5_000);
    b.invite('carol', 30_000);
    const rings = c.argsOf('onIncomingCallReceived').filter(([callID]) => callID === 'c1');
    assert.equal(rings.length, 1);
    network.advance(20_000);
    assert.equal(c.status, 'incoming', 'by the time of the later invitation');
    c.press('user.accept');
    assert.equal(c.status, 'active');
    assert.equal(a.recordOf('carol')?.state, 'in');
  });

  it('is concluded busy by the next coordinator when the inviter has left', () => {
    const { network, a, b } = withBusyCarol();
    network.isPaused = true;
    b.invite('carol');
    // The inviter, who coordinates, does not receive it.
    network.deliver(({ to, message }) => to === b && message.type === 'decline');
    network.isPaused = false;
    network.advance(10_000);
    assert.equal(a.recordOf('carol')?.state, 'inviting');
    b.hangUp();
    assert.equal(a.recordOf('carol')?.state, 'inviting');
    network.advance(2_000);
    assert.equal(a.recordOf('carol')?.state, 'busy');
  });

  it('is opened only by the coordinator for a user who joins', () => {
    const { network, a, b, c } = withBusyCarol();
    b.invite('carol');
    c.hangUp();
    network.advance(5_000);
    c.join();
    assert.equal(c.status, 'active');
    const selected = [a, b].map((device) => device.sent('select').map(({ user }) => user));
    assert.deepEqual(selected, [['bob'], ['carol']], 'each by who invited them');
    assert.equal(a.recordOf('carol')?.round, 2);
  });

  it('is answered busy also to a member who has just come in', () => {
    const { network, a, b } = withBusyCarol();
    network.isPaused = true;
    b.invite('carol');
    // Her answer is lost; then Erin comes in.
    network.deliver(({ message }) => message.from.userID === 'carol');
    network.isPaused = false;
    const erin = network.addDevice('erin');
    erin.feed({ type: 'transport.message', message: a.replayed(9, 20_000) });
    erin.press('user.accept');
    assert.equal(erin.status, 'active');
    network.advance(9_000);
    assert.equal(erin.recordOf('carol')?.state, 'busy');
  });
});

describe('a callee who turns out to be in after the inviter has reported the end of the invitation', () => {
  for (const [reason, callback] of [
    ['timeout', 'onOutgoingCallTimeout'],
    ['busy', 'onOutgoingCallRejectedCauseBusy'],
    ['declined', 'onOutgoingCallDeclined'],
  ] as const)
    it(`is shown as in, and does not count as another outcome of it (${reason})`, () => {
      const [network, a, b] = createNetwork('alice', 'bob', 'carol');
      network.advance(2_000);
      a.send('c1', ['bob', 'carol'], { timeoutMs: 20_000 });
      b.press('user.accept');
      network.advance(5_000);
      a.invite('dave', 10_000);
      const d = network.addDevice('dave');
      const own = { user: 'dave', round: 1, inviter: 'alice' };
      const decline = { id: 'x1', type: 'decline', reason, round: 1, customData: '' };
      const records = reason === 'declined' ? [{ ...own, state: 'declined' }] : [];
      if (reason !== 'timeout') deliverFrom(d, a, { ...decline, records });
      network.advance(12_000);
      assert.equal(a.argsOf(callback).length, 1);
      // Bob has let Dave in when he counted Alice as lost.
      const dave = { ...own, state: 'in', device: 'dave-4' };
      const select = { id: 'x2', type: 'select', user: 'dave' };
      deliverFrom(b, a, { ...select, records: [dave] });
      const state = { id: 'x3', type: 'state', phase: 'in', round: 1 };
      deliverFrom(d, a, { ...state, records: [dave] });
      const shown = a.snapshot.members.find(({ userID }) => userID === 'dave');
      assert.equal(shown?.state, 'accepted');
      const accepted = a.argsOf('onOutgoingCallAccepted').map(([, callee]) => callee);
      assert.deepEqual(accepted, [bob]);
      const states = a.argsOf('onInvitationUserStateChanged').at(-1);
      assert.deepEqual(states, [[{ userID: 'dave', state: 'accepted', customData: '' }]]);
    });
});

describe('the time of an invitation', () => {
  it('ends two seconds later at whoever has become its coordinator meanwhile', () => {
    const [network, a, b] = createNetwork('alice', 'bob');
    const at = (user: string) => b.snapshot.members.find(({ userID }) => userID === user)?.state;
    network.advance(2_000);
    a.send('c1', ['bob', 'carol', 'dave'], { timeoutMs: 20_000 });
    b.press('user.accept');
    network.advance(5_000);
    a.hangUp();
    network.advance(16_999);
    assert.equal(b.status, 'active');
    assert.equal(at('carol'), 'inviting');
    network.advance(1);
    assert.equal(b.status, 'ended: everyone-left');
    assert.equal(b.sent('cancel').length, 2);
  });
});

describe('the caller’s texts for a notification', () => {
  it('are sent by the caller, and by nobody who invites more users', () => {
    const [, a, b] = createNetwork('alice', 'bob', 'carol');
    a.feed({
      ...{ type: 'user.send', request: 1, callID: 'c1', callType: 'voice', customData: '' },
      ...{ invitees: [bob], timeoutMs: 60_000, endWithInitiator: false, group: true },
      notification: { title: 'From Alice' },
    });
    b.press('user.accept');
    assert.deepEqual(b.snapshot.notification, { title: 'From Alice' });
    b.invite('carol');
    assert.deepEqual(
      [a, b].map((device) => device.sent('invite').map(({ notification }) => notification)),
      [[{ title: 'From Alice' }], [undefined]],
    );
  });
});

describe('a device that leaves', () => {
  /** Bob has left, and has not believed Carol, who stated that she is in: as far as he knows, her invitation has timed out. */
  function withDisbelievedCarol() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    const own = { user: 'carol', round: 1, inviter: 'alice' };
    const cancel = { id: 'x1', type: 'cancel', user: 'carol', reason: 'timeout' };
    deliverFrom(a, b, { ...cancel, records: [{ ...own, state: 'timeout' }] });
    const carol = { ...own, state: 'in', device: 'carol-3' };
    const state = { type: 'state', phase: 'in', round: 1 };
    deliverFrom(c, b, { ...state, id: 'x2', records: [carol] });
    b.hangUp();
    return { b, c, carol };
  }
  const inviter = 'alice';
  const left = {
    user: 'bob',
    round: 1,
    state: 'left',
    device: 'bob-2',
    inviter,
    reason: 'hung-up',
  };

  it('says so to a device that asks it as a member, and says nothing about others', () => {
    const { b, c, carol } = withDisbelievedCarol();
    const bobIn = { user: 'bob', round: 1, state: 'in', device: 'bob-2', inviter: 'alice' };
    const sync = { id: 'x3', type: 'sync', phase: 'in', round: 1, toDevice: 'bob-2' };
    deliverFrom(c, b, { ...sync, records: [carol] });
    assert.equal(b.sent('state').length, 0);
    deliverFrom(c, b, { ...sync, id: 'x4', records: [carol, bobIn] });
    assert.deepEqual(
      b.sent('state').map(({ phase, records }) => [phase, records]),
      [['over', [left]]],
    );
  });
});
