import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { takeFrom, type CreateLimiter } from './rate-limiter.js';
import type { RedisStore } from '../storage/redis-store.js';

/**
 * Limiters that count for all nodes together. The key `limit:<name>:<key>` contains the points taken, and expires with the
 * period. While Redis is unreachable, each node counts for itself: the limiters never reject. When Redis hangs, they wait
 * until the time-out of a command (2 s).
 */
export const createRedisLimiters =
  (store: RedisStore): CreateLimiter =>
  (name, { points, seconds }) => {
    const quota = { keyPrefix: '', points, duration: seconds };
    const limiter = new RateLimiterRedis({
      ...quota,
      storeClient: store.commands,
      rejectIfRedisNotReady: true,
      // A key beyond the limit causes no further commands until the period is over.
      inMemoryBlockOnConsumed: points,
      insuranceLimiter: new RateLimiterMemory(quota),
    });
    return { take: (key, count = 1) => takeFrom(limiter, store.key('limit', name, key), count) };
  };
