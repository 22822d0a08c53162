import type { Logger } from '../logger.js';

/** Steps that wait at most; what comes on top takes the place of the oldest. */
const MAX_OWED = 10_000;
/** Steps that are told without waiting for each other: one connection keeps their order. */
const AT_ONCE = 500;

type Step<T = unknown> = () => Promise<T>;
interface Late {
  /** What is owed under a key is owed once: the newest step takes its place, and comes last. */
  readonly key?: string;
  /** What is owed, where that is not the step itself. */
  readonly step?: Step;
}

/**
 * Keeps the steps that Redis could not be told while it was away, and tells it in their order when it is back. A step
 * may be told twice, with all that follow it: that must come to the same.
 */
export class Owed {
  readonly #isReady: () => boolean;
  readonly #logger: Logger;
  /** By their keys; those without one by themselves. */
  readonly #steps = new Map<string | symbol, Step>();
  #hasDropped = false;
  #paying: Promise<void> | undefined;

  constructor(isReady: () => boolean, logger: Logger) {
    this.#isReady = isReady;
    this.#logger = logger;
  }

  /**
   * Takes a step now or, when it can't be taken, later.
   * @returns what it gave, or nothing when it is owed
   */
  async take<T>(step: Step<T>, late: Late = {}): Promise<T | undefined> {
    if (this.#steps.size === 0) {
      try {
        return await step();
      } catch {
        // It can't be told now: it is owed.
      }
    }
    const key = late.key ?? Symbol('step');
    this.#steps.delete(key);
    this.#steps.set(key, late.step ?? step);
    this.#drop();
    void this.pay();
    return undefined;
  }

  /** Whether steps were dropped since this was asked last. */
  takeDropped(): boolean {
    const hasDropped = this.#hasDropped;
    this.#hasDropped = false;
    return hasDropped;
  }

  /** Takes all steps that are owed, until Redis is away again. Never rejects. */
  pay(): Promise<void> {
    return (this.#paying ??= this.#pay().finally(() => (this.#paying = undefined)));
  }

  async #pay(): Promise<void> {
    // One by itself: as long as Redis refuses it, it is not asked for more.
    for (let most = 1; this.#steps.size > 0 && this.#isReady(); most = AT_ONCE) {
      const steps = this.#first(most);
      const results = await Promise.allSettled(steps.map(([, step]) => step()));
      for (const [index, [key, step]] of steps.entries()) {
        const result = results[index];
        // Those behind it are told again, too: it may have gone before them.
        if (result?.status === 'rejected' && !this.#isInVain(result.reason)) return;
        if (this.#steps.get(key) === step) this.#steps.delete(key);
      }
    }
  }

  #first(most: number): [string | symbol, Step][] {
    const steps: [string | symbol, Step][] = [];
    for (const step of this.#steps) if (steps.push(step) >= most) break;
    return steps;
  }

  /** Whether Redis will never take it: the next ones are not held up by it. All else may pass: it loads, it is full. */
  #isInVain(error: unknown): boolean {
    const { message = '' } = ((error as Error).cause ?? {}) as Partial<Error>;
    if (!message.startsWith('ERR')) return false;
    this.#logger.warn('a step was given up', { error: String(error) });
    return true;
  }

  #drop(): void {
    for (const oldest of this.#steps.keys()) {
      if (this.#steps.size <= MAX_OWED) return;
      this.#steps.delete(oldest);
      this.#hasDropped = true;
    }
  }
}
