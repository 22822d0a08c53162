import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createServiceHarness } from '../../../test/support/service-harness.js';

test('a page whose user does not want to be disturbed is busy, and others of the user ring', async () => {
  const stage = createServiceHarness();
  const [alice, first, second] = [stage.phone('alice'), stage.phone('bob'), stage.phone('bob')];
  await stage.clock.advance(3_000);
  assert.equal(await first.service.setDoNotDisturb(true), true);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  assert.deepEqual([first.status(), second.status()], ['idle', 'incoming']);
  await second.service.setDoNotDisturb(true);
  assert.equal(second.status(), 'incoming');
  await alice.service.cancel();
  await stage.clock.advance(3_000);
  await alice.service.send({ invitees: ['bob'], callType: 'voice' });
  await stage.settle();
  assert.equal(alice.status(), 'ended: busy');
  assert.deepEqual(first.callbackNames(), []);
});

test('it is off until it is asked for, and again for the next user', async () => {
  const stage = createServiceHarness();
  const bob = stage.phone('bob', { start: false });
  assert.equal(await bob.service.setDoNotDisturb(true), false);
  bob.start();
  await stage.settle();
  assert.equal(await bob.service.setDoNotDisturb(false), false);
  assert.equal(await bob.service.setDoNotDisturb(true), true);
  bob.start();
  await stage.settle();
  assert.equal(await bob.service.setDoNotDisturb(true), true);
  bob.service.destroy();
  await assert.rejects(bob.service.setDoNotDisturb(false), { code: 'destroyed' });
});
