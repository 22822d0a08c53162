import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  deliverFrom,
  type MachineDevice,
  type MachineNetwork,
  type QueuedMessage,
} from '../../../test/support/machine-network.js';

const ringsOf = (device: MachineDevice) => device.argsOf('onIncomingCallReceived').length;

/** Alice has called Bob and Carol, and Carol has left. Her request to join is lost. */
function withLostJoin() {
  const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
  network.advance(2_000);
  a.send('c1', ['bob', 'carol']);
  b.press('user.accept');
  c.press('user.accept');
  c.hangUp();
  network.isPaused = true;
  c.join();
  const loseCarols = () => network.deliver(({ message }) => message.from.userID === 'carol');
  loseCarols();
  return { network, a, b, c, loseCarols };
}

describe('an invitation that arrives during a join', () => {
  it('is answered by the join, which its sender may have received too early', () => {
    const { network, b, c } = withLostJoin();
    const rings = ringsOf(c);
    b.invite('carol');
    network.isPaused = false;
    network.deliver();
    assert.deepEqual([c.status, ringsOf(c)], ['active', rings]);
  });
});

describe('an invitation that arrives during a join that fails', () => {
  it('rings afterwards', () => {
    const { network, b, c, loseCarols } = withLostJoin();
    const rings = ringsOf(c);
    b.invite('carol');
    loseCarols();
    network.advance(8_000);
    assert.deepEqual([c.status, ringsOf(c)], ['incoming', rings + 1]);
  });

  it('does not ring if it was cancelled meanwhile, and the end of the join is shown', () => {
    const { network, b, c } = withLostJoin();
    const rings = ringsOf(c);
    b.invite('carol');
    b.feed({ type: 'user.cancel-invitees', request: 12, userIDs: ['carol'], customData: '' });
    network.isPaused = false;
    network.deliver();
    network.advance(8_000);
    assert.deepEqual([c.status, ringsOf(c)], ['ended: canceled', rings]);
    network.advance(3_000);
    assert.deepEqual([c.status, c.count('missed')], ['idle', 1]);
  });
});

describe('an invitation, during a join, by a user who came in after the device had left', () => {
  /** Carol does not know that Dave is in. He invites her, and has not selected her device yet, which answers by its join. */
  function withUnknownInviter() {
    const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    c.hangUp();
    b.invite('dave');
    d.press('user.accept');
    network.isPaused = true;
    c.join();
    network.deliver(() => true);
    const rings = ringsOf(c);
    d.invite('carol', 20_000);
    network.deliver(({ to }) => to !== c);
    /** Between the two only. */
    const deliver = () =>
      network.deliver(({ message, to }) => {
        const users = [message.from.userID, to.state.self.userID];
        return users.includes('alice') || users.includes('bob');
      });
    return { network, c, d, rings, deliver };
  }

  it('does not ring if the inviter has selected the device before the join fails', () => {
    const { network, c, d, rings, deliver } = withUnknownInviter();
    deliverFrom(c, d, { ...c.sent('accept').at(-1), id: 'x1' });
    deliver();
    network.advance(9_000);
    deliver();
    assert.deepEqual([c.snapshot.status, ringsOf(c)], ['ended', rings]);
    assert.equal(d.recordOf('carol')?.state, 'left');
  });

  it('stops to ring if the inviter selects the device after the join has failed', () => {
    const { network, c, d, rings, deliver } = withUnknownInviter();
    network.advance(9_000);
    network.deliver(() => true);
    assert.deepEqual([c.status, ringsOf(c)], ['incoming', rings + 1]);
    deliverFrom(c, d, { ...c.sent('accept').at(-1), id: 'x1' });
    deliver();
    assert.equal(c.snapshot.status, 'ended');
    assert.equal(d.recordOf('carol')?.state, 'left');
  });
});

describe('an invitation that arrives while an accept waits for its selection', () => {
  it('does not ring if its end has ended the call, and that end is shown', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    network.isPaused = true;
    c.press('user.accept');
    network.deliver(({ message }) => message.from.userID === 'carol');
    const inBob = b.recordOf('bob');
    const next = { user: 'carol', round: 2, inviter: 'bob' };
    const inviting = { ...next, state: 'inviting' };
    deliverFrom(b, c, {
      ...{ id: 'x1', type: 'invite', callType: 'voice', initiator: 'alice', customData: '' },
      ...{ endWithInitiator: false, group: true, timeoutMs: 10_000, remainingMs: 10_000 },
      records: [inBob, inviting],
    });
    b.hangUp();
    network.deliver(({ message }) => message.from.userID === 'carol');
    deliverFrom(a, c, { id: 'x2', type: 'state', phase: 'in', round: 1, records: [inviting] });
    assert.deepEqual([c.status, c.recordOf('carol')?.round], ['connecting', 2]);
    const canceled = {
      id: 'x3',
      type: 'cancel',
      user: 'carol',
      reason: 'canceled',
      customData: '',
    };
    deliverFrom(a, c, { ...canceled, records: [{ ...next, state: 'canceled' }] });
    assert.equal(c.status, 'ended: canceled');
  });
});

describe('the end of an invitation that arrives before it, when the call is over', () => {
  /** Alice has called Bob and Carol. */
  function ringing() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    return { network, a, b, c };
  }

  /** Carol was in, and has hung up. */
  function afterCarol() {
    const call = ringing();
    for (const invitee of [call.b, call.c]) invitee.press('user.accept');
    call.c.hangUp();
    call.network.advance(5_000);
    return { ...call, rings: ringsOf(call.c) };
  }

  /** A member invites Carol, and cancels that at once. The invitation arrives last. */
  function inviteAndCancel(network: MachineNetwork, member: MachineDevice): void {
    network.isPaused = true;
    member.invite('carol');
    member.feed({ type: 'user.cancel-invitees', request: 12, userIDs: ['carol'], customData: '' });
    const late: QueuedMessage[] = [];
    network.deliver((queued) => queued.message.type === 'invite' && late.push(queued) > 0);
    network.isPaused = false;
    for (const { to, message } of late) to.feed({ type: 'transport.message', message });
  }

  it('prevents that it rings', () => {
    const { network, a, c, rings } = afterCarol();
    inviteAndCancel(network, a);
    assert.deepEqual([c.status, ringsOf(c)], ['idle', rings]);
    network.advance(5_000);
    assert.equal(c.count('missed'), 1);
    a.invite('carol');
    assert.deepEqual([c.status, ringsOf(c)], ['incoming', rings + 1]);
  });

  it('does so if the inviter has come in since this device has left', () => {
    const { network, b, c } = ringing();
    c.press('user.decline');
    b.press('user.accept');
    network.advance(5_000);
    assert.equal(c.recordOf('bob')?.state, 'ringing');
    const rings = ringsOf(c);
    inviteAndCancel(network, b);
    assert.deepEqual([c.status, ringsOf(c)], ['idle', rings]);
  });

  it('does not count if the invitation is that of another member', () => {
    const { network, a, b, c, rings } = afterCarol();
    for (const inviter of ['bob', 'alice']) {
      const canceled = { user: 'carol', round: 2, inviter, state: 'canceled' };
      const body = { type: 'cancel', id: inviter, user: 'carol', reason: 'canceled' };
      deliverFrom(b, c, { ...body, customData: '', records: [canceled] });
    }
    a.invite('carol');
    assert.deepEqual([c.status, ringsOf(c)], ['incoming', rings + 1]);
    network.advance(10_000);
    assert.equal(c.status, 'incoming');
  });
});
