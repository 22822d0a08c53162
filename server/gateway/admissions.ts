import type { Clock } from '../clock/clock.js';
import { MAX_CONCURRENT_ADMISSIONS, RETURN_RETRY_MS } from '../limits/limits.js';

/** Limits how many devices authenticate at the same time. Waiting devices that reconnect go before new ones. */
export class Admissions {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #maxConcurrent: number;
  /** Waiting devices; each function starts the admission of one. */
  readonly #returning: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #running = 0;
  #rejectedAt = -Infinity;

  constructor(clock: Pick<Clock, 'now'>, maxConcurrent = MAX_CONCURRENT_ADMISSIONS) {
    this.#clock = clock;
    this.#maxConcurrent = maxConcurrent;
  }

  /** Whether reconnecting devices are waiting, or one was rejected within the last `RETURN_RETRY_MS`. */
  get isBusy(): boolean {
    return this.#returning.length > 0 || this.#clock.now() - this.#rejectedAt < RETURN_RETRY_MS;
  }

  /** Whether the next device has to wait. */
  get isFull(): boolean {
    return this.#running >= this.#maxConcurrent;
  }

  /** Records that a returning device was rejected because its address has used up its connection limit. */
  recordRejection(): void {
    this.#rejectedAt = this.#clock.now();
  }

  /** Waits for a free slot. @returns a function that releases the slot; calling it again has no effect */
  async enter(isReturning: boolean): Promise<() => void> {
    if (!this.isFull) this.#running += 1;
    else {
      const queue = isReturning ? this.#returning : this.#others;
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      // Pass the slot on to the next device.
      const next = this.#returning.shift() ?? this.#others.shift();
      if (next) next();
      else this.#running -= 1;
    };
  }
}
