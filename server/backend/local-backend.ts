import { openDiskHistory } from '../history/disk-history.js';
import type { HistoryLimits } from '../history/history.js';
import { MemoryHistory } from '../history/memory-history.js';
import { openDiskInbox } from '../inbox/disk-inbox.js';
import type { InboxLimits } from '../inbox/inbox-budget.js';
import { InboxEntries } from '../inbox/inbox-entries.js';
import { DEFAULT_LIMITS, EXPIRE_INTERVAL_MS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { MemoryInbox } from '../inbox/memory-inbox.js';
import { MemoryConnectedPages } from '../push/connected-pages.js';
import { MemoryPreferences } from '../preferences/memory-preferences.js';
import { Subscriptions } from '../push/subscriptions.js';
import type { Backend } from './backend.js';
import { explainOpenError, reasonOf } from '../storage/data-error.js';
import { openDatabase } from '../storage/database.js';
import { Journal } from '../storage/journal.js';
import { newSecrets, openSecrets, type Secrets } from '../storage/secrets.js';

/**
 * Opens the stores of a single node.
 * @param folder the data folder, created if it is missing; without one, everything is in memory
 * @throws {DataError} if the folder can't be used
 */
export async function openLocalBackend(
  folder: string | undefined,
  logger: Logger,
  limits: InboxLimits & HistoryLimits = DEFAULT_LIMITS,
): Promise<Backend> {
  if (folder === undefined) {
    const entries = new InboxEntries(undefined, limits);
    const stores = {
      inbox: new MemoryInbox(Date.now, { entries }),
      history: new MemoryHistory(Date.now, limits),
      preferences: new MemoryPreferences(),
      subscriptions: new Subscriptions(),
      secrets: newSecrets(),
    };
    return createBackend(stores, logger);
  }
  const database = await openDatabase(folder);
  try {
    const secrets = await openSecrets(folder, { mayCreate: database.isNew });
    const journal = new Journal(database, { logger });
    const inbox = await openDiskInbox(database, journal, Date.now, limits);
    const history = await openDiskHistory(database, journal, Date.now, limits);
    const subscriptions = await Subscriptions.open(database, journal);
    const preferences = await MemoryPreferences.open(database, journal);
    return {
      ...createBackend(
        { inbox, history, preferences, subscriptions, secrets },
        logger,
        async () => {
          await journal.close();
          await database.close().catch((error: unknown) => {
            logger.warn('closing the data folder failed', { error: reasonOf(error) });
          });
        },
      ),
      isReady: () => journal.isWritable,
      unwritten: () => journal.unwritten,
    };
  } catch (error) {
    await database.close().catch(() => {
      // The error that is thrown below is the cause; this one follows from it.
    });
    throw explainOpenError(error, folder);
  }
}

/** Adds the timer that removes expired entries from the inbox. */
function createBackend(
  stores: Pick<Backend, 'history' | 'preferences' | 'subscriptions'> & {
    readonly inbox: MemoryInbox;
    readonly secrets: Secrets;
  },
  logger: Logger,
  close: () => Promise<void> = () => Promise.resolve(),
): Backend {
  const expiry = setInterval(() => {
    stores.inbox
      .expire()
      .catch((error: unknown) =>
        logger.warn('removing expired inbox entries failed', { error: String(error) }),
      );
  }, EXPIRE_INTERVAL_MS);
  return {
    ...stores,
    connected: new MemoryConnectedPages(),
    async close() {
      clearInterval(expiry);
      await close();
    },
  };
}
