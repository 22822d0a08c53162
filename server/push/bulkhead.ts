/** Lets so many jobs run at once, and so many more wait for that. */
export class Semaphore {
  readonly #most: number;
  readonly #mostWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(most: number, mostWaiting: number) {
    this.#most = most;
    this.#mostWaiting = mostWaiting;
  }

  /** None runs, and none waits. */
  get idle(): boolean {
    return this.#running === 0;
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

interface Counts {
  readonly most: number;
  readonly mostWaiting: number;
}

/** The same for many who share them: none takes more than its share, however slow its jobs are. */
export class Bulkhead {
  readonly #all: Semaphore;
  readonly #each: Counts;
  /** Of those who have a job. */
  readonly #own = new Map<string, Semaphore>();

  constructor(all: Counts, each: Counts) {
    this.#all = new Semaphore(all.most, all.mostWaiting);
    this.#each = each;
  }

  /**
   * Runs a job when there is a slot for it, and one for its owner.
   * @throws {Error} when too many wait already, in all or of this owner; else what the job throws
   */
  async run<T>(owner: string, job: () => Promise<T>): Promise<T> {
    const own = this.#own.get(owner) ?? new Semaphore(this.#each.most, this.#each.mostWaiting);
    this.#own.set(owner, own);
    try {
      return await own.run(() => this.#all.run(job));
    } finally {
      if (own.idle) this.#own.delete(owner);
    }
  }
}
