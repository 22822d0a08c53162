import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemoryNetwork } from '../transports/memory.js';
import { createInvitationService } from './invitation-service.js';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

const ALICE = { userID: 'alice', userName: 'Alice' };
const BOB = { userID: 'bob', userName: 'Bob' };

/** Two phones, the second one ringing for the first one's call `c`. */
async function ring(
  stage: ServiceHarness,
  customData = 'hello',
): Promise<[alice: Phone, bob: Phone]> {
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  const invitees = [BOB];
  await alice.service.send({ invitees, callType: 'voice', customData, callID: 'c' });
  await stage.settle();
  assert.equal(bob.status(), 'incoming');
  return [alice, bob];
}

/** The callbacks of a phone with all arguments, without the ones that follow everything. */
const told = ({ callbacks }: Phone) =>
  callbacks.filter(([name]) => !/^on(InvitationUserState|CallState)Changed$/.test(name));

test('a call is placed, rings, is accepted and hung up', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  assert.equal(alice.status(), 'ringing-out');
  assert.equal(await bob.service.accept({ customData: 'yes' }), true);
  await stage.settle();
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
  assert.equal(alice.service.$call.get().startedAt, stage.clock.now());
  assert.equal(await alice.service.hangUp(), true);
  await stage.settle();
  assert.equal(alice.status(), 'ended: hung-up');
  assert.equal(bob.status(), 'ended: hung-up');
  await stage.clock.advance(2_000);
  assert.equal(alice.status(), 'idle');
  assert.equal(bob.status(), 'idle');
  assert.deepEqual(told(alice), [['onOutgoingCallAccepted', 'c', BOB]]);
  assert.deepEqual(told(bob), [
    ['onIncomingCallReceived', 'c', ALICE, 'voice', [BOB], 'hello'],
    ['onIncomingCallAcceptButtonPressed'],
  ]);
});

test('the call shows who takes part and since when', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  const off = { microphone: false, camera: false, screen: false };
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
  });
  assert.equal(alice.service.$call.get().inviter, undefined);
});

test('a decline reaches the caller with its custom data', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  assert.equal(await bob.service.decline({ customData: 'later' }), true);
  await stage.settle();
  assert.deepEqual(told(alice), [['onOutgoingCallDeclined', 'c', BOB, 'later']]);
  assert.deepEqual(told(bob).slice(1), [['onIncomingCallDeclineButtonPressed']]);
  assert.equal(alice.status(), 'ended: declined');
  assert.equal(bob.status(), 'ended: declined');
});

test('a cancel reaches the callee with its custom data', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  assert.equal(await alice.service.cancel({ customData: 'sorry' }), true);
  await stage.settle();
  assert.deepEqual(told(alice), [['onOutgoingCallCancelButtonPressed']]);
  assert.deepEqual(told(bob).slice(1), [['onIncomingCallCanceled', 'c', ALICE, 'sorry']]);
  assert.equal(alice.status(), 'ended: canceled');
  assert.equal(bob.status(), 'ended: canceled');
});

test('a call that nobody answers times out on both sides', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  await stage.clock.advance(80_000);
  assert.deepEqual(told(alice), [['onOutgoingCallTimeout', 'c', [BOB], false]]);
  assert.deepEqual(told(bob).slice(1), [['onIncomingCallTimeout', 'c', ALICE]]);
  const ends = [alice, bob].map(({ callbacks }) =>
    callbacks.flatMap(([name, call]) =>
      name === 'onCallStateChanged' ? ((call as { endReason?: string }).endReason ?? []) : [],
    ),
  );
  assert.deepEqual(ends, [['timeout'], ['timeout']]);
});

test('the time-out is that of the call, else that of the configuration', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  alice.config.invitationTimeoutSeconds = 20;
  void alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.clock.advance(19_900);
  assert.equal(bob.status(), 'incoming');
  await stage.clock.advance(200);
  assert.equal(bob.status(), 'ended: timeout');
  await stage.clock.advance(10_000);
  void alice.service.send({ invitees: ['bob'], callType: 'voice', timeoutSeconds: 5 });
  await stage.clock.advance(4_900);
  assert.equal(bob.status(), 'incoming');
  await stage.clock.advance(200);
  assert.equal(bob.status(), 'ended: timeout');
});

test('somebody who is in a call is busy for others, and hears nothing of it', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  await bob.service.accept();
  const carol = stage.phone('carol');
  await stage.settle();
  const before = bob.callbacks.length;
  await carol.service.send({ invitees: ['bob'], callType: 'video', callID: 'd' });
  await stage.clock.advance(10_000);
  assert.deepEqual(told(carol), [['onOutgoingCallRejectedCauseBusy', 'd', BOB, '']]);
  assert.equal(bob.callbacks.length, before);
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
});

test('nobody reached: the call stays, then ends as unreachable', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  await stage.settle();
  const result = await alice.service.send({ invitees: [BOB], callType: 'video', callID: 'c' });
  assert.deepEqual(result, { callID: 'c', unreachable: [BOB] });
  assert.equal(alice.status(), 'calling');
  await stage.clock.advance(63_000);
  assert.deepEqual(told(alice), [['onOutgoingCallTimeout', 'c', [BOB], true]]);
  assert.equal(alice.status(), 'ended: unreachable');
});

test('two who call each other at once have one call', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const bob = stage.phone('bob');
  await stage.settle();
  void alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'a' });
  void bob.service.send({ invitees: ['alice'], callType: 'voice', callID: 'b' });
  await stage.clock.advance(1_000);
  assert.deepEqual(told(alice), [['onOutgoingCallAccepted', 'a', BOB]]);
  assert.deepEqual(told(bob), [['onOutgoingCallAccepted', 'a', ALICE]]);
  for (const phone of [alice, bob]) {
    assert.equal(phone.status(), 'active');
    assert.equal(phone.service.$call.get().callID, 'a');
  }
});

test('a second device of the callee stops silently when the first one answers', async () => {
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const phones = [stage.phone('bob'), stage.phone('bob')] as const;
  await stage.settle();
  void alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'c' });
  await stage.settle();
  assert.deepEqual(
    phones.map((phone) => phone.status()),
    ['incoming', 'incoming'],
  );
  await phones[1].service.accept();
  await stage.settle();
  assert.equal(phones[0].status(), 'ended: answered-elsewhere');
  assert.deepEqual(phones[0].callbackNames(), ['onIncomingCallReceived']);
  assert.equal(phones[1].status(), 'active');
});

test('an uninvolved and an offline user hear nothing', async () => {
  const stage = createServiceHarness();
  const carol = stage.phone('carol');
  const dave = stage.phone('dave', { start: false });
  const [, bob] = await ring(stage);
  await bob.service.accept();
  await stage.settle();
  await bob.service.hangUp();
  await stage.clock.advance(60_000);
  assert.equal(carol.callbacks.length, 0);
  assert.equal(dave.callbacks.length, 0);
});

test('presses in any order, twice and at once, give one outcome', async () => {
  const presses = ['accept', 'decline', 'hangUp', 'cancel'] as const;
  const orders = presses.flatMap((first) =>
    presses.flatMap((second) => presses.map((third) => [first, second, third] as const)),
  );
  for (const order of orders) {
    const stage = createServiceHarness();
    const [alice, bob] = await ring(stage);
    // The caller cancels somewhere in the middle, too.
    const caller = alice.service.cancel();
    const answers = await Promise.all(
      order.flatMap((press) => [bob.service[press](), bob.service[press]()]),
    );
    await caller;
    await stage.clock.advance(40_000);
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
  const stage = createServiceHarness();
  const alice = stage.phone('alice');
  const asleep = stage.phone('bob', { start: false });
  await stage.settle();
  for (const { service } of [alice, asleep]) {
    assert.equal(await service.accept(), false);
    assert.equal(await service.decline(), false);
    assert.equal(await service.cancel(), false);
    assert.equal(await service.hangUp(), false);
  }
  assert.equal(alice.callbacks.length, 0);
});

test('hanging up cancels what rings out and declines what rings', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  assert.equal(await alice.service.hangUp(), true);
  await stage.settle();
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
    const stage = createServiceHarness();
    const [alice, bob] = await ring(stage);
    const { transport } = lost === 'caller' ? alice : bob;
    stage.network.disconnect(transport);
    await stage.clock.advance(5_000);
    assert.equal(bob.status(), 'incoming');
    stage.network.reconnect(transport);
    await stage.clock.advance(1_000);
    assert.equal(alice.status(), 'ringing-out', lost);
    await bob.service.accept();
    await stage.settle();
    assert.equal(alice.status(), 'active', lost);
    assert.equal(bob.status(), 'active', lost);
    assert.deepEqual(bob.callbackNames(), [
      'onIncomingCallReceived',
      'onIncomingCallAcceptButtonPressed',
    ]);
  }
});

test('an answer pressed while the connection is lost counts when it is back', async () => {
  const stage = createServiceHarness();
  const [alice, bob] = await ring(stage);
  stage.network.disconnect(bob.transport);
  await stage.settle();
  assert.equal(await bob.service.accept(), true);
  await stage.clock.advance(5_000);
  assert.equal(bob.status(), 'connecting');
  stage.network.reconnect(bob.transport);
  await stage.clock.advance(1_000);
  assert.equal(alice.status(), 'active');
  assert.equal(bob.status(), 'active');
});

test('a plain script calls and is called, with the clock and the random IDs of the platform', async () => {
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
