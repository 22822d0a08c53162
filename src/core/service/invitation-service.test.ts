import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryNetwork } from '../transports/memory.js';
import { createInvitationService } from './create-invitation-service.js';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

const ALICE = { userID: 'alice', userName: 'Alice' };
const BOB = { userID: 'bob', userName: 'Bob' };

/** Two phones, the second one ringing for the first one's call `c`. */
async function ring(
  harness: ServiceHarness,
  customData = 'hello',
): Promise<[alice: Phone, bob: Phone]> {
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  const invitees = [BOB];
  await alice.service.send({ invitees, callType: 'voice', customData, callID: 'c' });
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
  return [alice, bob];
}

/** @returns the callbacks of a phone with all arguments, without those for every change of a state */
const callbacksOf = ({ callbacks }: Phone) =>
  callbacks.filter(
    ([name]) => !/^on(InvitationUserStateChanged|CallStateChanged|OutgoingCallSent)$/.test(name),
  );

test('a call is placed, rings, is accepted and hung up', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(await bob.service.accept({ customData: 'yes' }), true);
  await harness.settle();
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
  assert.equal(alice.service.$call.get().startedAt, harness.clock.now());
  assert.equal(await alice.service.hangUp(), true);
  await harness.settle();
  assert.equal(alice.status(), 'ended: hung-up');
  assert.equal(bob.status(), 'ended: hung-up');
  await harness.clock.advance(2_000);
  assert.equal(alice.status(), 'idle');
  assert.equal(bob.status(), 'idle');
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallAccepted', 'c', BOB]]);
  assert.deepEqual(callbacksOf(bob), [
    ['onIncomingCallReceived', 'c', ALICE, 'voice', [BOB], 'hello'],
    ['onIncomingCallAcceptButtonPressed'],
  ]);
});

test('$call contains the members and the start time', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  const off = {
    ...{ microphone: false, camera: false, screen: false, sharedScreen: undefined },
    ...{ picturePaused: false, ownPicturePaused: false, connection: undefined, customData: '' },
  };
  assert.deepEqual(bob.service.$call.get(), {
    status: 'incoming',
    callID: 'c',
    callType: 'voice',
    customData: 'hello',
    group: false,
    initiator: ALICE,
    inviter: ALICE,
    members: [
      { ...ALICE, ...off, state: 'accepted', self: false },
      { ...BOB, ...off, state: 'ringing', self: true },
    ],
    endReason: undefined,
    startedAt: undefined,
    resourceID: undefined,
    silenced: false,
  });
  assert.equal(alice.service.$call.get().inviter, undefined);
});

test('onOutgoingCallSent is called once, when the server has accepted the invitation', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = [harness.phone('alice'), harness.phone('bob')];
  await harness.settle();
  const sent = () => alice.callbacks.filter(([name]) => name === 'onOutgoingCallSent');
  const command = alice.service.send({
    ...{ invitees: ['bob', 'carol'], callType: 'video', callID: 'c', customData: 'hello' },
  });
  assert.deepEqual(sent(), []);
  await command;
  const [event] = sent();
  assert.deepEqual(event?.slice(0, 4), ['onOutgoingCallSent', 'c', ALICE, 'video']);
  assert.deepEqual(
    (event?.[4] as { userID: string }[]).map(({ userID }) => userID),
    ['bob', 'carol'],
  );
  assert.equal(event?.[5], 'hello');
  await harness.settle();
  assert.equal(sent().length, 1);
  assert.deepEqual(
    bob.callbacks.filter(([name]) => name === 'onOutgoingCallSent'),
    [],
  );
});

test('onOutgoingCallSent is not called for a call that was refused', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  alice.transport.send = () => Promise.resolve({ type: 'refused', code: 'rate-limited' });
  const command = alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await assert.rejects(command, { code: 'rate-limited' });
  assert.deepEqual(
    alice.callbacks.filter(([name]) => name === 'onOutgoingCallSent'),
    [],
  );
});

test('a decline reaches the caller with its custom data', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  assert.equal(await bob.service.decline({ customData: 'later' }), true);
  await harness.settle();
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallDeclined', 'c', BOB, 'later']]);
  assert.deepEqual(callbacksOf(bob).slice(1), [['onIncomingCallDeclineButtonPressed']]);
  assert.equal(alice.status(), 'ended: declined');
  assert.equal(bob.status(), 'ended: declined');
});

test('a cancel reaches the callee with its custom data', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  assert.equal(await alice.service.cancel({ customData: 'sorry' }), true);
  await harness.settle();
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallCancelButtonPressed']]);
  assert.deepEqual(callbacksOf(bob).slice(1), [['onIncomingCallCanceled', 'c', ALICE, 'sorry']]);
  assert.equal(alice.status(), 'ended: canceled');
  assert.equal(bob.status(), 'ended: canceled');
});

test('an unanswered call times out on both sides', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  await harness.clock.advance(80_000);
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallTimeout', 'c', [BOB], false]]);
  assert.deepEqual(callbacksOf(bob).slice(1), [['onIncomingCallTimeout', 'c', ALICE]]);
  const ends = [alice, bob].map(({ callbacks }) =>
    callbacks.flatMap(([name, call]) =>
      name === 'onCallStateChanged' ? ((call as { endReason?: string }).endReason ?? []) : [],
    ),
  );
  assert.deepEqual(ends, [['timeout'], ['timeout']]);
});

test('the time-out is that of send, else that of the configuration', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  alice.config.invitationTimeoutSeconds = 20;
  void alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.clock.advance(19_900);
  assert.equal(bob.status(), 'incoming');
  await harness.clock.advance(200);
  assert.equal(bob.status(), 'ended: timeout');
  await harness.clock.advance(10_000);
  void alice.service.send({ invitees: ['bob'], callType: 'voice', timeoutSeconds: 5 });
  await harness.clock.advance(4_900);
  assert.equal(bob.status(), 'incoming');
  await harness.clock.advance(200);
  assert.equal(bob.status(), 'ended: timeout');
});

test('a user in a call is busy for others, and gets no callback', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  await bob.service.accept();
  const carol = harness.phone('carol');
  await harness.settle();
  const before = bob.callbacks.length;
  await carol.service.send({ invitees: ['bob'], callType: 'video', callID: 'd' });
  await harness.clock.advance(10_000);
  assert.deepEqual(callbacksOf(carol), [['onOutgoingCallRejectedCauseBusy', 'd', BOB, '']]);
  assert.equal(bob.callbacks.length, before);
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
});

test('a call that reaches no device continues until the time-out, then ends as unreachable', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  await harness.settle();
  const result = await alice.service.send({ invitees: [BOB], callType: 'video', callID: 'c' });
  assert.deepEqual(result, { callID: 'c', unreachable: [BOB] });
  assert.equal(alice.status(), 'calling');
  await harness.clock.advance(63_000);
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallTimeout', 'c', [BOB], true]]);
  assert.equal(alice.status(), 'ended: unreachable');
});

test('two users who call each other simultaneously (glare) get one call', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  await harness.settle();
  void alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'a' });
  void bob.service.send({ invitees: ['alice'], callType: 'voice', callID: 'b' });
  await harness.clock.advance(1_000);
  assert.deepEqual(callbacksOf(alice), [['onOutgoingCallAccepted', 'a', BOB]]);
  assert.deepEqual(callbacksOf(bob), [['onOutgoingCallAccepted', 'a', ALICE]]);
  for (const phone of [alice, bob]) {
    assert.equal(phone.status(), 'active');
    assert.equal(phone.service.$call.get().callID, 'a');
  }
});

test('a second device of the callee stops silently when the first one answers', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const phones = [harness.phone('bob'), harness.phone('bob')] as const;
  await harness.settle();
  void alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await harness.settle();
  assert.deepEqual(
    phones.map((phone) => phone.status()),
    ['incoming', 'incoming'],
  );
  await phones[1].service.accept();
  await harness.settle();
  assert.equal(phones[0].status(), 'ended: answered-elsewhere');
  assert.deepEqual(phones[0].callbackNames(), ['onIncomingCallReceived']);
  assert.equal(phones[1].status(), 'active');
});

test('uninvolved and offline users get no callbacks', async () => {
  const harness = createServiceHarness();
  const carol = harness.phone('carol');
  const dave = harness.phone('dave', { start: false });
  const [, bob] = await ring(harness);
  await bob.service.accept();
  await harness.settle();
  await bob.service.hangUp();
  await harness.clock.advance(60_000);
  assert.equal(carol.callbacks.length, 0);
  assert.equal(dave.callbacks.length, 0);
});

test('commands in any order, repeated and simultaneous, lead to one outcome', async () => {
  const presses = ['accept', 'decline', 'hangUp', 'cancel'] as const;
  const orders = presses.flatMap((first) =>
    presses.flatMap((second) => presses.map((third) => [first, second, third] as const)),
  );
  for (const order of orders) {
    const harness = createServiceHarness();
    const [alice, bob] = await ring(harness);
    // The caller cancels at a random position among them.
    const caller = alice.service.cancel();
    const answers = await Promise.all(
      order.flatMap((press) => [bob.service[press](), bob.service[press]()]),
    );
    await caller;
    await harness.clock.advance(40_000);
    const pressed = bob.callbackNames().filter((name) => name.endsWith('ButtonPressed'));
    const label = order.join();
    assert.ok(pressed.length <= 1, label);
    assert.ok(answers.filter(Boolean).length <= 2, label);
    const ends = bob.callbacks.filter(
      ([name, call]) =>
        name === 'onCallStateChanged' && (call as { status: string }).status === 'ended',
    );
    assert.equal(ends.length, 1, label);
    assert.equal(alice.status(), 'idle', label);
    assert.equal(bob.status(), 'idle', label);
    assert.deepEqual(
      bob.callbackNames().filter((name) => name === 'onError'),
      [],
    );
  }
});

test('commands with nothing to do resolve to false', async () => {
  const harness = createServiceHarness();
  const alice = harness.phone('alice');
  const asleep = harness.phone('bob', { start: false });
  await harness.settle();
  for (const { service } of [alice, asleep]) {
    assert.equal(await service.accept(), false);
    assert.equal(await service.decline(), false);
    assert.equal(await service.cancel(), false);
    assert.equal(await service.hangUp(), false);
  }
  assert.equal(alice.callbacks.length, 0);
});

test('hangUp cancels an outgoing call and declines an incoming one', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  assert.equal(await alice.service.hangUp(), true);
  await harness.settle();
  assert.deepEqual(alice.callbackNames(), ['onOutgoingCallCancelButtonPressed']);
  assert.equal(bob.status(), 'ended: canceled');

  const other = createServiceHarness();
  const [caller, callee] = await ring(other);
  assert.equal(await callee.service.hangUp(), true);
  await other.settle();
  assert.deepEqual(caller.callbackNames(), ['onOutgoingCallDeclined']);
  assert.equal(callee.status(), 'ended: declined');
});

test('an invitation survives a connection that is lost for five seconds', async () => {
  for (const lost of ['caller', 'callee'] as const) {
    const harness = createServiceHarness();
    const [alice, bob] = await ring(harness);
    const { transport } = lost === 'caller' ? alice : bob;
    harness.network.disconnect(transport);
    await harness.clock.advance(5_000);
    assert.equal(bob.status(), 'incoming');
    harness.network.reconnect(transport);
    await harness.clock.advance(1_000);
    assert.equal(alice.status(), 'ringing-out', lost);
    await bob.service.accept();
    await harness.settle();
    assert.equal(alice.status(), 'active', lost);
    assert.equal(bob.status(), 'active', lost);
    assert.deepEqual(bob.callbackNames(), [
      'onIncomingCallReceived',
      'onIncomingCallAcceptButtonPressed',
    ]);
  }
});

test('an accept without connection takes effect after the reconnect', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  harness.network.disconnect(bob.transport);
  await harness.settle();
  assert.equal(await bob.service.accept(), true);
  await harness.clock.advance(5_000);
  assert.equal(bob.status(), 'connecting');
  harness.network.reconnect(bob.transport);
  await harness.clock.advance(1_000);
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
});

test('a script places and receives a call with the system clock and random IDs', async () => {
  const network = createMemoryNetwork();
  const callees: unknown[] = [];
  const bob = createInvitationService({
    user: BOB,
    transport: network.transport(),
    invitationEvents: {
      onIncomingCallReceived: (callID, caller) => {
        callees.push(callID, caller);
        void bob.accept();
      },
    },
  });
  const alice = createInvitationService({ user: 'alice', transport: network.transport() });
  const active = new Promise<void>((resolve) =>
    alice.listen('onCallStateChanged', ({ status }) => {
      if (status === 'active') resolve();
    }),
  );
  const { callID } = await alice.send({ invitees: ['bob'], callType: 'voice' });
  await active;
  assert.match(callID, /^[\d-]{20,64}$/);
  assert.deepEqual(callees, [callID, { userID: 'alice', userName: 'alice' }]);
  const ended = new Promise((resolve) =>
    bob.listen('onCallStateChanged', ({ endReason }) => resolve(endReason)),
  );
  alice.destroy();
  assert.equal(await ended, 'hung-up');
  bob.destroy();
});

test('the end of a call is not shown any more after it is dismissed', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = await ring(harness);
  await bob.service.accept();
  await harness.settle();
  assert.equal(alice.service.dismissEndedCall(), false);
  assert.equal(alice.status(), 'active');
  await bob.service.hangUp();
  await harness.settle();
  assert.equal(alice.status(), 'ended: hung-up');
  assert.equal(alice.service.dismissLostCall(), false);
  assert.equal(await alice.service.redialLostCall(), false);
  assert.equal(alice.service.$endedCall.get()?.callID, 'c');
  assert.equal(alice.service.dismissEndedCall(), true);
  assert.equal(alice.status(), 'idle');
  assert.equal(alice.service.$endedCall.get(), undefined);
  await alice.service.send({ invitees: [BOB], callType: 'voice', callID: 'd' });
  // The time of the first end is over.
  await harness.clock.advance(2_000);
  await harness.settle();
  assert.equal(alice.status(), 'ringing-out');
});
