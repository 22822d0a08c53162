import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './system-clock.js';

test('the time is that of the epoch, in whole ms, and goes forwards', async () => {
  const before = systemClock.now();
  assert.ok(Number.isInteger(before));
  assert.ok(Math.abs(before - Date.now()) < 5_000);
  await new Promise<void>((resolve) => systemClock.after(3, resolve));
  assert.ok(systemClock.now() > before);
});

test('a timer that was stopped does not run', async () => {
  const ran: string[] = [];
  const stop = systemClock.after(1, () => ran.push('stopped'));
  stop();
  await new Promise<void>((resolve) => systemClock.after(5, resolve));
  assert.deepEqual(ran, []);
});
