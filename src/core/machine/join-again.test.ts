import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tableOf, type Seat } from '../../../test/support/machine-table.js';

const recordIn = (seat: Seat, user: string) =>
  seat.state.calls.get('c1')?.members.get(user)?.record;
const join = (seat: Seat) => seat.feed({ type: 'user.join', request: 11, callID: 'c1' });

describe('who joins a call that they have left', () => {
  it('does not time out an invitation of their own that was answered meanwhile', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    a.hangUp();
    c.press('user.accept');
    table.pass(30_000);
    join(a);
    assert.equal(a.status, 'active');
    assert.equal(recordIn(a, 'carol')?.state, 'in');
    assert.equal(a.sent('cancel').length, 0);
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 0);
  });

  it('times out an invitation of their own that nobody has answered', () => {
    const [table, a, b] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 10_000 });
    b.press('user.accept');
    table.held = true;
    a.hangUp();
    join(a);
    table.deliver(({ message, to }) => to !== a && message.type === 'cancel');
    table.held = false;
    table.pass(20_000);
    assert.notEqual(recordIn(a, 'carol')?.state, 'ringing');
  });

  it('hears of nobody’s acceptance twice', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    a.hangUp();
    table.pass(5_000);
    b.invite('alice');
    a.press('user.accept');
    // Carol is asked again whether she is in.
    table.pass(2_000);
    assert.equal(a.status, 'active');
    assert.equal(recordIn(a, 'carol')?.state, 'in');
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 2, 'Bob and Carol, once each');
  });

  it('has not missed it any more', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol'], { timeoutMs: 5_000 });
    b.press('user.accept');
    table.pass(20_000);
    assert.deepEqual([c.count('missed'), c.count('unmissed')], [1, 0]);
    join(c);
    assert.deepEqual([c.status, c.count('unmissed')], ['active', 1]);
  });

  /** Carol was taken out of the call, and hopes to come in nevertheless. */
  function withHopefulCarol() {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    a.feed({ type: 'user.cancel-invitee', request: 4, userID: 'carol' });
    table.pass(10_000);
    join(c);
    return { table, b, c };
  }

  it('comes in by what invites them meanwhile', () => {
    const { b, c } = withHopefulCarol();
    assert.equal(c.snapshot.status, 'connecting');
    b.invite('carol');
    assert.equal(c.status, 'active');
  });

  it('rings for what has invited them, for the time that is left, when nobody hears of the join', () => {
    const { table, b, c } = withHopefulCarol();
    table.held = true;
    b.invite('carol', 20_000);
    table.deliver(({ message }) => message.from.userID === 'carol');
    table.held = false;
    assert.equal(c.snapshot.status, 'connecting');
    table.pass(9_000);
    assert.equal(c.status, 'incoming');
    table.pass(12_000);
    assert.notEqual(c.status, 'incoming');
  });
});
