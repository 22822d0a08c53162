import type { Logger } from '../observability/logger.js';

/** Maximum number of queued writes; beyond it the oldest are dropped. */
const MAX_QUEUED = 10_000;
/** Number of writes that are replayed concurrently. The connection preserves their order. */
const REPLAY_BATCH_SIZE = 500;

type Write<T = unknown> = () => Promise<T>;
interface WriteOptions {
  /** A queued write replaces an older one with the same key, and moves to the end. */
  readonly key?: string;
  /** The form of the write to queue, if it differs from the immediate one. */
  readonly queuedWrite?: Write;
}

/**
 * Queues writes while Redis is unreachable, and replays them in order after it reconnects. A write may be replayed twice,
 * together with all later ones, so the writes must be idempotent in that sense.
 */
export class WriteBehindQueue {
  readonly #isReady: () => boolean;
  readonly #logger: Logger;
  /** By key; a write without a key has a unique symbol. */
  readonly #writes = new Map<string | symbol, Write>();
  #hasDropped = false;
  #flushing: Promise<void> | undefined;

  constructor(isReady: () => boolean, logger: Logger) {
    this.#isReady = isReady;
    this.#logger = logger;
  }

  /**
   * Writes now or, if that fails, later.
   * @returns the result of the write, or undefined if it was queued
   */
  async write<T>(write: Write<T>, options: WriteOptions = {}): Promise<T | undefined> {
    if (this.#writes.size === 0) {
      try {
        return await write();
      } catch {
        // Not possible now: queue it.
      }
    }
    const key = options.key ?? Symbol('step');
    this.#writes.delete(key);
    this.#writes.set(key, options.queuedWrite ?? write);
    this.#dropOldest();
    void this.flush();
    return undefined;
  }

  /** Whether writes were dropped since the last call. */
  resetDropped(): boolean {
    const hasDropped = this.#hasDropped;
    this.#hasDropped = false;
    return hasDropped;
  }

  /** Replays all queued writes until Redis is unreachable again. Never rejects. */
  flush(): Promise<void> {
    return (this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined)));
  }

  async #flush(): Promise<void> {
    // Start with a single write, so that a Redis that still rejects writes gets no more of them.
    for (let most = 1; this.#writes.size > 0 && this.#isReady(); most = REPLAY_BATCH_SIZE) {
      const steps = this.#first(most);
      const results = await Promise.allSettled(steps.map(([, step]) => step()));
      for (const [index, [key, step]] of steps.entries()) {
        const result = results[index];
        // Replay the later ones of this batch again as well, as they may have been applied before this one.
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

  /** Whether Redis will never accept the write, so that it must not block others. Other errors are temporary (loading, OOM). */
  #isPermanentFailure(error: unknown): boolean {
    const { message = '' } = ((error as Error).cause ?? {}) as Partial<Error>;
    if (!message.startsWith('ERR')) return false;
    this.#logger.warn('dropped a write that Redis rejects', { error: String(error) });
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
