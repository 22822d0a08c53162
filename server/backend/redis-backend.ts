import type { Backend } from './backend.js';
import type { InboxLimits } from '../inbox/inbox-budget.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { createRedisBus } from '../routing/redis-bus.js';
import { RedisConnectedPages } from '../push/redis-connected-pages.js';
import type { HistoryLimits } from '../history/history.js';
import { RedisHistory } from '../history/redis-history.js';
import { RedisInbox } from '../inbox/redis-inbox.js';
import { createRedisLimiters } from '../limits/redis-rate-limiter.js';
import type { PresenceTimes } from '../presence/redis-devices.js';
import { RedisPreferences } from '../preferences/redis-preferences.js';
import { RedisPresence } from '../presence/redis-presence.js';
import { createPushOutcomeBus } from '../push/redis-push-outcome-bus.js';
import { SharedSecrets } from '../storage/redis-secrets.js';
import { RedisStore } from '../storage/redis-store.js';
import { RedisSubscriptions } from '../push/redis-subscriptions.js';

interface Options extends PresenceTimes {
  readonly url: string;
  readonly logger: Logger;
  readonly prefix?: string | undefined;
  readonly limits?: InboxLimits & HistoryLimits;
}

/**
 * Opens the stores that all nodes with the same Redis share.
 * @throws {DataError} if Redis is unreachable, rejects the connection, is too old, or contains damaged keys
 */
export async function openRedisBackend({
  url,
  logger,
  prefix,
  limits = DEFAULT_LIMITS,
  ...times
}: Options): Promise<Backend & Required<Pick<Backend, 'bus' | 'presence'>>> {
  const store = await RedisStore.open(url, { logger, prefix });
  let secrets: SharedSecrets | undefined;
  const close = () => {
    secrets?.close();
    store.close();
  };
  try {
    secrets = await SharedSecrets.open(store, logger);
    const presence = await RedisPresence.open(store, logger, times);
    return {
      inbox: new RedisInbox(store, logger, Date.now, limits),
      history: new RedisHistory(store, Date.now, limits),
      preferences: new RedisPreferences(store),
      subscriptions: new RedisSubscriptions(store),
      connected: new RedisConnectedPages(store, presence),
      secrets,
      bus: createRedisBus(store, presence),
      presence,
      otherServers: createPushOutcomeBus(store),
      createLimiter: createRedisLimiters(store),
      isReady: () => store.isWritable,
      async close() {
        await presence.close();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
