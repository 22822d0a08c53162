import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alice, bob, tableOf, two, type Seat } from '../../../test/support/machine-table.js';
import type { Delivered } from '../protocol/messages.js';

describe('what nobody may say', () => {
  it('is dropped and reported, and changes nothing', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    const before = b.snapshot;
    const mallory = { userID: 'mallory', userName: 'M', deviceID: 'm1' };
    const said = { v: 1, callID: 'c1', to: ['bob'], records: [], names: [], remaining: [], at: 9 };
    const canceled = { user: 'bob', round: 1, state: 'canceled', inviter: 'alice' };
    const forged = [
      { ...said, id: 'x1', type: 'cancel', user: 'bob', reason: 'canceled', from: mallory },
      { ...said, id: 'x2', type: 'select', user: 'bob', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x3',
        type: 'end',
        reason: 'hung-up',
        from: { ...alice, deviceID: 'alice-1' },
      },
      { ...said, id: 'x4', type: 'leave', reason: 'hung-up', lost: 'alice-1', from: mallory },
      { ...said, id: 'x5', type: 'roster', records: [canceled], from: mallory },
      {
        ...said,
        id: 'x6',
        type: 'cancel',
        user: 'bob',
        reason: 'canceled',
        from: { ...bob, deviceID: 'b9' },
      },
    ];
    for (const message of forged)
      b.feed({ type: 'transport.message', message: message as unknown as Delivered });
    assert.equal(b.count('dropped'), 6);
    assert.deepEqual(b.snapshot, before);
  });

  it('is not taken from a member who speaks of somebody else', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    const mallory = { user: 'mallory', round: 1, state: 'in', device: 'm1', inviter: 'alice' };
    a.feed({
      type: 'transport.message',
      message: {
        ...{ v: 1, id: 'x1', type: 'state', callID: 'c1', to: ['alice'], phase: 'incoming' },
        ...{ records: [mallory], names: [], remaining: [], at: 9 },
        from: { ...bob, deviceID: b.state.self.deviceID },
      } as unknown as Delivered,
    });
    assert.deepEqual(
      a.snapshot.members.map(({ userID }) => userID),
      ['alice', 'bob'],
    );
  });
});

/** What `from` says beside its machine reaches `to`. */
function tell(from: Seat, to: Seat, body: object): void {
  const { userID, userName, deviceID } = from.state.self;
  const envelope = {
    v: 1,
    callID: 'c1',
    to: [to.state.self.userID],
    names: [],
    remaining: [],
    at: 9,
  };
  const message = { ...envelope, ...body, from: { userID, userName, deviceID } };
  to.feed({ type: 'transport.message', message: message as unknown as Delivered });
}

describe('a member who is in', () => {
  it('does not take over an open invitation by saying that it was the one who invited', () => {
    const [table, z, a, c] = tableOf('zoe', 'alice', 'carol');
    table.pass(2_000);
    z.send('c1', ['alice', 'carol']);
    a.press('user.accept');
    const own = { user: 'carol', round: 1, state: 'ringing', inviter: 'alice' };
    for (const seat of [z, c]) tell(a, seat, { id: 'x1', type: 'roster', records: [own] });
    const refused = { ...own, state: 'busy' };
    for (const seat of [z, c])
      tell(a, seat, {
        id: 'x2',
        type: 'cancel',
        user: 'carol',
        reason: 'busy',
        records: [refused],
      });
    assert.equal(c.status, 'incoming');
    c.press('user.accept');
    for (const seat of [z, a, c]) assert.equal(seat.status, 'active');
  });
});

/** Zoe, who has called them, talks to Alice; Carol rings. */
function withRingingCarol() {
  const [table, z, a, c] = tableOf('zoe', 'alice', 'carol');
  table.pass(2_000);
  z.send('c1', ['alice', 'carol']);
  a.press('user.accept');
  return { table, z, a, c };
}
const recordIn = (seat: Seat, user: string) =>
  seat.state.calls.get('c1')?.members.get(user)?.record;
const accepted = (seat: Seat, user: string) =>
  seat
    .argsOf('onOutgoingCallAccepted')
    .filter(([, callee]) => (callee as { userID: string }).userID === user).length;

describe('a statement of one who is in', () => {
  it('is no glare of an invitation that somebody else has sent', () => {
    const { z, a, c } = withRingingCarol();
    const glare = { user: 'carol', round: 1, state: 'glare', inviter: 'alice' };
    for (const seat of [z, c]) tell(a, seat, { id: 'x1', type: 'roster', records: [glare] });
    assert.equal(recordIn(z, 'carol')?.state, 'ringing');
    assert.equal(c.status, 'incoming');
  });

  it('that somebody is in without a device takes nobody out, whoever leaves later', () => {
    const { z, a, c } = withRingingCarol();
    c.press('user.accept');
    const nameless = { user: 'carol', round: 1, state: 'in', inviter: 'zoe' };
    tell(a, c, { id: 'x1', type: 'roster', records: [nameless] });
    z.hangUp();
    assert.equal(c.status, 'active');
  });

  it('about an invitation counts no more once its coordinator has ended that', () => {
    const { z, a, c } = withRingingCarol();
    const dave = { user: 'dave', round: 1, inviter: 'zoe' };
    tell(z, c, { id: 'x1', type: 'roster', records: [{ ...dave, state: 'inviting' }] });
    const ended = { id: 'x2', type: 'cancel', user: 'dave', reason: 'busy' };
    tell(a, c, { ...ended, records: [{ ...dave, state: 'busy' }] });
    assert.equal(recordIn(c, 'dave')?.state, 'inviting');
    tell(z, c, {
      ...{ id: 'x3', type: 'leave', reason: 'hung-up' },
      records: [
        { ...dave, state: 'canceled' },
        { user: 'zoe', round: 1, state: 'left', inviter: 'zoe', device: 'zoe-1' },
      ],
    });
    assert.equal(recordIn(c, 'dave')?.state, 'canceled');
  });
});

describe('one whose invitation has ended', () => {
  it('was not in for saying that it has left', () => {
    const { z, a, c } = withRingingCarol();
    c.press('user.decline');
    const left = { user: 'carol', round: 3, state: 'left', inviter: 'carol', device: 'carol-3' };
    for (const seat of [z, a])
      tell(c, seat, { id: 'x1', type: 'sync', phase: 'over', records: [left] });
    assert.equal(accepted(z, 'carol'), 0);
    for (const seat of [z, a]) assert.equal(recordIn(seat, 'carol')?.state, 'declined');
  });

  it('has left where a member has said before that it was in', () => {
    const { z, a, c } = withRingingCarol();
    const own = { user: 'carol', round: 1, inviter: 'zoe' };
    const declined = { ...own, state: 'declined' };
    const decline = { type: 'decline', reason: 'declined', round: 1, customData: '' };
    tell(c, a, { ...decline, id: 'x1', records: [declined] });
    const selected = { ...own, state: 'in', device: 'carol-3' };
    tell(z, a, { id: 'x2', type: 'select', user: 'carol', records: [selected] });
    assert.equal(recordIn(a, 'carol')?.state, 'declined');
    const left = { ...selected, state: 'left' };
    tell(c, a, { id: 'x3', type: 'leave', reason: 'hung-up', records: [left] });
    assert.equal(recordIn(a, 'carol')?.state, 'left');
  });
});

describe('who was taken out of a call', () => {
  it('does not join it by declining afterwards', () => {
    const [table, a, b, c] = tableOf('alice', 'bob', 'carol');
    table.pass(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    a.feed({ type: 'user.cancel-invitee', request: 4, userID: 'carol' });
    const declined = { user: 'carol', round: 1, state: 'declined', inviter: 'alice' };
    const answer = { round: 1, customData: '', records: [declined] };
    tell(c, a, { id: 'x1', type: 'decline', reason: 'declined', ...answer });
    tell(c, a, { id: 'x2', type: 'accept', join: true, ...answer, round: 2, records: [] });
    assert.notEqual(a.snapshot.members.find(({ userID }) => userID === 'carol')?.state, 'accepted');
    assert.equal(a.sent('select').filter(({ user }) => user === 'carol').length, 0);
  });
});
