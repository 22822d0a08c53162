import pLimit, { type LimitFunction } from 'p-limit';

interface Capacity {
  /** Maximum number of jobs that run at the same time. */
  readonly maxRunning: number;
  /** Maximum number of jobs that wait for a free slot. */
  readonly maxWaiting: number;
}

/** Limits the number of jobs that run at the same time. Further jobs wait in order, and are rejected if too many wait. */
export class Semaphore {
  readonly #limit: LimitFunction;
  readonly #maxJobs: number;
  /** Number of jobs that run or wait. */
  #jobs = 0;

  constructor({ maxRunning, maxWaiting }: Capacity) {
    this.#limit = pLimit(maxRunning);
    this.#maxJobs = maxRunning + maxWaiting;
  }

  /** Whether no job runs or waits. */
  get isIdle(): boolean {
    return this.#jobs === 0;
  }

  /**
   * Runs a job when a slot is free.
   * @throws {Error} if too many jobs are waiting; otherwise what the job throws
   */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#jobs >= this.#maxJobs) throw new Error('too many jobs are waiting');
    this.#jobs += 1;
    try {
      return await this.#limit(job);
    } finally {
      this.#jobs -= 1;
    }
  }
}

/** A semaphore that several owners share: each owner has a capacity of its own, so slow jobs of one do not delay others. */
export class Bulkhead {
  readonly #all: Semaphore;
  readonly #capacityOfOwner: Capacity;
  /** Semaphores of owners with jobs. */
  readonly #owners = new Map<string, Semaphore>();

  constructor(all: Capacity, each: Capacity) {
    this.#all = new Semaphore(all);
    this.#capacityOfOwner = each;
  }

  /**
   * Runs a job when a slot is free, in all and for its owner.
   * @throws {Error} if too many jobs are waiting, in all or of this owner; otherwise what the job throws
   */
  async run<T>(owner: string, job: () => Promise<T>): Promise<T> {
    const own = this.#owners.get(owner) ?? new Semaphore(this.#capacityOfOwner);
    this.#owners.set(owner, own);
    try {
      return await own.run(() => this.#all.run(job));
    } finally {
      if (own.isIdle) this.#owners.delete(owner);
    }
  }
}
