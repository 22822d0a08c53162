import pLimit, { type LimitFunction } from 'p-limit';

interface Capacity {
  /** Jobs that run at the same time, at most. */
  readonly most: number;
  /** Jobs that wait for a free slot, at most. */
  readonly mostWaiting: number;
}

/** Limits concurrent jobs. Jobs beyond the limit wait, in their order, and are rejected when too many wait. */
export class Semaphore {
  readonly #limit: LimitFunction;
  readonly #most: number;
  /** Jobs that run or wait. */
  #jobs = 0;

  constructor({ most, mostWaiting }: Capacity) {
    this.#limit = pLimit(most);
    this.#most = most + mostWaiting;
  }

  /** Whether no job runs or waits. */
  get isIdle(): boolean {
    return this.#jobs === 0;
  }

  /**
   * Runs a job when there is a slot for it.
   * @throws {Error} when too many jobs wait already; else what the job throws
   */
  async run<T>(job: () => Promise<T>): Promise<T> {
    if (this.#jobs >= this.#most) throw new Error('too many jobs wait already');
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
  readonly #each: Capacity;
  /** Of owners that have a job. */
  readonly #own = new Map<string, Semaphore>();

  constructor(all: Capacity, each: Capacity) {
    this.#all = new Semaphore(all);
    this.#each = each;
  }

  /**
   * Runs a job when there is a slot for it, and one for its owner.
   * @throws {Error} when too many jobs wait already, in all or of this owner; else what the job throws
   */
  async run<T>(owner: string, job: () => Promise<T>): Promise<T> {
    const own = this.#own.get(owner) ?? new Semaphore(this.#each);
    this.#own.set(owner, own);
    try {
      return await own.run(() => this.#all.run(job));
    } finally {
      if (own.isIdle) this.#own.delete(owner);
    }
  }
}
