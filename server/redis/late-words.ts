import type { RedisStore } from './store.js';

/** Words that wait at most; what comes on top takes the place of the oldest. */
const MAX_WAITING = 10_000;
/** What was said longer ago is of no use any more, in ms: who accepts waits so long for an answer. */
const KEEP_MS = 20_000;
/** How long after Redis is back the other nodes may take to listen again, in ms. */
const LISTEN_MS = 1_000;

/** Keeps what could not be said to other nodes while Redis was away, and says it in its order when all listen again. */
export class LateWords {
  readonly #say: (channel: string, word: readonly unknown[]) => Promise<unknown>;
  #waiting: { channel: string; word: readonly unknown[]; until: number }[] = [];

  constructor(
    store: RedisStore,
    say: (channel: string, word: readonly unknown[]) => Promise<unknown>,
  ) {
    this.#say = say;
    store.whenReady(() => {
      if (this.#waiting.length > 0) setTimeout(() => void this.#sayAll(), LISTEN_MS).unref();
    });
  }

  add(channel: string, word: readonly unknown[]): void {
    this.#waiting.push({ channel, word, until: Date.now() + KEEP_MS });
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  async #sayAll(): Promise<void> {
    const words = this.#waiting.filter(({ until }) => until > Date.now());
    this.#waiting = [];
    try {
      // At once: one connection keeps their order.
      await Promise.all(words.map(({ channel, word }) => this.#say(channel, word)));
    } catch {
      // It is away again, and these have had their chance: who misses a word asks.
    }
  }
}
