import type { Logger } from '../logger.js';

/** Steps that wait at most; what comes on top takes the place of the oldest. */
const MAX_OWED = 10_000;

/** Keeps the steps that Redis could not be told while it was away, and tells it in their order when it is back. */
export class Owed {
  readonly #isReady: () => boolean;
  readonly #logger: Logger;
  readonly #steps: (() => Promise<unknown>)[] = [];
  #paying: Promise<void> | undefined;

  constructor(isReady: () => boolean, logger: Logger) {
    this.#isReady = isReady;
    this.#logger = logger;
  }

  /**
   * Takes a step now or, when it can't be taken, later.
   * @returns what it gave, or nothing when it is owed
   */
  async take<T>(step: () => Promise<T>): Promise<T | undefined> {
    if (this.#steps.length === 0) {
      try {
        return await step();
      } catch {
        // It can't be told now: it is owed.
      }
    }
    this.#steps.push(step);
    if (this.#steps.length > MAX_OWED) this.#steps.shift();
    void this.pay();
    return undefined;
  }

  /** Takes all steps that are owed, until Redis is away again. */
  pay(): Promise<void> {
    return (this.#paying ??= this.#pay().finally(() => (this.#paying = undefined)));
  }

  async #pay(): Promise<void> {
    for (let step = this.#steps[0]; step && this.#isReady(); step = this.#steps[0]) {
      try {
        await step();
      } catch (error) {
        const { message = '' } = ((error as Error).cause ?? {}) as Partial<Error>;
        // Anything else may pass: it loads, it is full, it is gone.
        if (!message.startsWith('ERR')) return;
        // Redis will never take it: the next ones are not held up by it.
        this.#logger.warn('a step was given up', { error: String(error) });
      }
      if (this.#steps[0] === step) this.#steps.shift();
    }
  }
}
