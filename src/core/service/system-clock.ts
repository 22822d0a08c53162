import type { Clock } from '../ports/clock.js';

/**
 * The time of this page or process: the High Resolution Time clock (W3C), which no change of the system's time
 * moves backwards.
 */
export const systemClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
