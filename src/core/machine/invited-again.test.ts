import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { bob, tableOf, type Seat, type Table } from '../../../test/support/machine-table.js';

/** Alice, Bob and Carol talk in a group call. */
function talking(): { table: Table; a: Seat; b: Seat; c: Seat } {
  const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
  table.pass(2_000);
  a.send('c1', ['bob', 'carol']);
  b.press('user.accept');
  c.press('user.accept');
  return { table, a, b, c };
}

const replies = (seat: Seat, request: number) =>
  seat.effects.flatMap((effect) =>
    effect.type === 'reply' && effect.request === request ? [effect.result] : [],
  );
const stateOf = (seat: Seat, userID: string) =>
  seat.snapshot.members.find((member) => member.userID === userID)?.state;

describe('a member who vanished', () => {
  it('is invited again, rings on another device, and comes in', () => {
    const { table, a, b, c } = talking();
    table.vanish(b, 'c1');
    assert.equal(stateOf(a, 'bob'), 'left');
    const back = table.seat('bob');
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: true }]);
    assert.equal(back.status, 'incoming');
    back.press('user.accept');
    for (const seat of [a, c, back]) {
      assert.equal(seat.status, 'active');
      assert.equal(stateOf(seat, 'bob'), 'accepted');
    }
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted').at(-1), ['c1', bob]);
  });

  it('is invited again by the last one in the call, while somebody else still rings', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    table.vanish(b, 'c1');
    assert.equal(c.status, 'incoming');
    const back = table.seat('bob');
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: true }]);
    assert.equal(back.status, 'incoming');
  });

  it('is in again at once where the device itself comes back, and nothing rings there', () => {
    const { table, a, b, c } = talking();
    table.vanish(b, 'c1');
    a.invite('bob');
    const media = b.count('open-media');
    b.connect();
    for (const seat of [a, b, c]) {
      assert.equal(seat.status, 'active');
      assert.equal(stateOf(seat, 'bob'), 'accepted');
    }
    assert.equal(b.argsOf('onIncomingCallReceived').length, 1, 'of the first invitation');
    assert.equal(b.count('open-media'), media, 'its media are open already');
    assert.equal(b.count('close-media'), 0);
  });

  it('hears that the connection was lost when the invitation has ended meanwhile', () => {
    const { table, a, b } = talking();
    table.vanish(b, 'c1');
    a.invite('bob', 5_000);
    table.pass(20_000);
    assert.equal(stateOf(a, 'bob'), 'timeout');
    b.connect();
    assert.equal(b.status, 'ended: connection-lost');
  });

  it('is not invited while a device of theirs is in the call', () => {
    const { a, b } = talking();
    a.invite('bob');
    assert.deepEqual(replies(a, 9), [{ ok: true, value: false }]);
    assert.equal(b.status, 'active');
  });
});

describe('an invitation that reached no device', () => {
  it('is unreachable while it is open and timed out after that, so that it can be sent again', () => {
    const { table, a } = talking();
    a.invite('dave', 5_000);
    assert.equal(stateOf(a, 'dave'), 'unreachable');
    table.pass(8_000);
    assert.equal(stateOf(a, 'dave'), 'timeout');
    const d = table.seat('dave');
    a.invite('dave');
    assert.equal(d.status, 'incoming');
  });
});
