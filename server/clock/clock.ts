/** Time, so that a test can move it. */
export interface Clock {
  /** In ms since the epoch. */
  now(): number;
  /** @returns a function that calls it off */
  after(ms: number, run: () => void): () => void;
}

/** The longest wait that a timer of Node can take, in ms. */
const LONGEST = 2 ** 31 - 1;

/** A wait that is too long for a timer ends early: who waits that long looks at the time again. */
export const nodeClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, Math.min(ms, LONGEST));
    return () => clearTimeout(timer);
  },
};
