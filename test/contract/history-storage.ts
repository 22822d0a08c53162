import type { CallHistoryStorage, StoredHistory } from '../../src/core/ports/call-history.js';
import type { Runner } from './signal-transport.js';

/*
 * The contract of every adapter of the port `CallHistoryStorage`, under node:test and in browsers.
 */

const withDeletion =
  (callID: string) =>
  (stored: StoredHistory): StoredHistory => ({
    entries: [...stored.entries, { callID, deletedAt: 1 }],
    state: { ...stored.state, received: (stored.state.received ?? 0) + 1 },
  });

function same(actual: unknown, expected: unknown): void {
  const [was, wished] = [actual, expected].map((value) => JSON.stringify(value));
  if (was !== wished) throw new Error(`${was} is not ${wished}`);
}

/** @param open opens the storage of a page. Pages of the same account share their storage */
export function historyStorageContract(
  name: string,
  open: (account: string) => CallHistoryStorage,
  { describe, it }: Pick<Runner, 'describe' | 'it'>,
): void {
  describe(name, () => {
    it('is empty at first', async () => {
      same(await open('empty').load(), { entries: [], state: {} });
    });

    it('applies concurrent changes one after the other', async () => {
      const storage = open('concurrent');
      const all = ['a', 'b', 'c', 'd'];
      await Promise.all(all.map((callID) => storage.update(withDeletion(callID))));
      const { entries, state } = await storage.load();
      same(entries.map(({ callID }) => callID).sort(), all);
      same(state, { received: 4 });
    });
  });
}
