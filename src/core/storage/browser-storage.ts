import { get, set, update, type UseStore } from 'idb-keyval';
import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';
import { claim, openStore, saveOffset, takeClick } from './database.js';

type Kept = ReadonlyMap<string, StoredMissedCall>;

/**
 * Stores missed calls in IndexedDB, shared by the pages of a browser. The database is opened at the first use. If the
 * browser denies access (for example in a private window), each method rejects.
 * @param account separates users and servers
 */
export function createBrowserStorage(account: string): MissedCallStorage {
  const key = `missed ${account}`;
  const pushKey = `push ${account}`;
  let opened: UseStore | undefined;
  // Async, so that an exception while opening becomes a rejection.
  const store = async (): Promise<UseStore> => (opened ??= openStore());
  const change = async (job: (kept: Map<string, StoredMissedCall>) => void): Promise<void> => {
    await update<Kept>(
      key,
      (kept) => {
        const next = new Map(kept);
        job(next);
        return next;
      },
      await store(),
    );
  };

  return {
    async load() {
      const kept = await get<Kept>(key, await store());
      return [...(kept?.values() ?? [])];
    },
    add: (record) =>
      change((kept) => {
        if ((kept.get(record.callID)?.round ?? 0) < record.round) kept.set(record.callID, record);
      }),
    async claim(callID, round) {
      return claim(await store(), account, callID, round);
    },
    put: (records) =>
      change((kept) => {
        for (const record of records) kept.set(record.callID, record);
      }),
    remove: (callIDs) =>
      change((kept) => {
        for (const callID of callIDs) kept.delete(callID);
      }),
    async takeClick() {
      return takeClick(await store(), account);
    },
    async setServerOffset(ms) {
      await saveOffset(await store(), account, ms);
    },
    async hasPush() {
      return (await get<boolean>(pushKey, await store())) === true;
    },
    async setPush(on) {
      await set(pushKey, on, await store());
    },
  };
}
