import type { Clock } from '../clock/clock.js';
import { ADMISSIONS_AT_ONCE, RETURN_RETRY_MS } from '../limits/limits.js';

/** Admits a bounded number of devices at a time. Of those that wait, returning ones come before new ones. */
export class Admissions {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #atOnce: number;
  /** Each starts the admission of one. */
  readonly #returning: (() => void)[] = [];
  readonly #others: (() => void)[] = [];
  #running = 0;
  #refusedAt = -Infinity;

  constructor(clock: Pick<Clock, 'now'>, atOnce = ADMISSIONS_AT_ONCE) {
    this.#clock = clock;
    this.#atOnce = atOnce;
  }

  /** Whether returning devices wait here, or were told lately to try again. */
  get isBusy(): boolean {
    return this.#returning.length > 0 || this.#clock.now() - this.#refusedAt < RETURN_RETRY_MS;
  }

  /** Whether who comes now has to wait. */
  get isFull(): boolean {
    return this.#running >= this.#atOnce;
  }

  /** A returning device was told to try again: its address has used up its allowance. */
  refused(): void {
    this.#refusedAt = this.#clock.now();
  }

  /** Resolves when it is this device's turn. @returns a function that ends its turn; once is enough */
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
      // The next one takes over the place.
      const next = this.#returning.shift() ?? this.#others.shift();
      if (next) next();
      else this.#running -= 1;
    };
  }
}
