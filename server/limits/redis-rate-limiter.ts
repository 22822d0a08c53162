import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { takeFrom, type CreateLimiter } from './rate-limiter.js';
import type { RedisStore } from '../storage/redis-store.js';

/**
 * Limiters that count for all nodes together. `limit:<name>:<key>` is how much a key has taken, and goes when its window
 * is over. What Redis does not count, as while it is away, each node counts by itself: they never reject, and wait no
 * longer than one command may take (2 s, when Redis hangs; else nothing).
 */
export const createRedisLimiters =
  (store: RedisStore): CreateLimiter =>
  (name, { points, seconds }) => {
    const quota = { keyPrefix: '', points, duration: seconds };
    const limiter = new RateLimiterRedis({
      ...quota,
      storeClient: store.commands,
      rejectIfRedisNotReady: true,
      // Who is past the limit costs Redis nothing until the window is over.
      inMemoryBlockOnConsumed: points,
      insuranceLimiter: new RateLimiterMemory(quota),
    });
    return { take: (key, count = 1) => takeFrom(limiter, store.key('limit', name, key), count) };
  };
