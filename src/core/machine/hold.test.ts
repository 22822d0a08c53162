import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNetwork } from '../../../test/support/machine-network.js';

/** Alice is in a call with Bob, and the call of Carol waits. */
function withWaitingCall() {
  const [network, alice, bob, carol] = createNetwork('alice', 'bob', 'carol');
  network.advance(2_000);
  alice.feed({ type: 'config.call-waiting', on: true });
  alice.send('c1', ['bob']);
  bob.press('user.accept');
  carol.send('c2', ['alice']);
  return { network, alice, bob, carol };
}

describe('a device that has accepted a second call', () => {
  it('states in messages of the first one that it stays in the other', () => {
    const { network, alice } = withWaitingCall();
    // The selection by Carol has not arrived yet.
    network.isPaused = true;
    alice.press('user.accept');
    assert.equal(alice.state.calls.get('c2')?.phase, 'accepting');
    assert.notEqual(alice.state.calls.get('c1')?.holdNumber, undefined);
    alice.feed({ type: 'transport.offline' });
    alice.feed({ type: 'transport.online' });
    const ofFirst = alice.sent('sync').findLast(({ callID }) => callID === 'c1');
    assert.equal(ofFirst?.keepsOthers, true);
  });
});

describe('a call that waits', () => {
  it('rings when the running one ends because its other member calls anew: that call is answered busy', () => {
    const { alice, bob, carol } = withWaitingCall();
    assert.deepEqual([alice.state.current, alice.state.waiting], ['c1', 'c2']);
    alice.connected = false;
    bob.hangUp();
    alice.connected = true;
    bob.send('c3', ['alice']);
    assert.deepEqual([alice.state.current, alice.state.waiting], ['c2', undefined]);
    assert.equal(bob.status, 'ended: busy');
    alice.press('user.decline');
    assert.equal(carol.status, 'ended: declined');
  });
});
