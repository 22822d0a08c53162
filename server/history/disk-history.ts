import { DEFAULT_LIMITS } from '../limits/limits.js';
import type { Database } from '../storage/database.js';
import { keyPart, type Journal } from '../storage/journal.js';
import type { HistoryItem } from './history-box.js';
import type { HistoryLimits } from './history.js';
import { MemoryHistory } from './memory-history.js';

/** First part of the keys of histories: `h!<user>!<item>`. */
const PART = 'h';

interface StoredItem {
  readonly userID: string;
  readonly item: HistoryItem;
}

/**
 * Opens histories that survive a restart. They work in memory. Each change resolves when it is on disk.
 * @throws the error of the database if the stored items can't be read
 */
export async function openDiskHistory(
  database: Pick<Database, 'readAll'>,
  journal: Journal,
  now: () => number = Date.now,
  limits: HistoryLimits = DEFAULT_LIMITS,
): Promise<MemoryHistory> {
  const stored = (await database.readAll(PART)) as StoredItem[];
  const history = new MemoryHistory(now, limits, {
    record: (userID, key, item) => {
      const value: StoredItem | undefined = item && { userID, item };
      journal.record([PART, keyPart(userID), keyPart(key)].join('!'), value);
    },
    commit: () => journal.commit(),
  });
  for (const { userID, item } of stored) history.restore(userID, item);
  await history.expire();
  return history;
}
