import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';

/** Stores missed calls in memory, until the page is closed. */
export function createMemoryStorage(): MissedCallStorage {
  const records = new Map<string, StoredMissedCall>();
  const claims = new Map<string, number>();
  let push = false;
  return {
    load: () => Promise.resolve([...records.values()]),
    add(record) {
      if ((records.get(record.callID)?.round ?? 0) < record.round)
        records.set(record.callID, record);
      return Promise.resolve();
    },
    claim(callID, round) {
      const isFirst = (claims.get(callID) ?? 0) < round;
      if (isFirst) claims.set(callID, round);
      return Promise.resolve(isFirst);
    },
    put(changed) {
      for (const record of changed) records.set(record.callID, record);
      return Promise.resolve();
    },
    remove(callIDs) {
      for (const callID of callIDs) records.delete(callID);
      return Promise.resolve();
    },
    takeClick: () => Promise.resolve(undefined),
    hasPush: () => Promise.resolve(push),
    setPush(on) {
      push = on;
      return Promise.resolve();
    },
  };
}
