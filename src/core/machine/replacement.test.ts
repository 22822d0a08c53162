import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  createNetwork,
  deliverFrom,
  type MachineDevice,
} from '../../../test/support/machine-network.js';

/** An invitation of `from` to `to` that states that it replaces the call `c1`. */
function replaceBy(from: MachineDevice, to: MachineDevice, callID = 'c2'): void {
  const { userID, deviceID } = from.state.self;
  const invitee = to.state.self.userID;
  deliverFrom(from, to, {
    ...{ id: `${deviceID}-replacement`, type: 'invite', callID, callType: 'video', group: true },
    ...{ initiator: userID, endWithInitiator: false, customData: '' },
    ...{ timeoutMs: 30_000, remainingMs: 30_000, keepsOthers: true, replacesCall: 'c1' },
    records: [
      { user: userID, round: 1, state: 'in', device: deviceID, inviter: userID },
      { user: invitee, round: 1, state: 'inviting', inviter: userID },
    ],
  });
}

const phaseOf = (device: MachineDevice, callID: string): string | undefined =>
  device.state.calls.get(callID)?.phase;

/** Alice and Bob talk in `c1`. */
function talking(): { alice: MachineDevice; bob: MachineDevice; mallory: MachineDevice } {
  const [, alice, bob, mallory] = createNetwork('alice', 'bob', 'mallory');
  alice.send('c1', ['bob']);
  bob.press('user.accept');
  for (const each of [alice, bob]) each.linksUp();
  return { alice, bob, mallory };
}

describe('an invitation that replaces the running call', () => {
  it('is accepted without ringing, with microphone and camera as they are', () => {
    const { alice, bob } = talking();
    replaceBy(alice, bob);
    assert.equal(phaseOf(bob, 'c2'), 'accepting');
    assert.equal(phaseOf(bob, 'c1'), 'in', 'until the new call is entered');
    assert.equal(bob.argsOf('onIncomingCallReceived').length, 1, 'of the first call');
    const opened = bob.effects.filter((effect) => effect.type === 'open-media').at(-1);
    assert.deepEqual(opened, {
      ...{ type: 'open-media', callID: 'c2', callType: 'video', cause: 'accepted', like: 'c1' },
    });
  });

  it('is answered busy if somebody else has sent it', () => {
    const { bob, mallory } = talking();
    replaceBy(mallory, bob);
    assert.equal(phaseOf(bob, 'c2'), 'silent');
    assert.equal(bob.state.current, 'c1');
    assert.equal(bob.sent('accept').length, 1, 'of the first call');
  });

  it('is answered busy if more users are in the call', () => {
    const { alice, bob, mallory } = talking();
    alice.invite('mallory');
    mallory.press('user.accept');
    for (const each of [alice, bob, mallory]) each.linksUp();
    replaceBy(alice, bob);
    assert.equal(phaseOf(bob, 'c2'), 'silent');
  });

  it('is answered busy while the user has put the call on hold', () => {
    const { alice, bob } = talking();
    bob.feed({ type: 'user.hold', request: 4 });
    replaceBy(alice, bob);
    assert.equal(phaseOf(bob, 'c2'), 'silent');
  });

  it('rings if the call is over', () => {
    const { alice, bob } = talking();
    bob.hangUp();
    replaceBy(alice, bob);
    assert.equal(phaseOf(bob, 'c2'), 'incoming');
  });

  it('gives the call back if it is cancelled before it is entered', () => {
    const { alice, bob } = talking();
    replaceBy(alice, bob);
    deliverFrom(alice, bob, {
      ...{
        id: 'x1',
        type: 'cancel',
        callID: 'c2',
        user: 'bob',
        reason: 'canceled',
        customData: '',
      },
      records: [{ user: 'bob', round: 1, state: 'canceled', inviter: 'alice' }],
    });
    assert.equal(phaseOf(bob, 'c2'), 'over');
    assert.equal(bob.state.current, 'c1');
    assert.equal(bob.state.calls.get('c1')?.holdNumber, undefined);
    assert.equal(bob.callbacks.includes('onIncomingCallCanceled'), false, 'it has not rung');
  });

  it('ends both calls if the user hangs up meanwhile', () => {
    const { alice, bob } = talking();
    replaceBy(alice, bob);
    bob.hangUp();
    assert.deepEqual([phaseOf(bob, 'c1'), phaseOf(bob, 'c2')], ['over', 'over']);
    assert.equal(bob.state.current, undefined);
  });
});

describe('a statement that a call is transferred', () => {
  const transferTo = { user: 'carol', reason: 'why' };
  const carol = { user: 'carol', round: 1, state: 'inviting', inviter: 'alice' };

  it('is believed from a member, about its own place', () => {
    const { alice, bob } = talking();
    deliverFrom(alice, bob, { id: 'x1', type: 'roster', records: [carol], transferTo });
    assert.deepEqual(
      bob.argsOf('onCallTransferStarted').map(([, by, , reason]) => [by, reason]),
      [[{ userID: 'alice', userName: 'ALICE' }, 'why']],
    );
  });

  it('is ignored about a user who is neither in the call nor invited', () => {
    const { alice, bob } = talking();
    deliverFrom(alice, bob, { id: 'x1', type: 'roster', records: [], transferTo });
    assert.equal(bob.snapshot.transfer, undefined);
  });

  it('is ignored from anybody else', () => {
    const { bob, mallory } = talking();
    deliverFrom(mallory, bob, { id: 'x1', type: 'roster', records: [carol], transferTo });
    assert.equal(bob.snapshot.transfer, undefined);
    assert.deepEqual(bob.argsOf('onCallTransferStarted'), []);
  });
});
