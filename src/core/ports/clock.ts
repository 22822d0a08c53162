/**
 * Time. The only source of it in the core; tests have a fake.
 *
 * A system has two times that drift apart: its monotonic clock, and the time of day, which the user, NTP or a time zone
 * change of a virtual machine may set at any moment. Durations and time limits are measured by the first, moments that
 * are shown, stored or compared with other pages are told by the second.
 */
export interface Clock {
  /** For durations: ms since an arbitrary moment. Monotonic. Only differences mean something, within one page. */
  now(): number;
  /** For moments: ms since the epoch by the system's time of day, as `Date.now()`. May jump, in both directions. */
  epoch(): number;
  /** @returns a function that stops the timer */
  after(ms: number, run: () => void): () => void;
  /** Adds time for which the system was asleep, as measured against other clocks, to `now`. */
  addSleep(ms: number): void;
}
