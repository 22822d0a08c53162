import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  MachineDevice,
  createNetwork,
  createTwoDevices,
  type QueuedMessage,
  type MachineNetwork,
} from '../../../test/support/machine-network.js';
import type { Delivered } from '../protocol/messages.js';
import { savedCall } from './snapshot.js';

describe('several devices of one user', () => {
  it('have one winner; the others fall silent without a missed call', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    network.isPaused = true;
    b1.press('user.accept');
    b2.press('user.accept');
    network.deliver();
    assert.equal(a.status, 'active');
    assert.equal(b1.status, 'active');
    assert.equal(b2.status, 'ended: answered-elsewhere');
    network.advance(30_000);
    assert.equal(b2.count('missed'), 0);
    assert.equal(a.argsOf('onOutgoingCallAccepted').length, 1);
  });

  it('fall silent when one of them declines', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.press('user.decline');
    assert.equal(b2.status, 'ended: declined-elsewhere');
    assert.equal(a.status, 'ended: declined');
    network.advance(30_000);
    assert.equal(b2.count('missed'), 0);
  });
});

describe('a page that gives its user up', () => {
  it('leaves a call that it has accepted, also when it was selected a moment before', () => {
    const { network, a, b } = createTwoDevices();
    a.send('c1', ['bob']);
    network.isPaused = true;
    b.press('user.accept');
    network.isPaused = false;
    a.feed({ type: 'transport.message', message: takeMessage(network, a) });
    assert.equal(a.status, 'active');
    network.queue.length = 0;
    b.feed({ type: 'user.leave' });
    assert.equal(a.status, 'ended: hung-up');
  });

  it('does not decline what rings: other devices ring on', () => {
    const [, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    b1.feed({ type: 'user.leave' });
    assert.equal(b2.status, 'incoming');
    assert.equal(a.status, 'ringing-out');
  });
});

describe('a page that was reloaded', () => {
  /** Carol's page is loaded anew, in a call with Alice, who coordinates, and Bob. */
  function reloaded() {
    const [network, a, b, c] = createNetwork('alice', 'bob', 'carol');
    network.advance(2_000);
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept');
    c.press('user.accept');
    const saved = savedCall(c.state);
    assert.ok(saved);
    c.disconnect();
    network.isPaused = true;
    const back = new MachineDevice(network, { ...c.state.self, deviceID: 'carol-new' });
    network.devices.push(back);
    back.feed({ type: 'user.resume', saved: { ...saved, microphone: true, camera: true } });
    return { network, a, b, back };
  }

  it('comes back into its call, whoever answers first', () => {
    for (const late of ['a', 'b'] as const) {
      const { network, back, ...others } = reloaded();
      back.connect();
      // One of them is slower than the other.
      const waiting: QueuedMessage[] = [];
      network.deliver((mail) => mail.to === others[late] && waiting.push(mail) > 0);
      network.queue.push(...waiting);
      network.isPaused = false;
      network.deliver();
      for (const device of [others.a, others.b, back]) assert.equal(device.status, 'active', late);
    }
  });
});

function takeMessage(network: MachineNetwork, device: MachineDevice): Delivered {
  const index = network.queue.findIndex(({ to }) => to === device);
  const [mail] = network.queue.splice(index, 1);
  assert.ok(mail);
  return mail.message;
}
