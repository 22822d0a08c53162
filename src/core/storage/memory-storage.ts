import type { MissedCallStorage, StoredMissedCall } from '../ports/missed-call-storage.js';

/** A storage that lives as long as the page. */
export function createMemoryStorage(): MissedCallStorage {
  const records = new Map<string, StoredMissedCall>();
  let push = false;
  return {
    load: () => Promise.resolve([...records.values()]),
    add(record) {
      const known = records.get(record.callID);
      const isNew = !known || known.round < record.round;
      if (isNew) records.set(record.callID, record);
      return Promise.resolve(isNew);
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
