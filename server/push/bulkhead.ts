/** Limits the number of jobs that run at the same time, and the number of jobs that wait. */
export class Semaphore {
  readonly #maxRunning: number;
  readonly #maxWaiting: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(maxRunning: number, maxWaiting: number) {
    this.#maxRunning = maxRunning;
    this.#maxWaiting = maxWaiting;
  }

  /** Whether no job is running or waiting. */
  get idle(): boolean {
    return this.#running === 0;
  }

  /**
   * Runs a job when a slot is free.
   * @throws {Error} if too many jobs are waiting; otherwise what the job throws
   */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#running < this.#maxRunning) this.#running += 1;
    else {
      if (this.#waiting.length >= this.#maxWaiting) throw new Error('too many jobs are waiting');
      // A job that ends passes its slot on.
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

interface SemaphoreLimits {
  readonly maxRunning: number;
  readonly maxWaiting: number;
}

/** A semaphore for jobs of several owners, with limits for each owner, so that slow jobs of one do not block others. */
export class Bulkhead {
  readonly #all: Semaphore;
  readonly #limitsOfOwner: SemaphoreLimits;
  /** Semaphores of owners with jobs. */
  readonly #owners = new Map<string, Semaphore>();

  constructor(all: SemaphoreLimits, each: SemaphoreLimits) {
    this.#all = new Semaphore(all.maxRunning, all.maxWaiting);
    this.#limitsOfOwner = each;
  }

  /**
   * Runs a job when a slot is free, in all and for its owner.
   * @throws {Error} if too many jobs are waiting, in all or of this owner; otherwise what the job throws
   */
  async run<T>(owner: string, job: () => Promise<T>): Promise<T> {
    const own =
      this.#owners.get(owner) ??
      new Semaphore(this.#limitsOfOwner.maxRunning, this.#limitsOfOwner.maxWaiting);
    this.#owners.set(owner, own);
    try {
      return await own.run(() => this.#all.run(job));
    } finally {
      if (own.idle) this.#owners.delete(owner);
    }
  }
}
