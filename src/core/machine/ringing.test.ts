import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  alice,
  bob,
  createNetwork,
  createTwoDevices,
  deliverFrom,
} from '../../../test/support/machine-network.js';
import { heldCall } from './snapshot.js';

describe('busy', () => {
  it('is concluded without delay when all devices of the callee have answered busy', () => {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    c.send('c1', ['bob']);
    b.press('user.accept');
    a.send('c2', ['bob']);
    assert.equal(a.status, 'ended: busy');
    assert.deepEqual(a.argsOf('onOutgoingCallRejectedCauseBusy'), [['c2', bob, '']]);
    assert.equal(b.status, 'active');
    assert.equal(b.callbacks.filter((n) => n === 'onIncomingCallReceived').length, 1);
    network.advance(10_000);
    assert.equal(b.count('missed'), 1);
    assert.deepEqual(b.argsOf('onIncomingCallTimeout'), []);
  });

  it('is not concluded while another device reports that it rings', () => {
    const rings = { user: 'bob', round: 1, state: 'ringing', inviter: 'alice' };
    const outcomes = [false, true].map((isReported) => {
      const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
      network.advance(2_000);
      network.isPaused = true;
      a.send('c1', ['bob']);
      const ringing = { id: 'x1', type: 'ringing', round: 1, records: [rings] };
      deliverFrom(b2, a, ringing);
      const report = { id: 'x2', type: 'state', phase: 'incoming', round: 1, records: [rings] };
      if (isReported) deliverFrom(b1, a, report);
      const busy = { type: 'decline', reason: 'busy', round: 1, customData: '', records: [] };
      deliverFrom(b2, a, { id: 'x3', ...busy });
      network.advance(10_000);
      return a.argsOf('onOutgoingCallRejectedCauseBusy').length;
    });
    assert.deepEqual(outcomes, [1, 0]);
  });

  it('is the answer of all pages of a browser while one of them is in a call', () => {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    network.advance(2_000);
    c.send('c1', ['bob']);
    b1.press('user.accept');
    assert.equal(heldCall(b1.state), 'c1');
    assert.equal(heldCall(b2.state), undefined);
    b2.feed({ type: 'other-tab.busy', callID: 'c1' });
    a.send('c2', ['bob']);
    assert.equal(a.status, 'ended: busy');
    assert.deepEqual(b2.argsOf('onIncomingCallReceived').length, 1, 'c1 alone');
    b2.send('c3', ['alice']);
    assert.deepEqual(b2.effects.at(-1), {
      ...{ type: 'reply', request: 1 },
      result: { ok: false, code: 'busy' },
    });
    b1.hangUp();
    b2.feed({ type: 'other-tab.busy', callID: undefined });
    a.send('c4', ['bob']);
    assert.deepEqual([b1.status, b2.status], ['incoming', 'incoming']);
  });

  it('is not the answer to the same call that another page is in', () => {
    const { a, b } = createTwoDevices();
    b.feed({ type: 'other-tab.busy', callID: 'c1' });
    a.send('c1', ['bob']);
    assert.equal(b.status, 'incoming');
  });

  describe('on all devices of a user', () => {
    /** Two devices of Bob that state their calls to each other, and two callers. */
    const create = () => {
      const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
      for (const device of [a, b1, b2, c])
        device.feed({ type: 'transport.synced', inbox: { missed: [], settled: [], busy: [] } });
      network.advance(3_000);
      return { network, a, b1, b2, c };
    };

    it('is the answer of the others while one is in a call, which can place calls', () => {
      const { a, b1, b2, c } = create();
      c.send('c1', ['bob']);
      b1.press('user.accept');
      assert.deepEqual(b1.sent('busy').at(-1)?.callIDs, ['c1']);
      a.send('c2', ['bob']);
      assert.equal(a.status, 'ended: busy');
      assert.deepEqual(b2.argsOf('onIncomingCallReceived').length, 1, 'c1 alone');
      assert.equal(b2.status, 'ended: answered-elsewhere');
      b2.send('c3', ['alice']);
      assert.equal(b2.status, 'ringing-out');
      b2.press('user.cancel');
      b1.hangUp();
      assert.deepEqual(b1.sent('busy').at(-1)?.callIDs, []);
      a.send('c4', ['bob']);
      assert.deepEqual([b1.status, b2.status], ['incoming', 'incoming']);
    });

    it('ends the ringing of a device when another one is in a call, and is concluded although it rang', () => {
      const { network, a, b1, b2, c } = create();
      network.isPaused = true;
      a.send('c2', ['bob']);
      b1.send('c1', ['carol']);
      network.deliver();
      network.isPaused = false;
      assert.equal(b2.status, 'ended: busy');
      assert.deepEqual(b2.argsOf('onIncomingCallCanceled').length, 1);
      assert.equal(c.status, 'incoming');
      assert.equal(a.status, 'ended: busy');
      network.advance(20_000);
      assert.deepEqual([b1.count('missed'), b2.count('missed')], [1, 1]);
      assert.deepEqual(b2.argsOf('onIncomingCallCanceled').length, 1);
    });

    it('ends when the server reports the device as lost; nobody else can state it', () => {
      const { network, a, b1, b2 } = create();
      const state = (from: object, more: object) =>
        b2.feed({
          type: 'transport.message',
          message: {
            ...{ v: 1, id: `x${Math.random()}`, type: 'busy', callID: 'c9', to: ['bob'] },
            ...{ records: [], names: [], remaining: [], callIDs: ['c9'], at: network.now },
            ...{ from: { userID: 'bob', userName: 'BOB', ...from } },
            ...more,
          } as never,
        });
      state({ userID: 'alice', deviceID: 'alice-1' }, {});
      state({ deviceID: 'b9' }, { device: 'other' });
      assert.deepEqual([...b2.state.otherDevices.keys()], ['b9']);
      a.send('c2', ['bob']);
      assert.deepEqual([b1.status, b2.status], ['incoming', 'idle']);
      a.press('user.cancel');
      // That was sent before the device stated its call.
      state({ deviceID: '@server' }, { device: 'b9', callIDs: [], at: network.now - 1 });
      assert.deepEqual(b2.state.otherDevices.get('b9')?.callIDs, ['c9']);
      state({ deviceID: '@server' }, { device: 'b9', callIDs: [] });
      network.advance(20_000);
      a.send('c3', ['bob']);
      assert.deepEqual([b1.status, b2.status], ['incoming', 'incoming']);
    });

    it('is stated again after a reconnect, and after the server has rejected the statement', () => {
      const { network, b1 } = create();
      b1.send('c1', ['carol']);
      const [first] = b1.sent('busy');
      assert.ok(first);
      b1.feed({
        ...{ type: 'transport.refused', callID: 'c1', messageID: first.id },
        code: 'rate-limited',
      });
      assert.equal(b1.sent('busy').length, 1);
      network.advance(5_000);
      assert.equal(b1.sent('busy').length, 2);
      b1.disconnect();
      b1.connect();
      assert.equal(b1.sent('busy').length, 2, 'this server does not know it');
      b1.feed({ type: 'transport.synced', inbox: { missed: [], settled: [], busy: [] } });
      assert.deepEqual(b1.sent('busy').at(-1)?.callIDs, ['c1']);
      assert.equal(b1.sent('busy').length, 3);
    });
  });

  describe('and a user who does not want calls to ring', () => {
    const quiet = { type: 'preferences.changed', doNotDisturb: true, blocked: [] } as const;
    const without = { type: 'preferences.changed', doNotDisturb: false } as const;

    it('gives the caller the messages of an unanswered call, which is a missed call', () => {
      const seen = (feed: object | undefined) => {
        const { network, a, b } = createTwoDevices();
        network.advance(2_000);
        if (feed) b.feed(feed as never);
        a.send('c1', ['bob'], { timeoutMs: 20_000 });
        // A reconnect brings everything up to date.
        network.advance(5_000);
        b.disconnect();
        b.connect();
        network.advance(60_000);
        const sent = b.effects.flatMap((effect) =>
          effect.type === 'send' ? [{ ...effect.message, id: '' }] : [],
        );
        return { status: a.argsOf('onOutgoingCallTimeout').length, sent, b };
      };
      const [usual, silent, blocked] = [
        seen(undefined),
        seen(quiet),
        seen({ ...without, blocked: ['alice'] }),
      ];
      for (const one of [silent, blocked]) {
        assert.deepEqual(one.sent, usual.sent);
        assert.equal(one.status, usual.status);
        assert.deepEqual(one.b.argsOf('onIncomingCallReceived'), []);
      }
      assert.deepEqual([usual.b.count('missed'), silent.b.count('missed')], [1, 1]);
      assert.equal(blocked.b.count('missed'), 0);
      assert.deepEqual(blocked.b.callbacks, []);
    });

    it('rings for others than the blocked one, and again for that one later', () => {
      const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
      network.advance(2_000);
      b.feed({ ...without, blocked: ['alice'] });
      a.send('c1', ['bob']);
      assert.deepEqual([a.status, b.status], ['ringing-out', 'idle']);
      c.send('c2', ['bob']);
      assert.equal(b.status, 'incoming');
      b.press('user.accept');
      // The user is in a call now.
      assert.equal(a.status, 'ended: busy');
      b.hangUp();
      network.advance(20_000);
      assert.equal(b.count('missed'), 0);
      b.feed({ ...without, blocked: [] });
      a.send('c3', ['bob']);
      assert.equal(b.status, 'incoming');
    });

    it('answers a second caller as busy, as if the first call rang', () => {
      const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
      network.advance(2_000);
      b.feed(quiet);
      a.send('c1', ['bob']);
      c.send('c2', ['bob']);
      assert.deepEqual([a.status, b.status, c.status], ['ringing-out', 'idle', 'ended: busy']);
    });

    it('also for invitations from the inbox; a call that rings already rings on, and calls can be placed', () => {
      const { network, a, b } = createTwoDevices();
      network.advance(2_000);
      b.feed(quiet);
      b.disconnect();
      a.send('c1', ['bob']);
      b.connect();
      b.feed({ type: 'transport.message', message: a.replayed(network.now) });
      assert.deepEqual([b.status, b.callbacks], ['idle', []]);
      assert.equal(b.sent('ringing').length, 1);
      a.press('user.cancel');
      network.advance(20_000);
      b.feed({ ...without, blocked: [] });
      a.send('c2', ['bob']);
      b.feed(quiet);
      assert.equal(b.status, 'incoming');
      b.press('user.decline');
      network.advance(10_000);
      b.send('c3', ['alice']);
      a.press('user.accept');
      assert.deepEqual([a.status, b.status], ['active', 'active']);
    });
  });

  it('is not concluded while another device of the callee rings', () => {
    const [network, a, b1, b2, c] = createNetwork('alice', 'bob', 'bob', 'carol');
    c.send('c1', ['bob']);
    b1.press('user.accept');
    a.send('c2', ['bob']);
    network.advance(20_000);
    assert.equal(a.status, 'ringing-out');
    assert.equal(b2.status, 'incoming');
  });
});

describe('glare', () => {
  for (const [first, second] of [
    ['c1', 'c2'],
    ['c2', 'c1'],
  ] as const)
    it(`leaves the call with the lower callID, which both users see as accepted (${first}, ${second})`, () => {
      const { network, a, b } = createTwoDevices();
      network.isPaused = true;
      a.send(first, ['bob'], { video: true });
      b.send(second, ['alice']);
      network.deliver();
      network.isPaused = false;
      assert.equal(a.status, 'active');
      assert.equal(b.status, 'active');
      assert.deepEqual(a.argsOf('onOutgoingCallAccepted'), [['c1', bob]]);
      assert.deepEqual(b.argsOf('onOutgoingCallAccepted'), [['c1', alice]]);
      for (const device of [a, b])
        for (const name of device.callbacks)
          assert.ok(!name.startsWith('onIncoming') && !name.endsWith('Pressed'), name);
      const media = b.effects.filter((e) => e.type === 'open-media');
      assert.ok(
        media.every((e) => e.callType === 'voice'),
        'nobody else starts a camera',
      );
      network.advance(100_000);
      assert.equal(a.count('missed') + b.count('missed'), 0);
    });
});
