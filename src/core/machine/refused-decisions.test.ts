import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  type MachineDevice,
  type MachineNetwork,
} from '../../../test/support/machine-network.js';

/** The device does something, and the server rejects what it decides by that: nobody receives it. */
function refused(network: MachineNetwork, device: MachineDevice, act: () => void): void {
  const before = device.effects.length;
  network.isPaused = true;
  act();
  network.deliver(({ message, to }) => to !== device && /^(select|cancel)$/.test(message.type));
  network.isPaused = false;
  for (const effect of device.effects.slice(before)) {
    if (effect.type !== 'send' || !/^(select|cancel)$/.test(effect.message.type)) continue;
    const { id: messageID } = effect.message;
    device.feed({ type: 'transport.refused', callID: 'c1', messageID, code: 'not-allowed' });
  }
}

/** Alice has called Bob and Dave, who are in, and Carol, whose device rings; then Alice's device is lost: Bob coordinates. */
function lostInviter() {
  const [network, a, b, c, d] = createNetwork('alice', 'bob', 'carol', 'dave');
  a.send('c1', ['bob', 'carol', 'dave']);
  for (const device of [b, d]) device.press('user.accept');
  network.loseDevice(a, 'c1');
  return { network, b, c };
}

describe('a decision that the server rejects', () => {
  it('is repeated after two seconds if it is a selection', () => {
    const { network, b, c } = lostInviter();
    refused(network, b, () => c.press('user.accept'));
    assert.notEqual(c.status, 'active');
    network.advance(1_900);
    assert.equal(b.sent('select').length, 1);
    network.advance(100);
    assert.equal(c.status, 'active');
    network.advance(30_000);
    assert.equal(b.sent('select').length, 2, 'the server has accepted the second one');
  });

  it('is repeated after two seconds if it is a cancellation', () => {
    const { network, b, c } = lostInviter();
    refused(network, b, () =>
      b.feed({ type: 'user.cancel-invitees', request: 4, userIDs: ['carol'], customData: '' }),
    );
    assert.equal(c.status, 'incoming');
    network.advance(2_000);
    assert.equal(c.status, 'ended: canceled');
    assert.equal(b.sent('cancel').length, 2);
  });

  it('is not repeated once the device has stopped waiting for it', () => {
    const { network, b, c } = lostInviter();
    refused(network, b, () => c.press('user.accept'));
    c.hangUp();
    network.advance(30_000);
    assert.equal(b.sent('select').length, 1);
  });

  it('is repeated for twenty seconds at most', () => {
    const { network, b, c } = lostInviter();
    refused(network, b, () => c.press('user.accept'));
    c.disconnect();
    for (let second = 0; second < 60; second += 1)
      refused(network, b, () => network.advance(1_000));
    assert.equal(b.sent('select').length, 11);
  });
});
