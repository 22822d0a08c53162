import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createFakeClock } from '../../../test/support/fake-clock.js';
import { IDLE } from '../machine/snapshot.js';
import type { MachineSnapshot } from '../machine/snapshot-types.js';
import { CallTime } from './call-time.js';

const HOUR = 3_600_000;
const call = (more: Partial<MachineSnapshot>): MachineSnapshot => ({ ...IDLE, ...more });

function setUp() {
  const clock = createFakeClock();
  // Far from the time of day, so that a mix-up of the two clocks is noticed.
  clock.setWall(77 * HOUR);
  return { clock, time: new CallTime(clock) };
}

describe('CallTime', () => {
  it('reports the start as a time of day that does not change later', async () => {
    const { clock, time } = setUp();
    assert.equal(time.show(call({ status: 'connecting' })).startedAt, undefined);
    await clock.advance(2_000);
    const startedAt = clock.now();
    const shown = time.show(call({ status: 'active', startedAt })).startedAt;
    assert.equal(shown, clock.epoch());
    clock.setWall(3 * HOUR);
    await clock.advance(5_000);
    assert.equal(time.show(call({ status: 'active', startedAt })).startedAt, shown);
    assert.equal(time.show(IDLE).startedAt, undefined);
  });

  for (const ms of [3 * HOUR, -3 * HOUR]) {
    it(`measures the duration correctly when the time of day is set by ${ms / HOUR} hours`, async () => {
      const { clock, time } = setUp();
      time.show(call({ status: 'active', startedAt: clock.now() }));
      await clock.advance(2_000);
      clock.setWall(ms);
      await clock.advance(2_000);
      assert.equal(time.elapsedMs, 4_000);
    });
  }

  it('keeps the duration after the end of the call, and has none without a call', async () => {
    const { clock, time } = setUp();
    assert.equal(time.elapsedMs, undefined);
    const startedAt = clock.now();
    time.show(call({ status: 'active', startedAt }));
    await clock.advance(65_000);
    time.show(call({ status: 'ended', startedAt }));
    await clock.advance(1_500);
    time.show(call({ status: 'ended', startedAt }));
    assert.equal(time.elapsedMs, 65_000);
    time.show(IDLE);
    assert.equal(time.elapsedMs, undefined);
    time.show(call({ status: 'active', startedAt: clock.now() }));
    await clock.advance(1_000);
    assert.equal(time.elapsedMs, 1_000);
  });

  it('continues after a reload, although the monotonic clock starts anew', async () => {
    const { clock, time } = setUp();
    const startedAt = clock.now();
    time.show(call({ status: 'active', startedAt }));
    await clock.advance(60_000);
    clock.setWall(3 * HOUR);
    const saved = time.toSaved({ startedAt });
    const next = createFakeClock(5_000);
    next.setWall(clock.epoch() - next.epoch() + 1_200);
    const resumed = new CallTime(next);
    resumed.show(call({ status: 'active', ...resumed.fromSaved(saved) }));
    assert.equal(resumed.elapsedMs, 61_200);
  });
});
