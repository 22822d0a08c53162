import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSystemClock, systemClock } from './system-clock.js';

test('now follows the monotonic clock, and epoch the time of day', () => {
  const times = { monotonic: 1_000.6, epoch: 1_800_000_000_000 };
  const clock = createSystemClock({ monotonic: () => times.monotonic, epoch: () => times.epoch });
  assert.equal(clock.now(), 1_000);
  times.epoch += 3 * 3_600_000;
  assert.equal(clock.now(), 1_000);
  assert.equal(clock.epoch(), times.epoch);
  times.epoch -= 9 * 3_600_000;
  times.monotonic += 500;
  assert.equal(clock.now(), 1_500);
});

test('addSleep changes now, but not epoch', () => {
  const clock = createSystemClock({ monotonic: () => 1_000, epoch: () => 5 });
  clock.addSleep(60_000);
  assert.equal(clock.now(), 61_000);
  assert.equal(clock.epoch(), 5);
});

test('the system clock advances, and its epoch is that of Date', async () => {
  const before = systemClock.now();
  assert.ok(Number.isInteger(before));
  assert.ok(Math.abs(systemClock.epoch() - Date.now()) < 5_000);
  await new Promise<void>((resolve) => systemClock.after(3, resolve));
  assert.ok(systemClock.now() > before);
});

test('a stopped timer does not fire', async () => {
  const ran: string[] = [];
  const stop = systemClock.after(1, () => ran.push('stopped'));
  stop();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  assert.deepEqual(ran, []);
});
