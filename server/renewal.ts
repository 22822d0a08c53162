import type { Authentication } from './auth.js';
import type { Clock } from './clock.js';
import { RENEW_AGAIN_MS, RENEW_BEFORE_MS, RENEW_TIMEOUT_MS } from './limits.js';

interface Parts {
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
export function keepProved(expiresAt: number | undefined, parts: Parts): () => void {
  const { userID, clock, ask, check, end } = parts;
  let until = expiresAt;
  let stopped = false;
  let cancelAsking = (): void => {};
  let cancelEnd = (): void => {};

  const stop = (): void => {
    stopped = true;
    cancelAsking();
    cancelEnd();
  };
  const endInTime = (): void => {
    cancelEnd();
    if (stopped || until === undefined) return;
    const left = until - clock.now();
    // The longest timer may end before: then it looks again.
    if (left > 0) cancelEnd = clock.after(left, endInTime);
    else {
      stop();
      end();
    }
  };
  const wait = (): void => {
    if (stopped || until === undefined) return;
    const left = until - clock.now();
    // The same moment for asking and for ending would leave no time to answer.
    const early = left > 2 * RENEW_BEFORE_MS ? left - RENEW_BEFORE_MS : left / 2;
    const pause = Math.max(early, RENEW_AGAIN_MS);
    if (pause < left) cancelAsking = clock.after(pause, () => void renew());
  };
  const renew = async (): Promise<void> => {
    try {
      const left = (until ?? 0) - clock.now();
      const token = left > 0 ? await ask(Math.min(left, RENEW_TIMEOUT_MS)) : undefined;
      const found = token === undefined ? undefined : await check(token);
      if (found?.ok && found.userID === userID) until = found.expiresAt;
    } catch {
      // It may at the next time.
    }
    endInTime();
    wait();
  };

  endInTime();
  wait();
  return stop;
}
