import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { alice, bob, Table, two } from '../../../test/support/machine-table.js';

describe('a one-to-one call', () => {
  it('rings at the callee, with the caller, the callees and the custom data', () => {
    const { a, b } = two();
    a.send('c1', ['bob'], { video: true });
    assert.equal(a.status, 'ringing-out');
    assert.equal(b.status, 'incoming');
    assert.deepEqual(b.argsOf('onIncomingCallReceived'), [['c1', alice, 'video', [bob], 'hello']]);
  });

  it('is active on both sides after the accept, and each callback fires once', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    b.press('user.accept');
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
    assert.deepEqual(a.argsOf('onOutgoingCallAccepted'), [['c1', bob]]);
    assert.deepEqual(b.callbacks, ['onIncomingCallReceived', 'onIncomingCallAcceptButtonPressed']);
    assert.deepEqual(
      a
        .argsOf('onInvitationUserStateChanged')
        .flat(2)
        .map((u) => (u as { state: string }).state),
      ['inviting', 'ringing', 'accepted'],
    );
  });

  it('ends with hung-up on both sides, whoever hangs up', () => {
    for (const who of ['a', 'b'] as const) {
      const seats = two();
      seats.a.send('c1', ['bob']);
      seats.b.press('user.accept');
      seats[who].hangUp();
      assert.equal(seats.a.status, 'ended: hung-up');
      assert.equal(seats.b.status, 'ended: hung-up');
      seats.table.pass(2_000);
      assert.equal(seats.a.status, 'idle');
    }
  });

  it('ends as declined, with the custom data of the decline', () => {
    const { a, b } = two();
    a.send('c1', ['bob']);
    b.press('user.decline', 'later');
    assert.equal(a.status, 'ended: declined');
    assert.equal(b.status, 'ended: declined');
    assert.deepEqual(a.argsOf('onOutgoingCallDeclined'), [['c1', bob, 'later']]);
    assert.equal(b.count('missed'), 0);
  });

  it('ends as canceled, and is a missed call three seconds later', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    a.press('user.cancel', 'sorry');
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.deepEqual(a.callbacks.includes('onOutgoingCallCancelButtonPressed'), true);
    assert.deepEqual(b.argsOf('onIncomingCallCanceled'), [['c1', alice, 'sorry']]);
    assert.equal(b.count('missed'), 0);
    table.pass(3_000);
    assert.equal(b.count('missed'), 1);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 0);
  });

  it('times out on both sides, with one callback each', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    table.pass(9_999);
    assert.equal(b.status, 'incoming');
    table.pass(1);
    assert.equal(b.status, 'ended: timeout');
    table.pass(2_000);
    assert.equal(a.status, 'ended: timeout');
    assert.deepEqual(a.argsOf('onOutgoingCallTimeout'), [['c1', [bob], false]]);
    table.pass(20_000);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 1);
    assert.equal(b.count('missed'), 1);
  });

  it('counts an accept in the last moment', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    table.pass(9_999);
    table.held = true;
    b.press('user.accept');
    table.pass(1_500);
    table.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
  });

  it('ends as unreachable when no device of the callee rang, after the whole time-out', () => {
    const table = new Table();
    const a = table.seat('alice');
    a.send('c1', ['bob'], { timeoutMs: 5_000 });
    assert.equal(a.status, 'calling');
    assert.deepEqual(
      a.effects.filter((e) => e.type === 'reply'),
      [
        {
          type: 'reply',
          request: 1,
          result: {
            ok: true,
            value: { callID: 'c1', unreachable: [{ userID: 'bob', userName: 'bob' }] },
          },
        },
      ],
    );
    table.pass(7_000);
    assert.equal(a.status, 'ended: unreachable');
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
  });

  it('has one outcome however often and in whatever order buttons are pressed', () => {
    const { table, a, b } = two();
    a.send('c1', ['bob']);
    table.held = true;
    b.press('user.accept');
    b.press('user.accept');
    b.press('user.decline');
    a.press('user.cancel');
    a.press('user.cancel');
    table.deliver();
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.callbacks.filter((n) => n === 'onIncomingCallAcceptButtonPressed').length, 1);
    assert.equal(b.callbacks.includes('onIncomingCallDeclineButtonPressed'), false);
    assert.equal(a.callbacks.includes('onOutgoingCallAccepted'), false);
    table.pass(30_000);
    assert.equal(b.count('missed'), 0, 'one who accepted has missed nothing');
  });
});

describe('another version of the protocol', () => {
  it('is answered as unsupported, once, and does not ring', () => {
    const table = new Table();
    const b = table.seat('bob');
    const invite = {
      type: 'foreign-invite',
      id: 'f1',
      callID: 'c9',
      at: 3,
      from: { ...alice, deviceID: 'alice-9' },
    } as const;
    b.feed({ type: 'transport.message', message: invite });
    b.feed({ type: 'transport.message', message: invite });
    assert.deepEqual(
      b.sent('decline').map(({ reason }) => reason),
      ['unsupported'],
    );
    assert.equal(b.count('send'), 1);
    assert.equal(b.status, 'idle');
  });

  it('ends the call of one whom no device can answer as unsupported', () => {
    const table = new Table();
    const a = table.seat('alice');
    const b = table.seat('bob', { canTakeCalls: false });
    table.pass(2_000);
    a.send('c1', ['bob']);
    assert.equal(a.status, 'ended: unsupported');
    assert.equal(b.status, 'idle');
  });
});
