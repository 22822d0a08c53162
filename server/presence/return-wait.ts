import { nodeClock, type Clock } from '../clock/clock.js';
import { RETURN_CHECK_MS } from '../limits/limits.js';

interface ReturnWaitDependencies {
  /** How long a device in a call may be disconnected, in ms. */
  readonly vanishAfterMs: number;
  /** How long devices that have not been connected yet may take after the start of this server, in ms. */
  readonly restartWaitMs: number;
  /** Whether reconnecting devices are waiting to be admitted. */
  readonly isAdmitting?: () => boolean;
  readonly clock?: Clock;
}

/** A clock for durations: it never goes back. */
export const monotonicClock: Clock = { ...nodeClock, now: () => performance.now() };

/**
 * Determines how long a device in a call may be disconnected before it is reported as lost. It is longer while the server is
 * the reason: after a restart, and while reconnecting devices wait for admission; but not longer than `restartWaitMs` from
 * the start of the server or from the disconnection.
 */
export class ReturnWait {
  readonly #parts: ReturnWaitDependencies;
  readonly #clock: Clock;
  readonly #startedAt: number;

  constructor(parts: ReturnWaitDependencies) {
    this.#parts = parts;
    this.#clock = parts.clock ?? monotonicClock;
    this.#startedAt = this.#clock.now();
  }

  /**
   * Starts to wait for a device that has disconnected.
   * @param wasConnected whether it was connected to this server since the start
   * @param giveUp called if it does not reconnect in time
   * @returns a function that cancels the wait
   */
  begin(wasConnected: boolean, giveUp: () => void): () => void {
    const since = this.#clock.now();
    let stop = () => {};
    const check = () => {
      const leftMs = this.#leftMs(since, wasConnected);
      if (leftMs > 0) stop = this.#clock.after(leftMs, check);
      else giveUp();
    };
    stop = this.#clock.after(this.#leftMs(since, wasConnected), check);
    return () => stop();
  }

  #leftMs(since: number, wasConnected: boolean): number {
    const { vanishAfterMs, restartWaitMs, isAdmitting } = this.#parts;
    const now = this.#clock.now();
    const afterStart = wasConnected ? 0 : this.#startedAt + restartWaitMs;
    const least = Math.max(since + vanishAfterMs, afterStart);
    if (now < least) return least - now;
    const most = Math.max(least, since + restartWaitMs);
    return isAdmitting?.() ? Math.max(0, Math.min(RETURN_CHECK_MS, most - now)) : 0;
  }
}
