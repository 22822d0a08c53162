import type {
  MissedCallStorage,
  StoredMissedCall,
} from '../../src/core/ports/missed-call-storage.js';
import type { Runner } from './signal-transport.js';

/*
 * What every adapter of the port `MissedCallStorage` must do, under node:test and in browsers.
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

/** @param open a page's storage; pages of the same account share it */
export function missedCallStorageContract(
  name: string,
  open: (account: string) => MissedCallStorage,
  { describe, it }: Pick<Runner, 'describe' | 'it'>,
): void {
  const kept = async (storage: MissedCallStorage): Promise<string[]> =>
    (await storage.load()).map(({ callID, seen }) => `${callID}${seen ? ' seen' : ''}`).sort();

  describe(name, () => {
    it('keeps missed calls, of each the latest round', async () => {
      const storage = open('rounds');
      await Promise.all([storage.add(record('a')), storage.add(record('b'))]);
      await storage.add(record('a', { round: 2, seen: true }));
      await storage.add(record('a'));
      same(await kept(storage), ['a seen', 'b']);
    });

    it('lets one be first to show a missed call, for each of its rounds', async () => {
      const storage = open('claims');
      const first = await Promise.all([1, 2, 3].map(() => storage.claim('a', 1)));
      same(first.filter(Boolean).length, 1);
      same(await storage.claim('a', 2), true);
      same(await storage.claim('a', 1), false);
      same(await storage.claim('b', 1), true);
    });

    it('puts records in the place of others, and removes them', async () => {
      const storage = open('changes');
      await storage.add(record('a'));
      await storage.add(record('b'));
      await storage.put([record('a', { seen: true, dismissed: true }), record('c')]);
      same(await kept(storage), ['a seen', 'b', 'c']);
      const [first] = (await storage.load()).filter(({ callID }) => callID === 'a');
      same(first?.dismissed, true);
      await storage.remove(['a', 'c', 'unknown']);
      same(await kept(storage), ['b']);
    });

    it('starts with nothing', async () => {
      const storage = open('new');
      same(await storage.load(), []);
      same(await storage.takeClick(), undefined);
      same(await storage.hasPush(), false);
    });

    it('knows whether this browser is to be reached by Web Push', async () => {
      const storage = open('push');
      await storage.setPush(true);
      same(await storage.hasPush(), true);
      await storage.setPush(false);
      same(await storage.hasPush(), false);
    });
  });
}
