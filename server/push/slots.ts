/** Lets so many jobs run at once, and so many more wait for that. */
export class Slots {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /**
   * Runs a job when there is a slot for it.
   * @throws {Error} when too many wait already; else what the job throws
   */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#running < this.#most) this.#running += 1;
    else {
      if (this.#waiting.length >= this.#mostWaiting) throw new Error('too many wait already');
      // Whoever ends hands its slot over.
      await new Promise<void>((start) => this.#waiting.push(start));
    }
    try {
      return await job();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#running -= 1;
    }
  }
}
