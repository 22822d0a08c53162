import type { Authentication } from './auth.js';
import type { Clock } from '../clock/clock.js';
import { RENEW_AGAIN_MS, RENEW_BEFORE_MS, RENEW_TIMEOUT_MS } from '../limits/limits.js';

interface RenewalDependencies {
  readonly userID: string;
  readonly clock: Clock;
  /** Asks the client for a token. Nothing, or a rejection: it gave none within so many ms. */
  readonly ask: (timeoutMs: number) => Promise<string | undefined>;
  /** Rejects when that can't be found out now. */
  readonly check: (token: string) => Promise<Authentication>;
  /** Nobody has proved in time who this is. */
  readonly end: () => void;
}

/**
 * Keeps an open connection proved: before the proof expires the client is asked for a new one, again and again while
 * it has none; at the end the connection ends, whatever is still waited for.
 * @param expiresAt ms since the epoch; nothing: it never expires
 * @returns a function that stops it
 */
export function keepProved(expiresAt: number | undefined, parts: RenewalDependencies): () => void {
  if (expiresAt === undefined) return () => {};
  const renewal = new Renewal(expiresAt, parts);
  return () => renewal.stop();
}

class Renewal {
  readonly #parts: RenewalDependencies;
  #until: number | undefined;
  #stopped = false;
  #cancelAsking: (() => void) | undefined;
  #cancelEnd: (() => void) | undefined;

  constructor(until: number, parts: RenewalDependencies) {
    this.#until = until;
    this.#parts = parts;
    this.#go();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelAsking?.();
    this.#cancelEnd?.();
  }

  #go(): void {
    this.#endInTime();
    this.#wait();
  }

  #endInTime(): void {
    this.#cancelEnd?.();
    const left = this.#left;
    if (this.#stopped || left === undefined) return;
    const { clock, end } = this.#parts;
    // The longest timer may end before: then it looks again.
    if (left > 0) this.#cancelEnd = clock.after(left, () => this.#endInTime());
    else {
      this.stop();
      end();
    }
  }

  #wait(): void {
    const left = this.#left;
    if (this.#stopped || left === undefined) return;
    // The same moment for asking and for ending would leave no time to answer.
    const early = left > 2 * RENEW_BEFORE_MS ? left - RENEW_BEFORE_MS : left / 2;
    const pause = Math.max(early, RENEW_AGAIN_MS);
    if (pause < left) {
      this.#cancelAsking = this.#parts.clock.after(pause, () => void this.#renew());
    }
  }

  async #renew(): Promise<void> {
    const { userID, ask, check } = this.#parts;
    try {
      const left = this.#left ?? 0;
      const token = left > 0 ? await ask(Math.min(left, RENEW_TIMEOUT_MS)) : undefined;
      const found = token === undefined ? undefined : await check(token);
      if (found?.ok && found.userID === userID) this.#until = found.expiresAt;
    } catch {
      // It may at the next time.
    }
    this.#go();
  }

  /** In ms; nothing: it never expires. */
  get #left(): number | undefined {
    return this.#until === undefined ? undefined : this.#until - this.#parts.clock.now();
  }
}
