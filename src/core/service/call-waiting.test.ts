import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  createServiceHarness,
  type Phone,
  type ServiceHarness,
} from '../../../test/support/service-harness.js';

const waiting = (phone: Phone): string | undefined => phone.service.$waitingCall.get()?.callID;
const onHold = (phone: Phone): readonly string[] =>
  phone.service.$heldCalls.get().map(({ callID }) => callID);

/** Alice talks to Bob, who has call waiting, in `one`; Carol calls Bob in `two`. */
async function second(
  harness: ServiceHarness,
  callWaiting = true,
): Promise<{ alice: Phone; bob: Phone; carol: Phone }> {
  const alice = harness.phone('alice');
  const bob = harness.phone('bob');
  bob.config.callWaiting = callWaiting;
  const carol = harness.phone('carol');
  await harness.settle();
  await alice.service.send({ invitees: ['bob'], callType: 'voice', callID: 'one' });
  await harness.settle();
  await bob.service.accept();
  await harness.settle();
  await harness.clock.advance(3_000);
  await carol.service.send({ invitees: ['bob'], callType: 'voice', callID: 'two' });
  await harness.settle();
  return { alice, bob, carol };
}

test('without call waiting, a second caller hears busy', async () => {
  const { bob, carol } = await second(createServiceHarness(), false);
  assert.equal(carol.status(), 'ended: busy');
  assert.equal(waiting(bob), undefined);
});

test('a second call waits, is answered with the first one on hold, and the calls are exchanged', async () => {
  const harness = createServiceHarness();
  const { alice, bob, carol } = await second(harness);
  assert.deepEqual([carol.status(), bob.status(), waiting(bob)], ['ringing-out', 'active', 'two']);
  assert.equal(await bob.service.accept(), true);
  await harness.settle();
  assert.equal(bob.service.$call.get().callID, 'two');
  assert.deepEqual([bob.status(), carol.status(), alice.status()], ['active', 'active', 'active']);
  assert.deepEqual(onHold(bob), ['one']);
  assert.equal(waiting(bob), undefined);
  assert.equal(await bob.service.swap(), true);
  assert.equal(bob.service.$call.get().callID, 'one');
  assert.equal(bob.service.$call.get().onHold, undefined);
  assert.deepEqual(onHold(bob), ['two']);
  // The call on hold continues when the user ends the other one.
  await bob.service.hangUp();
  await harness.settle();
  assert.equal(bob.service.$call.get().callID, 'two');
  assert.equal(bob.service.$call.get().onHold, undefined);
  assert.deepEqual([alice.status(), carol.status()], ['ended: hung-up', 'active']);
});

test('a call on hold is shown, and stays on hold, when the other side ends the active one', async () => {
  const harness = createServiceHarness();
  const { bob, carol } = await second(harness);
  await bob.service.accept();
  await harness.settle();
  await carol.service.hangUp();
  await harness.settle();
  assert.equal(bob.service.$call.get().callID, 'one');
  assert.equal(bob.service.$call.get().onHold, true);
  assert.equal(await bob.service.resume(), true);
  assert.equal(bob.service.$call.get().onHold, undefined);
  assert.equal(await bob.service.resume(), false);
});

test('a waiting call ends the first one if the user wants that, or rings on when that one ends', async () => {
  const harness = createServiceHarness();
  const first = await second(harness);
  await first.bob.service.accept({ runningCall: 'end' });
  await harness.settle();
  assert.deepEqual(onHold(first.bob), []);
  assert.deepEqual([first.alice.status(), first.carol.status()], ['ended: hung-up', 'active']);

  const again = createServiceHarness();
  const { alice, bob } = await second(again);
  await alice.service.hangUp();
  await again.settle();
  assert.deepEqual([bob.status(), waiting(bob)], ['incoming', undefined]);
  await assert.rejects(bob.service.accept({ runningCall: 'park' as 'end' }), {
    code: 'invalid-argument',
  });
});

test('a waiting call is declined, and a third one hears busy', async () => {
  const harness = createServiceHarness();
  const { bob, carol } = await second(harness);
  const dave = harness.phone('dave');
  await harness.settle();
  // A device that has just connected does not conclude busy yet.
  await harness.clock.advance(3_000);
  await dave.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.equal(dave.status(), 'ended: busy');
  await bob.service.decline();
  await harness.settle();
  assert.deepEqual([bob.status(), carol.status()], ['active', 'ended: declined']);
  assert.equal(waiting(bob), undefined);
});

test('a user may place a call while the other one is on hold, and not otherwise', async () => {
  const harness = createServiceHarness();
  const { alice, bob } = await second(harness);
  await bob.service.decline();
  await harness.settle();
  await assert.rejects(bob.service.send({ invitees: ['carol'], callType: 'voice' }), {
    code: 'busy',
  });
  assert.equal(await bob.service.hold(), true);
  assert.equal(await bob.service.hold(), false);
  await assert.rejects(bob.service.send({ invitees: ['alice'], callType: 'voice' }), {
    code: 'busy',
  });
  await bob.service.send({ invitees: ['carol'], callType: 'voice', callID: 'three' });
  await harness.settle();
  assert.equal(bob.service.$call.get().callID, 'three');
  let ended: readonly unknown[] = [];
  bob.service.listen('onHeldCallEnded', (...args) => (ended = args));
  await alice.service.hangUp();
  await harness.settle();
  assert.deepEqual(ended, ['one', 'hung-up']);
  assert.deepEqual(onHold(bob), []);
});
