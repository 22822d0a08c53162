import type { Clock } from '../ports/clock.js';

/** What browsers and Node bring. */
export interface TimeSources {
  /** High Resolution Time (W3C): monotonic. Stops while the system sleeps on Linux and macOS in most browsers. */
  readonly monotonic: () => number;
  readonly epoch: () => number;
}

export function createSystemClock({ monotonic, epoch }: TimeSources): Clock {
  let sleptMs = 0;
  return {
    now: () => Math.floor(monotonic() + sleptMs),
    epoch,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    addSleep(ms) {
      sleptMs += ms;
    },
  };
}

/** The time of this page or process. */
export const systemClock: Clock = createSystemClock({
  monotonic: () => performance.now(),
  // Not `Date.now` itself: a page, or a test, may replace it later.
  epoch: () => Date.now(),
});
