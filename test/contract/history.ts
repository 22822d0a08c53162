import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import type { History, HistoryLimits } from '../../server/history/history.js';
import { DEFAULT_LIMITS, MAX_HISTORY_PAGE } from '../../server/limits/limits.js';
import {
  KEEP_HISTORY_MS,
  MAX_HISTORY,
  type HistoryChange,
  type HistoryEntry,
} from '../../src/core/protocol/history.js';

/*
 * The contract of every store of call histories.
 */

const NOW = 1_800_000_000_000;

export const user = (userID: string) => ({ userID, userName: userID.toUpperCase() });

/** An entry of Bob: Alice has called. */
export function entryAt(
  at: number,
  callID: string,
  fields: Partial<HistoryEntry> = {},
): HistoryEntry {
  return {
    callID,
    direction: 'incoming',
    callType: 'voice',
    group: false,
    caller: user('alice'),
    callees: [user('bob')],
    at,
    outcome: 'timeout',
    ...fields,
  };
}

export const change = (part: Partial<HistoryChange>): HistoryChange => ({
  entries: [],
  deleted: [],
  ...part,
});

/** Reads all pages. */
export async function readAll(history: History, userID = 'bob', after = 0) {
  const entries = new Map<string, HistoryEntry>();
  const deleted: HistoryChange['deleted'] = [];
  let deletedUntil: number | undefined;
  let pages = 0;
  for (let more = true; more; pages++) {
    const page = await history.page(userID, after);
    for (const entry of page.entries) entries.set(entry.callID, entry);
    deleted.push(...page.deleted);
    deletedUntil = page.deletedUntil ?? deletedUntil;
    ({ more, changed: after } = page);
  }
  return { entries: [...entries.values()], deleted, deletedUntil, pages, changed: after };
}

/** @param open creates an empty store that uses this clock */
export function historyContract(
  name: string,
  open: (now: () => number, limits?: HistoryLimits) => Promise<History>,
): void {
  describe(`${name} as a History`, () => {
    let now = NOW;
    const create = (limits?: Partial<HistoryLimits>) => {
      now = NOW;
      return open(() => now, { ...DEFAULT_LIMITS, ...limits });
    };
    const calls = async (history: History, userID = 'bob') =>
      (await readAll(history, userID)).entries.map(({ callID }) => callID).sort();

    it('merges what devices state about one call, and returns what has changed', async () => {
      const history = await create();
      const missed = entryAt(NOW, 'c');
      const answered = entryAt(NOW + 5, 'c', { outcome: 'answered', answeredAt: NOW + 9_000 });
      const ended = { ...answered, durationMs: 61_000 };
      assert.deepEqual(
        await history.apply('bob', change({ entries: [missed] })),
        change({ entries: [missed] }),
      );
      const merged = { ...answered, at: NOW, durationMs: 61_000 };
      assert.deepEqual(
        await history.apply('bob', change({ entries: [ended] })),
        change({ entries: [merged] }),
      );
      for (const late of [missed, answered, ended]) {
        assert.deepEqual(await history.apply('bob', change({ entries: [late] })), change({}));
      }
      assert.deepEqual(await history.find('bob', 'c'), merged);
      assert.deepEqual((await readAll(history)).entries, [merged]);
    });

    it('keeps users apart', async () => {
      const history = await create();
      await history.apply('bob', change({ entries: [entryAt(NOW, 'c')] }));
      await history.apply('bob:c', change({ entries: [entryAt(NOW, 'd')] }));
      await history.apply('alice', change({ deleted: [{ callID: 'c', at: NOW }] }));
      await history.apply('alice', change({ deletedUntil: NOW }));
      assert.deepEqual(await calls(history), ['c']);
      assert.deepEqual(await calls(history, 'bob:c'), ['d']);
      assert.deepEqual(await calls(history, 'alice'), []);
      assert.equal(await history.find('carol', 'c'), undefined);
      assert.equal(await history.changedAt('carol'), 0);
    });

    it('forgets a deleted call, and keeps it deleted when a device reports it late', async () => {
      const history = await create();
      await history.apply('bob', change({ entries: [entryAt(NOW, 'c'), entryAt(NOW, 'd')] }));
      const deletion = change({ deleted: [{ callID: 'c', at: NOW + 10 }] });
      assert.deepEqual(await history.apply('bob', deletion), deletion);
      assert.deepEqual(await history.apply('bob', deletion), change({}));
      const late = entryAt(NOW, 'c', { outcome: 'answered', durationMs: 5 });
      assert.deepEqual(await history.apply('bob', change({ entries: [late] })), change({}));
      assert.equal(await history.find('bob', 'c'), undefined);
      const { entries, deleted } = await readAll(history);
      assert.deepEqual(
        entries.map(({ callID }) => callID),
        ['d'],
      );
      assert.deepEqual(deleted, [{ callID: 'c', at: NOW + 10 }]);
    });

    it('deletes a call also before it is reported', async () => {
      const history = await create();
      await history.apply('bob', change({ deleted: [{ callID: 'c', at: NOW + 10 }] }));
      await history.apply('bob', change({ entries: [entryAt(NOW, 'c')] }));
      assert.deepEqual(await calls(history), []);
    });

    it('deletes all calls until a time, and no later one', async () => {
      const history = await create();
      const entries = [entryAt(NOW - 2, 'a'), entryAt(NOW, 'b'), entryAt(NOW + 1, 'c')];
      await history.apply('bob', change({ entries, deleted: [{ callID: 'x', at: NOW - 1 }] }));
      assert.deepEqual(
        await history.apply('bob', change({ deletedUntil: NOW })),
        change({ deletedUntil: NOW }),
      );
      assert.deepEqual(await history.apply('bob', change({ deletedUntil: NOW - 1 })), change({}));
      assert.deepEqual(await history.apply('bob', change({ entries })), change({}));
      assert.deepEqual(await calls(history), ['c']);
      const { deleted, deletedUntil } = await readAll(history);
      // The mark of a single deletion is not needed any more.
      assert.deepEqual([deleted, deletedUntil], [[], NOW]);
    });

    it('restores a deleted call, until it is deleted again', async () => {
      const history = await create();
      const entry = entryAt(NOW, 'c');
      await history.apply('bob', change({ entries: [entry] }));
      await history.apply('bob', change({ deleted: [{ callID: 'c', at: NOW + 10 }] }));
      const restored = { ...entry, restoredAt: NOW + 20 };
      await history.apply('bob', change({ entries: [restored] }));
      assert.deepEqual(await history.find('bob', 'c'), restored);
      await history.apply('bob', change({ deletedUntil: NOW + 15 }));
      assert.deepEqual(await calls(history), ['c']);
      await history.apply('bob', change({ deletedUntil: NOW + 30 }));
      assert.deepEqual(await calls(history), []);
      await history.apply('bob', change({ entries: [{ ...entry, restoredAt: NOW + 40 }] }));
      await history.apply('bob', change({ deleted: [{ callID: 'c', at: NOW + 50 }] }));
      await history.apply('bob', change({ entries: [restored] }));
      assert.deepEqual(await calls(history), []);
    });

    it('returns only later changes, in pages', async () => {
      const history = await create();
      const all = Array.from({ length: 2 * MAX_HISTORY_PAGE + 7 }, (_, index) => `c${index}`);
      for (const callID of all) {
        now += 1;
        await history.apply('bob', change({ entries: [entryAt(now, callID)] }));
      }
      const first = await readAll(history);
      assert.equal(first.pages, 3);
      assert.deepEqual(
        first.entries.map(({ callID }) => callID),
        all,
      );
      assert.equal(first.changed, await history.changedAt('bob'));
      assert.deepEqual((await readAll(history, 'bob', first.changed)).entries, []);
      // The clock was set back.
      now = NOW - 1_000;
      await history.apply(
        'bob',
        change({ entries: [entryAt(now, 'new')], deleted: [{ callID: 'c1', at: NOW }] }),
      );
      const later = await readAll(history, 'bob', first.changed);
      assert.deepEqual(
        later.entries.map(({ callID }) => callID),
        ['new'],
      );
      assert.deepEqual(later.deleted, [{ callID: 'c1', at: NOW }]);
    });

    it(`keeps ${MAX_HISTORY} entries of a user, the newest`, async () => {
      const history = await create();
      const all = Array.from({ length: MAX_HISTORY + 5 }, (_, index) => `c${index}`);
      for (const [index, callID] of all.entries()) {
        await history.apply('bob', change({ entries: [entryAt(NOW + index, callID)] }));
      }
      assert.deepEqual(await calls(history), all.slice(5).sort());
    });

    it('keeps nothing longer than 30 days', async () => {
      const history = await create();
      await history.apply(
        'bob',
        change({ entries: [entryAt(NOW, 'old'), entryAt(NOW + 5, 'new')] }),
      );
      await history.apply('bob', change({ deleted: [{ callID: 'x', at: NOW }] }));
      await history.apply('carol', change({ entries: [entryAt(NOW, 'c')], deletedUntil: NOW - 1 }));
      now = NOW + KEEP_HISTORY_MS;
      assert.deepEqual(await calls(history), ['new']);
      assert.deepEqual((await readAll(history)).deleted, []);
      assert.deepEqual(
        await history.apply('bob', change({ entries: [entryAt(NOW, 'late')] })),
        change({}),
      );
      await history.expire();
      assert.equal(await history.find('carol', 'c'), undefined);
      assert.equal(await history.changedAt('carol'), 0);
    });

    it('removes the oldest entries of a user who stores too many bytes', async () => {
      const history = await create({ historyBytes: 10_000 });
      const callees = Array.from({ length: 20 }, (_, index) => user(`user-${index}`));
      for (let index = 0; index < 20; index++) {
        await history.apply(
          'bob',
          change({ entries: [entryAt(NOW + index, `c${index}`, { callees })] }),
        );
      }
      const left = await calls(history);
      assert.ok(left.length > 2 && left.length < 12, String(left.length));
      assert.ok(left.includes('c19'));
      assert.ok(!left.includes('c0'));
    });

    it('removes the oldest entries of the largest history if all together are too large', async () => {
      const history = await create({ historyStoreBytes: 20_000 });
      await history.apply('bob', change({ entries: [entryAt(NOW - 1, 'small')] }));
      for (let index = 0; index < 100; index++) {
        await history.apply('mallory', change({ entries: [entryAt(NOW + index, `c${index}`)] }));
      }
      assert.deepEqual(await calls(history), ['small']);
      const left = await calls(history, 'mallory');
      assert.ok(left.includes('c99') && !left.includes('c0'), left.join());
    });

    it('bounds the times that a device with a wrong clock states', async () => {
      const history = await create();
      await history.apply('bob', change({ deletedUntil: NOW * 2 }));
      const at = NOW + 3_600_000;
      now = at;
      await history.apply('bob', change({ entries: [entryAt(at, 'later')] }));
      assert.deepEqual(await calls(history), ['later']);
    });

    it('reaches the same state in any order, and when changes are repeated', async () => {
      const statement = fc.oneof(
        fc.record({
          entry: fc.record({
            callID: fc.constantFrom('a', 'b'),
            outcome: fc.constantFrom('answered' as const, 'declined' as const, 'timeout' as const),
            durationMs: fc.integer({ min: 0, max: 3 }),
          }),
        }),
        fc.record({
          // A call is deleted after it was placed.
          deleted: fc.record({
            callID: fc.constantFrom('a', 'b'),
            at: fc.integer({ min: NOW + 2, max: NOW + 5 }),
          }),
        }),
        fc.record({ deletedUntil: fc.integer({ min: NOW - 1, max: NOW + 3 }) }),
      );
      // All devices state about the same time for a call.
      const placedAt = (callID: string) => (callID === 'a' ? NOW : NOW + 2);
      const toChange = (one: typeof statement extends fc.Arbitrary<infer T> ? T : never) =>
        'entry' in one
          ? change({ entries: [entryAt(placedAt(one.entry.callID), one.entry.callID, one.entry)] })
          : 'deleted' in one
            ? change({ deleted: [one.deleted] })
            : change({ deletedUntil: one.deletedUntil });
      await fc.assert(
        fc.asyncProperty(
          fc
            .array(statement, { maxLength: 8 })
            .chain((all) =>
              fc.tuple(
                fc.constant(all),
                fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
              ),
            ),
          async ([all, shuffled]) => {
            const [first, second] = [await create(), await create()];
            for (const one of all) await first.apply('bob', toChange(one));
            for (const one of shuffled) await second.apply('bob', toChange(one));
            const state = async (history: History) =>
              (await readAll(history)).entries.sort((x, y) => (x.callID < y.callID ? -1 : 1));
            assert.deepEqual(await state(first), await state(second));
          },
        ),
        { numRuns: 40 },
      );
    });
  });
}
