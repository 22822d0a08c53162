import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createNetwork, type MachineDevice } from '../../../test/support/machine-network.js';

/** @returns the states of a user that a device has reported to its page, each with custom data: `accepted: text` */
const reportedStates = (device: MachineDevice, userID: string): string[] =>
  device
    .argsOf('onInvitationUserStateChanged')
    .flatMap(([users]) => users as { userID: string; state: string; customData: string }[])
    .filter((user) => user.userID === userID)
    .map(({ state, customData }) => `${state}: ${customData}`);

describe('the custom data of an accept', () => {
  it('reach the caller and the other callees, only with the state accepted', () => {
    const [, a, b, c] = createNetwork('alice', 'bob', 'carol');
    a.send('c1', ['bob', 'carol']);
    b.press('user.accept', 'on my way');
    for (const device of [a, c])
      assert.equal(reportedStates(device, 'bob').at(-1), 'accepted: on my way');
    b.hangUp();
    for (const device of [a, c]) assert.equal(reportedStates(device, 'bob').at(-1), 'left: ');
  });

  it('are those of the device that was selected', () => {
    const [network, a, b1, b2] = createNetwork('alice', 'bob', 'bob');
    a.send('c1', ['bob']);
    network.isPaused = true;
    b2.press('user.accept', 'second');
    b1.press('user.accept', 'first');
    network.isPaused = false;
    network.deliver();
    assert.equal(b2.status, 'active');
    assert.equal(reportedStates(a, 'bob').at(-1), 'accepted: second');
  });

  it('arrive when the accept itself was lost with the connection', () => {
    const [network, a, b] = createNetwork('alice', 'bob');
    a.send('c1', ['bob']);
    b.connected = false;
    b.press('user.accept', 'on my way');
    assert.equal(a.status, 'ringing-out');
    b.disconnect();
    b.connect();
    assert.equal(network.queue.length, 0);
    assert.equal(a.status, 'active');
    assert.equal(reportedStates(a, 'bob').at(-1), 'accepted: on my way');
  });
});
