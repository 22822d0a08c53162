import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Seat, Table } from '../../../test/support/machine-table.js';
import type { Delivered } from '../protocol/messages.js';
import { savedCall } from './snapshot.js';

const alice = { userID: 'alice', userName: 'ALICE' };
const bob = { userID: 'bob', userName: 'BOB' };

describe('invited into a running call', () => {
  /** Alice and Bob talk in a group call that Carol, who is busy, is invited to; Dave has called her. */
  function withBusyCarol() {
    const table = new Table();
    const [a, b, c, d] = [
      table.seat('alice'),
      table.seat('bob'),
      table.seat('carol'),
      table.seat('dave'),
    ];
    table.pass(2_000);
    d.send('c0', ['carol']);
    c.press('user.accept');
    a.send('c1', ['bob', 'erin']);
    b.press('user.accept');
    return { table, a, b, c, d };
  }
  const invite = (seat: Seat, userID: string): void =>
    seat.feed({
      ...{ type: 'user.invite', request: 9, timeoutMs: 30_000 },
      invitees: [{ userID, userName: userID }],
    });
  const recordIn = (seat: Seat, user: string) =>
    seat.state.calls.get('c1')?.members.get(user)?.record;

  it('says busy for each round, and rings for a later one', () => {
    const { table, a, b, c } = withBusyCarol();
    table.held = true;
    invite(b, 'carol');
    for (let next = table.mail.shift(); next; next = table.mail.shift()) {
      // What Bob concludes goes astray on the way to Carol.
      const { to, message } = next;
      if (to !== c || message.type !== 'cancel') to.feed({ type: 'transport.message', message });
    }
    table.held = false;
    assert.equal(c.state.calls.get('c1')?.phase, 'silent');
    assert.equal(recordIn(a, 'carol')?.state, 'busy');
    invite(a, 'carol');
    assert.deepEqual(recordIn(b, 'carol'), {
      ...{ user: 'carol', round: 2, state: 'busy', inviter: 'alice' },
    });
    c.hangUp();
    table.pass(3_000);
    invite(a, 'carol');
    assert.equal(c.status, 'incoming');
    assert.deepEqual(c.snapshot.inviter, alice);
  });

  it('rings on for a later round, by the time of that one', () => {
    const { table, a, b, c } = withBusyCarol();
    c.hangUp();
    table.pass(3_000);
    invite(b, 'carol');
    assert.deepEqual(c.snapshot.inviter, bob);
    // Bob's word that it is taken back goes astray, and Alice invites her.
    table.held = true;
    b.feed({ type: 'user.cancel-invitee', request: 10, userID: 'carol' });
    for (const { to, message } of table.mail.splice(0))
      if (to !== c) to.feed({ type: 'transport.message', message });
    table.held = false;
    table.pass(20_000);
    invite(a, 'carol');
    assert.deepEqual([c.status, c.snapshot.inviter], ['incoming', alice]);
    assert.equal(recordIn(b, 'carol')?.state, 'ringing');
    const rings = c.argsOf('onIncomingCallReceived').filter(([callID]) => callID === 'c1');
    assert.equal(rings.length, 1);
    table.pass(29_000);
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    assert.equal(c.status, 'active');
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted').at(-1)?.[1], {
      ...{ userID: 'carol', userName: 'CAROL' },
    });
  });

  it('is concluded busy by whoever judges once the inviter has left', () => {
    const { table, a, b } = withBusyCarol();
    table.held = true;
    invite(b, 'carol');
    for (let next = table.mail.shift(); next; next = table.mail.shift()) {
      // The inviter, who judges, never hears of it.
      const { to, message } = next;
      if (to !== b || message.type !== 'decline') to.feed({ type: 'transport.message', message });
    }
    table.held = false;
    table.pass(10_000);
    assert.equal(recordIn(a, 'carol')?.state, 'inviting');
    b.hangUp();
    assert.equal(recordIn(a, 'carol')?.state, 'inviting');
    table.pass(9_000);
    assert.equal(recordIn(a, 'carol')?.state, 'busy');
  });

  it('is opened by the judge alone for one who joins', () => {
    const { table, a, b, c } = withBusyCarol();
    invite(b, 'carol');
    c.hangUp();
    table.pass(5_000);
    c.feed({ type: 'user.join', request: 11, callID: 'c1' });
    assert.equal(c.status, 'active');
    const selects = [a, b].flatMap(({ effects }) =>
      effects.filter((e) => e.type === 'send' && e.message.type === 'select'),
    );
    // Bob's, and now Carol's: both by Alice, who invited the one and placed the call.
    assert.equal(selects.length, 2);
    assert.equal(recordIn(a, 'carol')?.round, 2);
  });

  it('is told busy to one who has just come', () => {
    const { table, a, b } = withBusyCarol();
    table.held = true;
    invite(b, 'carol');
    // Her answer is heard by nobody; then Erin comes.
    const mail = table.mail.splice(0);
    for (const { to, message } of mail) to.feed({ type: 'transport.message', message });
    table.mail.splice(0);
    table.held = false;
    const erin = table.seat('erin');
    const call = a.effects.find((e) => e.type === 'send' && e.message.type === 'invite');
    assert.ok(call?.type === 'send');
    erin.feed({
      type: 'transport.message',
      message: {
        ...structuredClone(call.message),
        ...{ from: { ...alice, deviceID: 'alice-1' }, at: 9, replay: true, remainingMs: 20_000 },
      } as Delivered,
    });
    erin.press('user.accept');
    assert.equal(erin.status, 'active');
    table.pass(9_000);
    assert.equal(recordIn(erin, 'carol')?.state, 'busy');
  });
});

describe('a page that was reloaded', () => {
  /** Carol's page is loaded anew, in a call with Alice, who judges, and Bob. */
  function reloaded() {
    const table = new Table();
    const [a, b, c] = [table.seat('alice'), table.seat('bob'), table.seat('carol')];
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
      const waiting = [];
      for (let mail = table.mail.shift(); mail; mail = table.mail.shift()) {
        if (mail.to === others[late]) waiting.push(mail);
        else mail.to.feed({ type: 'transport.message', message: mail.message });
      }
      table.mail.push(...waiting);
      table.held = false;
      table.deliver();
      for (const seat of [others.a, others.b, back]) assert.equal(seat.status, 'active', late);
    }
  });
});
