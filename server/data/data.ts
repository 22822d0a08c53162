import { openDiskInbox } from '../disk-inbox.js';
import type { Bus } from '../bus.js';
import type { Inbox } from '../inbox.js';
import type { InboxLimits } from '../inbox-budget.js';
import { InboxEntries } from '../inbox-entries.js';
import { DEFAULT_LIMITS, EXPIRE_INTERVAL_MS } from '../limits.js';
import type { Logger } from '../logger.js';
import { MemoryInbox } from '../memory-inbox.js';
import type { Presence } from '../presence.js';
import { MemoryConnectedPages, type ConnectedPages } from '../push/connected.js';
import type { PushOutcomeBus } from '../push/pushes.js';
import { Subscriptions, type PushSubscriptions } from '../push/subscriptions.js';
import type { CreateLimiter } from '../rate-limiter.js';
import { explainOpenError, reasonOf } from './data-error.js';
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
  readonly otherServers?: PushOutcomeBus;
  /** Counts for all servers together. None: each counts by itself. */
  readonly createLimiter?: CreateLimiter;
  /** Whether it can be used now. None: always. */
  readonly isReady?: () => boolean;
  /** How many changes wait to be written. None: it has none that wait. */
  readonly unwritten?: () => number;
  /** Resolves when everything that can be written is on disk, and the folder is free for another server. */
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
    const secrets = await openSecrets(folder, { mayCreate: database.isNew });
    const journal = new Journal(database, { logger });
    const inbox = await openDiskInbox(database, journal, Date.now, limits);
    const subscriptions = await Subscriptions.open(database, journal);
    return {
      ...keep(inbox, subscriptions, secrets, logger, async () => {
        await journal.close();
        await database.close().catch((error: unknown) => {
          logger.warn('the data folder was not closed', { error: reasonOf(error) });
        });
      }),
      isReady: () => journal.isWritable,
      unwritten: () => journal.unwritten,
    };
  } catch (error) {
    await database.close().catch(() => {
      // The first error tells more.
    });
    throw explainOpenError(error, folder);
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
    connected: new MemoryConnectedPages(),
    secrets,
    async close() {
      clearInterval(expiry);
      await close();
    },
  };
}
