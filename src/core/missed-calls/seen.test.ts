import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMissedCallsHarness } from '../../../test/support/missed-calls-harness.js';

/** Bob has two browsers, and has missed two calls. */
async function twoBrowsers() {
  const stage = createMissedCallsHarness();
  const alice = stage.missedCallsPhone('alice');
  const phone = stage.missedCallsPhone('bob');
  const laptop = stage.missedCallsPhone('bob');
  await stage.settle();
  const first = await stage.ring(alice, ['bob']);
  const second = await stage.ring(alice, ['bob']);
  const seen = () => [phone, laptop].map((one) => one.missed().map((missed) => missed.seen));
  return { stage, alice, phone, laptop, first, second, seen };
}

describe('a missed call that was handled on one device', () => {
  it('is seen on all: called back', async () => {
    const { stage, phone, laptop, first, seen } = await twoBrowsers();
    phone.events.onIncomingMissedCallClicked = () => {};
    await phone.service.clickMissedCall(first);
    await stage.settle();
    assert.deepEqual(seen(), [
      [false, true],
      [false, true],
    ]);
    assert.equal(laptop.notifier.shown.has(first), false);
    assert.equal(laptop.notifier.badges.at(-1), 1);
  });

  it('is gone on all: dismissed, one or all of them', async () => {
    const { stage, phone, laptop, first, second, seen } = await twoBrowsers();
    assert.equal(await phone.service.dismissMissedCall(first), true);
    assert.equal(await phone.service.dismissMissedCall(first), false);
    await stage.settle();
    assert.deepEqual(seen(), [[false], [false]]);
    assert.equal(laptop.missed()[0]?.callID, second);
    assert.equal(await laptop.service.dismissMissedCalls(), true);
    assert.equal(await laptop.service.dismissMissedCalls(), false);
    await stage.settle();
    assert.deepEqual(seen(), [[], []]);
    assert.equal(phone.notifier.badges.at(-1), 0);
    assert.equal(phone.notifier.shown.size, 0);
  });

  it('is told when the connection is back, if it was down; also by the next page', async () => {
    const { stage, phone, laptop, first, seen } = await twoBrowsers();
    stage.network.disconnect(phone.transport);
    await phone.service.dismissMissedCall(first);
    await stage.settle();
    assert.deepEqual(seen(), [[false], [false, false]]);
    stage.network.reconnect(phone.transport);
    await stage.settle();
    assert.deepEqual(seen(), [[false], [false]]);
    stage.network.disconnect(laptop.transport);
    await laptop.service.dismissMissedCalls();
    laptop.service.stop();
    const after = stage.missedCallsPhone('bob', { storage: laptop.storage });
    await stage.settle();
    assert.deepEqual(after.missed(), []);
    assert.deepEqual(phone.missed(), []);
  });

  it('is told once: what was acknowledged is not said again', async () => {
    const { stage, phone, first } = await twoBrowsers();
    await phone.service.dismissMissedCall(first);
    await stage.settle();
    stage.network.disconnect(phone.transport);
    stage.network.reconnect(phone.transport);
    await stage.settle();
    assert.equal(stage.log.filter((line) => line === 'bob sends seen').length, 1);
  });
});
