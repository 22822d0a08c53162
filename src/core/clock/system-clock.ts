import type { Clock } from '../ports/clock.js';

/** The clocks of browsers and Node, both in ms. */
export interface TimeSources {
  /** Monotonic clock (W3C High Resolution Time). On Linux and macOS it stops during system sleep in most browsers. */
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

/** The clock of this page or process. */
export const systemClock: Clock = createSystemClock({
  monotonic: () => performance.now(),
  // Not `Date.now` itself: a page or a test may replace it later.
  epoch: () => Date.now(),
});
