import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Seat, tableOf, two, type Mail, type Table } from '../../../test/support/machine-table.js';
import type { Delivered } from '../protocol/messages.js';
import { savedCall } from './snapshot.js';

describe('several devices of one user', () => {
  it('have one winner; the others fall silent without a missed call', () => {
    const [table, a, b1, b2] = tableOf('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    table.held = true;
    b1.press('user.accept');
    b2.press('user.accept');
    table.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b1.status, 'active');
    assert.equal(b2.status, 'ended: answered-elsewhere');
    table.pass(30_000);
    assert.equal(b2.count('missed'), 0);
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 1);
  });

  it('fall silent when one of them declines', () => {
    const [table, a, b1, b2] = tableOf('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.press('user.decline');
    assert.equal(b2.status, 'ended: declined-elsewhere');
    assert.equal(a.status, 'ended: declined');
    table.pass(30_000);
    assert.equal(b2.count('missed'), 0);
  });
});

describe('a page that gives its user up', () => {
  it('leaves a call that it has accepted, also when it was selected a moment before', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    table.held = true;
    b.press('user.accept');
    table.held = false;
    a.feed({ type: 'transport.message', message: takeMail(table, a) });
    assert.equal(a.status, 'active');
    table.mail.length = 0;
    b.feed({ type: 'user.leave' });
    assert.equal(a.status, 'ended: hung-up');
  });

  it('does not decline what rings: other devices ring on', () => {
    const [, a, b1, b2] = tableOf('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.feed({ type: 'user.leave' });
    assert.equal(b2.status, 'incoming');
    assert.equal(a.status, 'ringing-out');
  });
});

describe('a page that was reloaded', () => {
  /** Carol's page is loaded anew, in a call with Alice, who coordinates, and Bob. */
  function reloaded() {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    const saved = savedCall(c.state);
    assert.ok(saved);
    c.disconnect();
    table.held = true;
    const back = new Seat(table, { ...c.state.self, deviceID: 'carol-new' });
    table.seats.push(back);
    back.feed({ type: 'user.resume', saved: { ...saved, microphone: true, camera: true } });
    return { table, a, b, back };
  }

  it('comes back into its call, whoever answers first', () => {
    for (const late of ['a', 'b'] as const) {
      const { table, back, ...others } = reloaded();
      back.connect();
      // One of them is slower than the other.
      const waiting: Mail[] = [];
      table.deliver((mail) => mail.to === others[late] && waiting.push(mail) > 0);
      table.mail.push(...waiting);
      table.held = false;
      table.deliver();
      for (const seat of [others.a, others.b, back]) assert.equal(seat.status, 'active', late);
    }
  });
});

function takeMail(table: Table, seat: Seat): Delivered {
  const index = table.mail.findIndex(({ to }) => to === seat);
  const [mail] = table.mail.splice(index, 1);
  assert.ok(mail);
  return mail.message;
}
