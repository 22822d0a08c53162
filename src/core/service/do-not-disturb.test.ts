import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceHarness } from '../../../test/support/service-harness.js';

test('with do-not-disturb nothing rings, and the caller sees what an unanswered call looks like', async () => {
  const harness = createServiceHarness();
  const [alice, first, second] = [
    harness.phone('alice'),
    harness.phone('bob'),
    harness.phone('bob'),
  ];
  await harness.clock.advance(3_000);
  assert.equal(await first.service.setDoNotDisturb(true), true);
  assert.equal(first.service.$doNotDisturb.get(), true);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.deepEqual([first.status(), second.status()], ['idle', 'incoming']);
  assert.equal(alice.status(), 'ringing-out');
  await second.service.setDoNotDisturb(true);
  assert.equal(second.status(), 'incoming', 'a call that rings already');
  await alice.service.cancel();
  await harness.clock.advance(3_000);
  await alice.service.send({ invitees: ['bob'], callType: 'voice', timeoutSeconds: 20 });
  await harness.settle();
  assert.deepEqual([alice.status(), second.status()], ['ringing-out', 'idle']);
  await harness.clock.advance(25_000);
  assert.ok(alice.callbackNames().includes('onOutgoingCallTimeout'));
  assert.deepEqual(
    first.callbackNames().filter((name) => name === 'onIncomingCallReceived'),
    [],
  );
});

test('do-not-disturb ends at the given time, and lasts as long as the session without a server or storage', async () => {
  const harness = createServiceHarness();
  const bob = harness.phone('bob', { start: false });
  assert.equal(await bob.service.setDoNotDisturb(true), false, 'nobody is signed in');
  bob.start();
  await harness.settle();
  assert.equal(await bob.service.setDoNotDisturb(false), false);
  const until = harness.clock.epoch() + 60_000;
  assert.equal(await bob.service.setDoNotDisturb({ until: new Date(until) }), true);
  assert.deepEqual(bob.service.$doNotDisturb.get(), { until });
  await harness.clock.advance(60_001);
  assert.equal(bob.service.$doNotDisturb.get(), false);
  await bob.service.setDoNotDisturb(true);
  bob.start();
  await harness.settle();
  assert.equal(bob.service.$doNotDisturb.get(), false);
  for (const wrong of [{ until: until - 120_000 }, { until: NaN }, {}, 'on', null, undefined])
    await assert.rejects(bob.service.setDoNotDisturb(wrong as never), { code: 'invalid-argument' });
  bob.service.destroy();
  await assert.rejects(bob.service.setDoNotDisturb(false), { code: 'destroyed' });
});

test('a blocked person hears ringing, and leaves no missed call', async () => {
  const harness = createServiceHarness();
  const [alice, bob] = [harness.phone('alice'), harness.phone('bob')];
  await harness.clock.advance(3_000);
  assert.equal(await bob.service.block('alice'), true);
  assert.equal(await bob.service.block('alice'), false);
  assert.deepEqual(bob.service.$blocked.get(), [{ userID: 'alice', userName: 'alice' }]);
  await alice.service.send({ invitees: ['bob'], callType: 'voice', timeoutSeconds: 20 });
  await harness.settle();
  assert.deepEqual([alice.status(), bob.status()], ['ringing-out', 'idle']);
  await harness.clock.advance(60_000);
  assert.deepEqual(bob.callbackNames(), []);
  assert.deepEqual(bob.service.$missedCalls.get(), []);
  // A call to a blocked person is possible, also while that person calls.
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  await bob.service.send({ invitees: ['alice'], callType: 'voice' });
  await harness.settle();
  assert.deepEqual([alice.status(), bob.status()], ['incoming', 'ringing-out']);
  await bob.service.cancel();
  await harness.clock.advance(60_000);
  assert.equal(await bob.service.unblock('alice'), true);
  assert.equal(await bob.service.unblock('alice'), false);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.equal(bob.status(), 'incoming');
});

test('nobody blocks themselves, an invalid ID, or more people than the limit', async () => {
  const harness = createServiceHarness();
  const bob = harness.phone('bob');
  await harness.clock.advance(3_000);
  for (const wrong of ['bob', '', 'a b', 5, {}])
    await assert.rejects(bob.service.block(wrong as never), { code: 'invalid-argument' });
  await assert.rejects(bob.service.unblock(''), { code: 'invalid-argument' });
  for (let index = 0; index < 500; index++) await bob.service.block(`user${index}`);
  await assert.rejects(bob.service.block('another'), { code: 'invalid-argument', message: /500/ });
  assert.equal(bob.service.$blocked.get().length, 500);
});
