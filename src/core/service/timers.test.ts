import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import type { TimerRef } from '../machine/timer-ref.js';
import { createTimers } from './timers.js';

function create() {
  const clock = createFakeClock();
  const fired: TimerRef[] = [];
  return { clock, fired, timers: createTimers(clock, (timer) => fired.push(timer)) };
}

test('a timer fires once, with all its fields', async () => {
  const { clock, fired, timers } = create();
  const timer = { callID: 'c', kind: 'relink', device: 'd', link: 3 } as const;
  timers.start(timer, 100);
  await clock.advance(99);
  assert.deepEqual(fired, []);
  await clock.advance(1_000);
  assert.deepEqual(fired, [timer]);
});

test('a timer with the same fields is restarted; one with other fields is another timer', async () => {
  const { clock, fired, timers } = create();
  timers.start({ callID: 'c', kind: 'busy', user: 'bob', round: 1 }, 100);
  timers.start({ callID: 'c', kind: 'busy', user: 'bob', round: 2 }, 120);
  await clock.advance(80);
  timers.start({ round: 1, user: 'bob', kind: 'busy', callID: 'c' }, 100);
  await clock.advance(50);
  assert.deepEqual(
    fired.map(({ round }) => round),
    [2],
  );
  await clock.advance(50);
  assert.deepEqual(
    fired.map(({ round }) => round),
    [2, 1],
  );
});

test('stop with a callID stops only the timers of that call', async () => {
  const { clock, fired, timers } = create();
  timers.start({ callID: 'c', kind: 'ring' }, 100);
  timers.start({ callID: 'c', kind: 'select' }, 100);
  timers.start({ callID: 'd', kind: 'ring' }, 100);
  timers.stop('c');
  await clock.advance(200);
  assert.deepEqual(fired, [{ callID: 'd', kind: 'ring' }]);
});

test('stop without a callID stops all timers', () => {
  const { clock, timers } = create();
  timers.start({ callID: 'c', kind: 'ring' }, 100);
  timers.start({ callID: '', kind: 'ring' }, 100);
  timers.stop();
  assert.equal(clock.timers, 0);
});
