import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createStage } from '../../../test/support/service-stage.js';

test('a page with do-not-disturb answers busy, and other devices of the user ring', async () => {
  const stage = createStage();
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

test('do-not-disturb is off by default, and off again for the next user', async () => {
  const stage = createStage();
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
