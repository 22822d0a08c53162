import type { Logger } from '../observability/logger.js';

/** Steps that wait at most; what comes on top takes the place of the oldest. */
const MAX_QUEUED = 10_000;
/** Steps that are told without waiting for each other: one connection keeps their order. */
const AT_ONCE = 500;

type Write<T = unknown> = () => Promise<T>;
interface WriteOptions {
  /** What is owed under a key is owed once: the newest step takes its place, and comes last. */
  readonly key?: string;
  /** What is owed, where that is not the step itself. */
  readonly queuedWrite?: Write;
}

/**
 * Keeps the steps that Redis could not be told while it was away, and tells it in their order when it is back. A step
 * may be told twice, with all that follow it: that must come to the same.
 */
export class WriteBehindQueue {
  readonly #isReady: () => boolean;
  readonly #logger: Logger;
  /** By their keys; those without one by themselves. */
  readonly #writes = new Map<string | symbol, Write>();
  #hasDropped = false;
  #flushing: Promise<void> | undefined;

  constructor(isReady: () => boolean, logger: Logger) {
    this.#isReady = isReady;
    this.#logger = logger;
  }

  /**
   * Takes a step now or, when it can't be taken, later.
   * @returns what it gave, or nothing when it is owed
   */
  async write<T>(write: Write<T>, options: WriteOptions = {}): Promise<T | undefined> {
    if (this.#writes.size === 0) {
      try {
        return await write();
      } catch {
        // It can't be told now: it is owed.
      }
    }
    const key = options.key ?? Symbol('step');
    this.#writes.delete(key);
    this.#writes.set(key, options.queuedWrite ?? write);
    this.#dropOldest();
    void this.flush();
    return undefined;
  }

  /** Whether steps were dropped since this was asked last. */
  resetDropped(): boolean {
    const hasDropped = this.#hasDropped;
    this.#hasDropped = false;
    return hasDropped;
  }

  /** Takes all steps that are owed, until Redis is away again. Never rejects. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined)));
  }

  async #flush(): Promise<void> {
    // One by itself: as long as Redis refuses it, it is not asked for more.
    for (let most = 1; this.#writes.size > 0 && this.#isReady(); most = AT_ONCE) {
      const steps = this.#first(most);
      const results = await Promise.allSettled(steps.map(([, step]) => step()));
      for (const [index, [key, step]] of steps.entries()) {
        const result = results[index];
        // Those behind it are told again, too: it may have gone before them.
        if (result?.status === 'rejected' && !this.#isPermanentFailure(result.reason)) return;
        if (this.#writes.get(key) === step) this.#writes.delete(key);
      }
    }
  }

  #first(most: number): [string | symbol, Write][] {
    const steps: [string | symbol, Write][] = [];
    for (const step of this.#writes) if (steps.push(step) >= most) break;
    return steps;
  }

  /** Whether Redis will never take it: the next ones are not held up by it. All else may pass: it loads, it is full. */
  #isPermanentFailure(error: unknown): boolean {
    const { message = '' } = ((error as Error).cause ?? {}) as Partial<Error>;
    if (!message.startsWith('ERR')) return false;
    this.#logger.warn('a step was given up', { error: String(error) });
    return true;
  }

  #dropOldest(): void {
    for (const oldest of this.#writes.keys()) {
      if (this.#writes.size <= MAX_QUEUED) return;
      this.#writes.delete(oldest);
      this.#hasDropped = true;
    }
  }
}
