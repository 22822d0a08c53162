import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceHarness } from '../../../test/support/service-harness.js';

test('a page with do-not-disturb answers busy, and other devices of the user ring', async () => {
  const harness = createServiceHarness();
  const [alice, first, second] = [
    harness.phone('alice'),
    harness.phone('bob'),
    harness.phone('bob'),
  ];
  await harness.clock.advance(3_000);
  assert.equal(await first.service.setDoNotDisturb(true), true);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.deepEqual([first.status(), second.status()], ['idle', 'incoming']);
  await second.service.setDoNotDisturb(true);
  assert.equal(second.status(), 'incoming');
  await alice.service.cancel();
  await harness.clock.advance(3_000);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await harness.settle();
  assert.equal(alice.status(), 'ended: busy');
  assert.deepEqual(first.callbackNames(), []);
});

test('do-not-disturb is off by default, and off again for the next user', async () => {
  const harness = createServiceHarness();
  const bob = harness.phone('bob', { start: false });
  assert.equal(await bob.service.setDoNotDisturb(true), false);
  bob.start();
  await harness.settle();
  assert.equal(await bob.service.setDoNotDisturb(false), false);
  assert.equal(await bob.service.setDoNotDisturb(true), true);
  bob.start();
  await harness.settle();
  assert.equal(await bob.service.setDoNotDisturb(true), true);
  bob.service.destroy();
  await assert.rejects(bob.service.setDoNotDisturb(false), { code: 'destroyed' });
});
