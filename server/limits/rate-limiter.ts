import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Quota } from './limits.js';

/** Counts what each key takes within a window of time. */
export interface RateLimiter {
  /**
   * Rejects when its store fails.
   * @returns how long the key must wait, in ms; 0: there was enough for it
   */
  take(key: string, points?: number): Promise<number>;
}

/** @param name what is limited; no two limiters have the same one */
export type CreateLimiter = (name: string, quota: Quota) => RateLimiter;

/** Counts in this process. */
export const createMemoryLimiter: CreateLimiter = (name, { points, seconds }) => {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  return { take: (key, count = 1) => takeFrom(limiter, key, count) };
};

/** As `take` of a limiter of ours. */
export async function takeFrom(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<number> {
  try {
    await limiter.consume(key, points);
    return 0;
  } catch (error) {
    // Past the limit it rejects with what is no error.
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext));
    throw error;
  }
}
