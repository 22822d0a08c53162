import type { Authentication } from './auth.js';
import type { Clock } from '../clock/clock.js';
import { RENEW_AGAIN_MS, RENEW_BEFORE_MS, RENEW_TIMEOUT_MS } from '../limits/limits.js';

interface RenewalDependencies {
  readonly userID: string;
  readonly clock: Clock;
  /** Asks the client for a token. Resolves to undefined, or rejects, if none arrives within `timeoutMs`. */
  readonly ask: (timeoutMs: number) => Promise<string | undefined>;
  /** Verifies a token. Rejects if the verification is not possible now. */
  readonly check: (token: string) => Promise<Authentication>;
  /** Called when the authentication has expired without a new valid token. */
  readonly end: () => void;
}

/**
 * Renews the authentication of an open connection. Before it expires, the client is asked for a new token, repeatedly
 * until a valid one arrives. At expiry the connection ends, even while a request or a check is pending.
 * @param expiresAt in ms since the epoch; undefined if the authentication never expires
 * @returns a function that stops the renewal
 */
export function keepAuthenticated(
  expiresAt: number | undefined,
  parts: RenewalDependencies,
): () => void {
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
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancelAsking?.();
    this.#cancelEnd?.();
  }

  #schedule(): void {
    this.#scheduleEnd();
    this.#scheduleRenewal();
  }

  #scheduleEnd(): void {
    this.#cancelEnd?.();
    const left = this.#left;
    if (this.#stopped || left === undefined) return;
    const { clock, end } = this.#parts;
    // `after` may fire early for very long waits, so check the time again.
    if (left > 0) this.#cancelEnd = clock.after(left, () => this.#scheduleEnd());
    else {
      this.stop();
      end();
    }
  }

  #scheduleRenewal(): void {
    const left = this.#left;
    if (this.#stopped || left === undefined) return;
    // Ask well before the end, so that the client has time to answer.
    const untilRenewal = left > 2 * RENEW_BEFORE_MS ? left - RENEW_BEFORE_MS : left / 2;
    const pause = Math.max(untilRenewal, RENEW_AGAIN_MS);
    if (pause < left) {
      this.#cancelAsking = this.#parts.clock.after(pause, () => void this.#renew());
    }
  }

  async #renew(): Promise<void> {
    const { userID, ask, check } = this.#parts;
    try {
      const left = this.#left ?? 0;
      const token = left > 0 ? await ask(Math.min(left, RENEW_TIMEOUT_MS)) : undefined;
      const result = token === undefined ? undefined : await check(token);
      if (result?.ok && result.userID === userID) this.#until = result.expiresAt;
    } catch {
      // No token, or no verification possible now: the next attempt may succeed.
    }
    this.#schedule();
  }

  /** Time until expiry in ms; undefined if the authentication never expires. */
  get #left(): number | undefined {
    return this.#until === undefined ? undefined : this.#until - this.#parts.clock.now();
  }
}
