import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNetwork, type MachineDevice } from '../../../test/support/machine-network.js';

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
