import { get, set, update, type UseStore } from 'idb-keyval';
import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';
import { claim, keepOffset, openStore, takeClick } from './database.js';

type Kept = ReadonlyMap<string, StoredMissedCall>;

/**
 * The storage of a browser's pages: IndexedDB, opened when it is first used. Where it is refused (a private window,
 * say) each method rejects.
 * @param account keeps users, and networks, apart
 */
export function createBrowserStorage(account: string): MissedCallStorage {
  const key = `missed ${account}`;
  const pushKey = `push ${account}`;
  let opened: UseStore | undefined;
  // An async function: what throws as it opens rejects.
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
      await keepOffset(await store(), account, ms);
    },
    async hasPush() {
      return (await get<boolean>(pushKey, await store())) === true;
    },
    async setPush(on) {
      await set(pushKey, on, await store());
    },
  };
}
