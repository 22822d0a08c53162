import type { Clock } from '../../src/core/ports/clock.js';

export interface FakeClock extends Clock {
  /** Waits until all pending promises and microtasks have run. No time passes. */
  settle(): Promise<void>;
  /** Advances the time. Due timers run in order, each with all that follows from it. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back. No time passes. */
  setWall(ms: number): void;
  /** Simulates system sleep: the wall clock advances, the monotonic clock and the timers do not. */
  sleep(ms: number): void;
  /** Number of running timers. */
  readonly timers: number;
}

/** A clock that advances only when the test advances it. @param start initial value of both times, in ms */
export function createFakeClock(start = 1_800_000_000_000): FakeClock {
  let time = start;
  let wallAhead = 0;
  let slept = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();

  const due = (until: number) =>
    [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];

  const settle = (): Promise<void> =>
    new Promise((resolve) => {
      // Browsers have no setImmediate.
      if (typeof setImmediate === 'function') setImmediate(resolve);
      else setTimeout(resolve);
    });

  return {
    now: () => time + slept,
    epoch: () => time + wallAhead,
    addSleep: (ms) => void (slept += ms),
    setWall: (ms) => void (wallAhead += ms),
    sleep: (ms) => void (wallAhead += ms),
    after(ms, run) {
      const timer = { at: time + ms, run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    settle,
    async advance(ms) {
      const until = time + ms;
      await settle();
      for (let timer; (timer = due(until)); await settle()) {
        timers.delete(timer);
        time = Math.max(time, timer.at);
        timer.run();
      }
      time = until;
    },
    get timers() {
      return timers.size;
    },
  };
}
