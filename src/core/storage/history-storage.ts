import { get, update, type UseStore } from 'idb-keyval';
import type { CallHistoryStorage, StoredHistory } from '../ports/call-history.js';
import { openStore } from './database.js';

const EMPTY: StoredHistory = { entries: [], state: {} };

/**
 * Stores the call history in IndexedDB, shared by the pages of a browser. The database is opened at the first use. If the
 * browser denies access (for example in a private window), each method rejects.
 * @param account separates users and servers
 */
export function createBrowserHistoryStorage(account: string): CallHistoryStorage {
  const key = `history ${account}`;
  let opened: UseStore | undefined;
  // Async, so that an exception while opening becomes a rejection.
  const store = async (): Promise<UseStore> => (opened ??= openStore());
  return {
    async load() {
      return (await get<StoredHistory>(key, await store())) ?? EMPTY;
    },
    async update(change) {
      await update<StoredHistory>(key, (stored) => change(stored ?? EMPTY), await store());
    },
  };
}

/** Stores the call history in memory, until the page is closed. */
export function createMemoryHistoryStorage(): CallHistoryStorage {
  let stored = EMPTY;
  return {
    load: () => Promise.resolve(stored),
    update(change) {
      stored = change(stored);
      return Promise.resolve();
    },
  };
}
