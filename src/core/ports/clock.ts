/**
 * The only source of time in the core; tests use a fake.
 *
 * A system has two clocks that drift apart: a monotonic clock, and the time of day, which the user, NTP or a virtual
 * machine's host may set at any moment. Durations and time limits use the monotonic clock. Points in time that are
 * shown, stored or compared with other pages use the time of day.
 */
export interface Clock {
  /** Monotonic clock, for durations: ms since an arbitrary moment. Only differences within one page are meaningful. */
  now(): number;
  /** Time of day, for points in time: ms since the epoch, as `Date.now()`. May jump in both directions. */
  epoch(): number;
  /** Starts a timer of `ms` milliseconds. @returns a function that stops it */
  after(ms: number, run: () => void): () => void;
  /** Adds to `now` the time in ms for which the system was suspended, as measured against other clocks. */
  addSleep(ms: number): void;
}
