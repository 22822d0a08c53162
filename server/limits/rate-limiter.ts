import { RateLimiterMemory, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import type { Quota } from './limits.js';

/** Counts the points that each key takes within a period. */
export interface RateLimiter {
  /**
   * Takes points. Rejects if the store of the limiter fails.
   * @param points default: 1
   * @returns how long the key must wait, in ms; 0 if the points were within the limit
   */
  take(key: string, points?: number): Promise<number>;
}

/** @param name identifies the limit; unique among limiters */
export type CreateLimiter = (name: string, quota: Quota) => RateLimiter;

/** Limiters that count in this process. */
export const createMemoryLimiter: CreateLimiter = (name, { points, seconds }) => {
  const limiter = new RateLimiterMemory({ keyPrefix: name, points, duration: seconds });
  return { take: (key, count = 1) => takeFrom(limiter, key, count) };
};

/** Implements `RateLimiter.take` with a limiter of rate-limiter-flexible. */
export async function takeFrom(
  limiter: RateLimiterAbstract,
  key: string,
  points: number,
): Promise<number> {
  try {
    await limiter.consume(key, points);
    return 0;
  } catch (error) {
    // Beyond the limit, the library rejects with a result instead of an error.
    if (error instanceof RateLimiterRes) return Math.max(1, Math.ceil(error.msBeforeNext));
    throw error;
  }
}
