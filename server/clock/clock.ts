/** The port for the time of day and timers. Tests use a fake clock. */
export interface Clock {
  /** Current time in ms since the epoch. */
  now(): number;
  /**
   * Calls `run` once after `ms` milliseconds, or earlier if `ms` exceeds the longest timer of the platform: the caller
   * then checks the time again.
   * @returns a function that cancels the timer
   */
  after(ms: number, run: () => void): () => void;
}

/** The longest timeout that `setTimeout` of Node supports, in ms (about 24.8 days). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** `Date.now` and `setTimeout`. A wait longer than `MAX_TIMEOUT_MS` ends early. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, MAX_TIMEOUT_MS));
    return () => clearTimeout(timer);
  },
};
