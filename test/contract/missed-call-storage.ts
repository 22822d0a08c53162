import type {
  MissedCallStorage,
  StoredMissedCall,
} from '../../src/core/ports/missed-call-storage.js';
import type { Runner } from './signal-transport.js';

/*
 * The contract of every adapter of the port `MissedCallStorage`, under node:test and in browsers.
 */

const record = (callID: string, more: Partial<StoredMissedCall> = {}): StoredMissedCall => ({
  ...{ callID, callType: 'voice', callees: [], customData: '', at: 1, reason: 'timeout' },
  ...{ caller: { userID: 'alice', userName: 'Alice' }, seen: false, group: false, round: 1 },
  resourceID: undefined,
  ...more,
});

function same(actual: unknown, expected: unknown): void {
  const [was, wished] = [actual, expected].map((value) => JSON.stringify(value));
  if (was !== wished) throw new Error(`${was} is not ${wished}`);
}

/** @param open opens the storage of a page. Pages of the same account share their storage */
export function missedCallStorageContract(
  name: string,
  open: (account: string) => MissedCallStorage,
  { describe, it }: Pick<Runner, 'describe' | 'it'>,
): void {
  const stored = async (storage: MissedCallStorage): Promise<string[]> =>
    (await storage.load()).map(({ callID, seen }) => `${callID}${seen ? ' seen' : ''}`).sort();

  describe(name, () => {
    it('stores missed calls, of each one the latest round', async () => {
      const storage = open('rounds');
      await Promise.all([storage.add(record('a')), storage.add(record('b'))]);
      await storage.add(record('a', { round: 2, seen: true }));
      await storage.add(record('a'));
      same(await stored(storage), ['a seen', 'b']);
    });

    it('lets one page claim each round of a missed call', async () => {
      const storage = open('claims');
      const first = await Promise.all([1, 2, 3].map(() => storage.claim('a', 1)));
      same(first.filter(Boolean).length, 1);
      same(await storage.claim('a', 2), true);
      same(await storage.claim('a', 1), false);
      same(await storage.claim('b', 1), true);
    });

    it('replaces and removes records', async () => {
      const storage = open('changes');
      await storage.add(record('a'));
      await storage.add(record('b'));
      await storage.put([record('a', { seen: true, dismissed: true }), record('c')]);
      same(await stored(storage), ['a seen', 'b', 'c']);
      const [first] = (await storage.load()).filter(({ callID }) => callID === 'a');
      same(first?.dismissed, true);
      await storage.remove(['a', 'c', 'unknown']);
      same(await stored(storage), ['b']);
    });

    it('is empty at first', async () => {
      const storage = open('new');
      same(await storage.load(), []);
      same(await storage.takeClick(), undefined);
      same(await storage.hasPush(), false);
    });

    it('stores whether this browser has a push subscription', async () => {
      const storage = open('push');
      await storage.setPush(true);
      same(await storage.hasPush(), true);
      await storage.setPush(false);
      same(await storage.hasPush(), false);
    });
  });
}
