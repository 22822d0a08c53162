import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  alice,
  bob,
  MachineNetwork,
  createTwoDevices,
  deliverFrom,
} from '../../../test/support/machine-network.js';

describe('a one-to-one call', () => {
  it('rings at the callee, with the caller, the callees and the custom data', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob'], { video: true });
    assert.equal(a.status, 'ringing-out');
    assert.equal(b.status, 'incoming');
    assert.deepEqual(b.argsOf('onIncomingCallReceived'), [['c1', alice, 'video', [bob], 'hello']]);
  });

  it('is active on both sides after the accept, and each callback is called once', () => {
    const { a, b } = createTwoDevices();
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

  it('ends with hung-up on both sides, regardless of who hangs up', () => {
    for (const who of ['a', 'b'] as const) {
      const devices = createTwoDevices();
      devices.a.send('c1', ['bob']);
      devices.b.press('user.accept');
      devices[who].hangUp();
      assert.equal(devices.a.status, 'ended: hung-up');
      assert.equal(devices.b.status, 'ended: hung-up');
      devices.network.advance(2_000);
      assert.equal(devices.a.status, 'idle');
    }
  });

  it('ends as declined, with the custom data of the decline', () => {
    const { a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    b.press('user.decline', 'later');
    assert.equal(a.status, 'ended: declined');
    assert.equal(b.status, 'ended: declined');
    assert.deepEqual(a.argsOf('onOutgoingCallDeclined'), [['c1', bob, 'later']]);
    assert.equal(b.count('missed'), 0);
  });

  it('ends as canceled, and is a missed call three seconds later', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    a.press('user.cancel', 'sorry');
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.deepEqual(a.callbacks.includes('onOutgoingCallCancelButtonPressed'), true);
    assert.deepEqual(b.argsOf('onIncomingCallCanceled'), [['c1', alice, 'sorry']]);
    assert.equal(b.count('missed'), 0);
    network.advance(3_000);
    assert.equal(b.count('missed'), 1);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 0);
  });

  it('is no missed call any more when it turns out to cross a call of the callee', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    network.isPaused = true;
    network.advance(20_000);
    assert.deepEqual([b.count('missed'), b.count('unmissed')], [1, 0]);
    const crossing = { user: 'bob', round: 1, state: 'glare', inviter: 'alice' };
    deliverFrom(a, b, {
      ...{ id: 'x1', type: 'cancel', user: 'bob', reason: 'glare', customData: '' },
      records: [crossing],
    });
    assert.equal(b.count('unmissed'), 1);
  });

  it('times out on both sides, with one callback each', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    network.advance(9_999);
    assert.equal(b.status, 'incoming');
    network.advance(1);
    assert.equal(b.status, 'ended: timeout');
    network.advance(2_000);
    assert.equal(a.status, 'ended: timeout');
    assert.deepEqual(a.argsOf('onOutgoingCallTimeout'), [['c1', [bob], false]]);
    network.advance(20_000);
    assert.equal(b.argsOf('onIncomingCallTimeout').length, 1);
    assert.equal(b.count('missed'), 1);
  });

  it('is established by an accept right before the time-out', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob'], { timeoutMs: 10_000 });
    network.advance(9_999);
    network.isPaused = true;
    b.press('user.accept');
    network.advance(1_500);
    network.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b.status, 'active');
  });

  it('ends as unreachable after the full time-out when no device of the callee has rung', () => {
    const network = new MachineNetwork();
    const a = network.addDevice('alice');
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
    network.advance(7_000);
    assert.equal(a.status, 'ended: unreachable');
    assert.equal(a.argsOf('onOutgoingCallTimeout').length, 1);
  });

  it('has one outcome regardless of the number and order of commands', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    network.isPaused = true;
    b.press('user.accept');
    b.press('user.accept');
    b.press('user.decline');
    a.press('user.cancel');
    a.press('user.cancel');
    network.deliver();
    assert.equal(a.status, 'ended: canceled');
    assert.equal(b.status, 'ended: canceled');
    assert.equal(b.callbacks.filter((n) => n === 'onIncomingCallAcceptButtonPressed').length, 1);
    assert.equal(b.callbacks.includes('onIncomingCallDeclineButtonPressed'), false);
    assert.equal(a.callbacks.includes('onOutgoingCallAccepted'), false);
    network.advance(30_000);
    assert.equal(b.count('missed'), 0, 'one who accepted has missed nothing');
  });
});

describe('another version of the protocol', () => {
  it('is answered as unsupported once, and does not ring', () => {
    const network = new MachineNetwork();
    const b = network.addDevice('bob');
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

  it('ends a call as unsupported if no device of the callee supports it', () => {
    const network = new MachineNetwork();
    const a = network.addDevice('alice');
    const b = network.addDevice('bob', { canTakeCalls: false });
    network.advance(2_000);
    a.send('c1', ['bob']);
    assert.equal(a.status, 'ended: unsupported');
    assert.equal(b.status, 'idle');
  });
});
