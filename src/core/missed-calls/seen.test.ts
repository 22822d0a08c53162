import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createMissedCallsHarness } from '../../../test/support/missed-calls-harness.js';

/** Bob has two browsers, and has missed two calls. */
async function twoBrowsers() {
  const harness = createMissedCallsHarness();
  const alice = harness.missedCallsPhone('alice');
  const phone = harness.missedCallsPhone('bob');
  const laptop = harness.missedCallsPhone('bob');
  await harness.settle();
  const first = await harness.ring(alice, ['bob']);
  const second = await harness.ring(alice, ['bob']);
  const seen = () => [phone, laptop].map((one) => one.missed().map((missed) => missed.seen));
  return { harness, alice, phone, laptop, first, second, seen };
}

describe('a missed call that was handled on one device', () => {
  it('is marked as seen on all devices when it was called back', async () => {
    const { harness, phone, laptop, first, seen } = await twoBrowsers();
    phone.events.onIncomingMissedCallClicked = () => {};
    await phone.service.clickMissedCall(first);
    await harness.settle();
    assert.deepEqual(seen(), [
      [false, true],
      [false, true],
    ]);
    assert.equal(laptop.notifier.shown.has(first), false);
    assert.equal(laptop.notifier.badges.at(-1), 1);
  });

  it('is marked as seen on all devices, together with others, when the page asks for it', async () => {
    const { harness, alice, phone, laptop, first, second, seen } = await twoBrowsers();
    const third = await harness.ring(alice, ['bob']);
    assert.equal(await phone.service.markMissedCallsSeen([first, second, 'unknown']), true);
    assert.equal(await phone.service.markMissedCallsSeen([first, second]), false);
    await harness.settle();
    assert.deepEqual(seen(), [
      [false, true, true],
      [false, true, true],
    ]);
    assert.deepEqual([...laptop.notifier.shown.keys()], [third]);
    assert.equal(harness.log.filter((line) => line === 'bob sends seen').length, 1);
    await assert.rejects(phone.service.markMissedCallsSeen('all' as never), {
      code: 'invalid-argument',
    });
  });

  it('is removed on all devices when it was dismissed, alone or with all others', async () => {
    const { harness, phone, laptop, first, second, seen } = await twoBrowsers();
    assert.equal(await phone.service.dismissMissedCall(first), true);
    assert.equal(await phone.service.dismissMissedCall(first), false);
    await harness.settle();
    assert.deepEqual(seen(), [[false], [false]]);
    assert.equal(laptop.missed()[0]?.callID, second);
    assert.equal(await laptop.service.dismissMissedCalls(), true);
    assert.equal(await laptop.service.dismissMissedCalls(), false);
    await harness.settle();
    assert.deepEqual(seen(), [[], []]);
    assert.equal(phone.notifier.badges.at(-1), 0);
    assert.equal(phone.notifier.shown.size, 0);
  });

  it('is reported after a reconnect, also by the next page', async () => {
    const { harness, phone, laptop, first, seen } = await twoBrowsers();
    harness.network.disconnect(phone.transport);
    await phone.service.dismissMissedCall(first);
    await harness.settle();
    assert.deepEqual(seen(), [[false], [false, false]]);
    harness.network.reconnect(phone.transport);
    await harness.settle();
    assert.deepEqual(seen(), [[false], [false]]);
    harness.network.disconnect(laptop.transport);
    await laptop.service.dismissMissedCalls();
    laptop.service.stop();
    const after = harness.missedCallsPhone('bob', { storage: laptop.storage });
    await harness.settle();
    assert.deepEqual(after.missed(), []);
    assert.deepEqual(phone.missed(), []);
  });

  it('is reported once: not again after it was acknowledged', async () => {
    const { harness, phone, first } = await twoBrowsers();
    await phone.service.dismissMissedCall(first);
    await harness.settle();
    harness.network.disconnect(phone.transport);
    harness.network.reconnect(phone.transport);
    await harness.settle();
    assert.equal(harness.log.filter((line) => line === 'bob sends seen').length, 1);
  });
});
