import type { Data } from '../data/data.js';
import type { InboxLimits } from '../inbox-budget.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { Logger } from '../logger.js';
import { createRedisBus } from './bus.js';
import { RedisConnectedPages } from './connected.js';
import { RedisInbox } from './inbox.js';
import { createRedisLimiters } from './limiter.js';
import { RedisPresence, type PresenceTimes } from './presence.js';
import { createPushOutcomeBus } from './push-outcome-bus.js';
import { SharedSecrets } from './secrets.js';
import { RedisStore } from './store.js';
import { RedisSubscriptions } from './subscriptions.js';

interface Options extends PresenceTimes {
  readonly url: string;
  readonly logger: Logger;
  readonly prefix?: string | undefined;
  readonly limits?: InboxLimits;
}

/**
 * What all nodes that name the same Redis share.
 * @throws {DataError} when Redis can't be reached, refuses, is too old, or holds damaged keys
 */
export async function openRedisData({
  url,
  logger,
  prefix,
  limits = DEFAULT_LIMITS,
  ...times
}: Options): Promise<Data & Required<Pick<Data, 'bus' | 'presence'>>> {
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
