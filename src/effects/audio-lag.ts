/** Share of the sound that may be missing. */
const MOST_MISSING = 0.05;
/** Number of intervals in a row in which too much was missing. */
const MOST_BAD = 3;
/** A longer interval, in ms, says nothing: the page was frozen, or its timers were late. */
const LONGEST_INTERVAL_MS = 3_000;

/** Detects that sound is processed more slowly than it arrives, from the clock of an audio context. */
export class AudioLag {
  #last: { readonly audioMs: number; readonly now: number } | undefined;
  #bad = 0;

  /**
   * To be called about once a second, with both times in ms.
   * @returns whether the processing is too slow
   */
  record(audioMs: number, now: number): boolean {
    const last = this.#last;
    this.#last = { audioMs, now };
    if (!last) return false;
    const passed = now - last.now;
    if (passed <= 0 || passed > LONGEST_INTERVAL_MS) return false;
    const missing = 1 - (audioMs - last.audioMs) / passed;
    this.#bad = missing > MOST_MISSING ? this.#bad + 1 : 0;
    return this.#bad >= MOST_BAD;
  }
}
