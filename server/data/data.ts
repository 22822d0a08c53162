import { openDiskInbox } from '../disk-inbox.js';
import type { Bus } from '../bus.js';
import type { Inbox } from '../inbox.js';
import type { InboxLimits } from '../inbox-budget.js';
import { InboxEntries } from '../inbox-entries.js';
import { DEFAULT_LIMITS, EXPIRE_INTERVAL_MS } from '../limits.js';
import type { Logger } from '../logger.js';
import { MemoryInbox } from '../memory-inbox.js';
import type { Presence } from '../presence.js';
import { Connected, type ConnectedPages } from '../push/connected.js';
import type { PushNews } from '../push/pushes.js';
import { Subscriptions, type PushSubscriptions } from '../push/subscriptions.js';
import type { CreateLimiter } from '../rate-limiter.js';
import { openDatabase } from './database.js';
import { Journal } from './journal.js';
import { newSecrets, openSecrets, type Secrets } from './secrets.js';

/** All that a server may keep over its restarts, or share with others. */
export interface Data {
  readonly inbox: Inbox;
  readonly subscriptions: PushSubscriptions;
  readonly connected: ConnectedPages;
  readonly secrets: Secrets;
  /** None: it shares its users with no other server. */
  readonly bus?: Bus;
  readonly presence?: Presence;
  readonly otherServers?: PushNews;
  /** Counts for all servers together. None: each counts by itself. */
  readonly createLimiter?: CreateLimiter;
  /** Whether it can be used now. None: always. */
  readonly isReady?: () => boolean;
  /** Resolves when everything is on disk, and the folder is free for another server. */
  close(): Promise<void>;
}

/**
 * @param folder made when it is missing; without one, everything is in memory
 * @throws {DataError} when the folder can't be used
 */
export async function openData(
  folder: string | undefined,
  logger: Logger,
  limits: InboxLimits = DEFAULT_LIMITS,
): Promise<Data> {
  if (folder === undefined) {
    const entries = new InboxEntries(undefined, limits);
    return keep(new MemoryInbox(Date.now, { entries }), new Subscriptions(), newSecrets(), logger);
  }
  const database = await openDatabase(folder);
  try {
    const journal = new Journal(database);
    const inbox = await openDiskInbox(database, journal, Date.now, limits);
    const subscriptions = await Subscriptions.open(database, journal);
    const secrets = await openSecrets(folder);
    return keep(inbox, subscriptions, secrets, logger, async () => {
      try {
        await journal.commit();
      } finally {
        await database.close();
      }
    });
  } catch (error) {
    await database.close();
    throw error;
  }
}

function keep(
  inbox: MemoryInbox,
  subscriptions: Subscriptions,
  secrets: Secrets,
  logger: Logger,
  close: () => Promise<void> = () => Promise.resolve(),
): Data {
  const expiry = setInterval(() => {
    inbox
      .expire()
      .catch((error: unknown) => logger.warn('nothing expired', { error: String(error) }));
  }, EXPIRE_INTERVAL_MS);
  return {
    inbox,
    subscriptions,
    connected: new Connected(),
    secrets,
    async close() {
      clearInterval(expiry);
      await close();
    },
  };
}
