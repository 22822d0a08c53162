import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PACE_STEPS, ProcessingPace } from './processing-pace.js';

/** Processes pictures for so long, each in the time that `cost` returns. @returns the time at the end, in ms */
function run(pace: ProcessingPace, ms: number, cost: () => number, from = 0): number {
  let now = from;
  while (now < from + ms) {
    const duration = cost();
    now += Math.max(1000 / pace.step.rate, duration);
    pace.record(duration, now);
  }
  return now;
}

describe('ProcessingPace', () => {
  it('keeps the best step while there is time', () => {
    const pace = new ProcessingPace();
    run(pace, 120_000, () => 15);
    assert.deepEqual(pace.step, PACE_STEPS[0]);
  });

  it('is not misled by slow first pictures, or by single slow ones', () => {
    const pace = new ProcessingPace();
    let count = 0;
    run(pace, 60_000, () => (count++ < 5 || count % 10 === 0 ? 900 : 10));
    assert.deepEqual(pace.step, PACE_STEPS[0]);
  });

  it('takes smaller and fewer pictures until the time suffices', () => {
    const pace = new ProcessingPace();
    run(pace, 10_000, () => (pace.step.lines === 480 ? 40 : 32));
    assert.deepEqual(pace.step, { lines: 360, rate: 15 });
  });

  it('never stops at all, however slow it is', () => {
    const pace = new ProcessingPace();
    run(pace, 300_000, () => 5_000);
    assert.deepEqual(pace.step, PACE_STEPS.at(-1));
  });

  it('returns to the better step, and tries more and more seldom if that is too expensive', () => {
    const pace = new ProcessingPace();
    const moves: number[] = [];
    let now = 0;
    let { step } = pace;
    while (now < 3_600_000) {
      now = run(pace, 1_000, () => (pace.step === PACE_STEPS[0] ? 60 : 2), now);
      if (pace.step !== step) moves.push(now);
      ({ step } = pace);
    }
    assert.ok(moves.length >= 7 && moves.length <= 25, `${moves.length} changes in an hour`);
    run(pace, 600_000, () => 2, now);
    assert.deepEqual(pace.step, PACE_STEPS[0]);
  });

  it('always has a step, and moves by one step at most with each picture', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(2_000), { maxLength: 400 }), (durations) => {
        const pace = new ProcessingPace();
        let now = 0;
        let before = 0;
        for (const duration of durations) {
          pace.record(duration, (now += 100));
          const index = PACE_STEPS.findIndex((step) => step === pace.step);
          assert.ok(index >= 0 && Math.abs(index - before) <= 1);
          before = index;
        }
      }),
    );
  });
});
