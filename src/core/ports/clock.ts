/** Time. The only one in the core; tests have a fake. */
export interface Clock {
  /** Milliseconds since the epoch; never goes backwards while the page lives. */
  now(): number;
  /** @returns a function that stops the timer */
  after(ms: number, run: () => void): () => void;
}
