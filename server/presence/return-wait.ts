import { nodeClock, type Clock } from '../clock/clock.js';
import { RETURN_CHECK_MS } from '../limits/limits.js';

interface ReturnWaitDependencies {
  /** How long a device that is in a call may be away, in ms. */
  readonly vanishAfterMs: number;
  /** How long after the start of this server devices that have not been connected to it yet may take, in ms. */
  readonly restartWaitMs: number;
  /** Whether returning devices are waiting to be admitted. */
  readonly isAdmitting?: () => boolean;
  readonly clock?: Clock;
}

/** Durations are measured by a clock that is never set back. */
export const monotonicClock: Clock = { ...nodeClock, now: () => performance.now() };

/**
 * How long a device that is in a call may be away before it is reported lost. It may take longer when the server is what
 * kept it away: after a restart, and while returning devices wait for admission. Never longer than `restartWaitMs`, from
 * the start of the server or from the time that the device was missed.
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
   * Waits for a device that is away from now on.
   * @param wasConnected to this server, since its start
   * @param giveUp called when it has not come back in time
   * @returns a function that stops waiting
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
