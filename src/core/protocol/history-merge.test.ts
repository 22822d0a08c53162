import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { OUTCOMES, parseHistoryPage, type HistoryEntry } from './history.js';
import { boundedChange, isDeleted, mergeEntries, normalEntry } from './history-merge.js';

const user = fc.record({
  userID: fc.constantFrom('alice', 'bob', 'carol'),
  userName: fc.constantFrom('alice', 'bob', 'Alice', 'Al', 'Bob'),
});
const time = fc.integer({ min: 0, max: 5 });
const entry: fc.Arbitrary<HistoryEntry> = fc.record(
  {
    callID: fc.constant('c'),
    direction: fc.constantFrom('outgoing' as const, 'incoming' as const),
    callType: fc.constantFrom('voice' as const, 'video' as const),
    group: fc.boolean(),
    caller: user,
    callees: fc.array(user, { maxLength: 4 }),
    at: time,
    outcome: fc.constantFrom(...OUTCOMES),
    answeredAt: time,
    durationMs: time,
    restoredAt: time,
  },
  {
    requiredKeys: [
      'callID',
      'direction',
      'callType',
      'group',
      'caller',
      'callees',
      'at',
      'outcome',
    ],
  },
);
const text = (value: HistoryEntry) => JSON.stringify(value);

describe('mergeEntries', () => {
  it('is commutative, associative and idempotent, also as JSON', () => {
    fc.assert(
      fc.property(entry, entry, entry, (a, b, c) => {
        assert.equal(text(mergeEntries(a, b)), text(mergeEntries(b, a)));
        assert.equal(
          text(mergeEntries(mergeEntries(a, b), c)),
          text(mergeEntries(a, mergeEntries(b, c))),
        );
        const merged = mergeEntries(a, b);
        assert.equal(text(mergeEntries(merged, a)), text(merged));
        assert.equal(text(normalEntry(merged)), text(merged));
      }),
    );
  });

  it('completes a call: a missed call that was answered elsewhere, and its duration', () => {
    const missed = {
      ...{ callID: 'c', direction: 'incoming' as const, callType: 'voice' as const, group: false },
      caller: { userID: 'alice', userName: 'alice' },
      ...{ callees: [{ userID: 'bob', userName: 'Bob' }], at: 10, outcome: 'timeout' as const },
    };
    const answered = {
      ...missed,
      caller: { userID: 'alice', userName: 'Alice' },
      ...{ at: 12, outcome: 'answered' as const, answeredAt: 15, durationMs: 7 },
    };
    assert.deepEqual(mergeEntries(missed, answered), { ...answered, at: 10 });
  });

  it('never loses a fact', () => {
    fc.assert(
      fc.property(entry, entry, (a, b) => {
        const merged = mergeEntries(a, b);
        assert.ok(merged.at <= a.at && merged.at <= b.at);
        assert.ok((merged.durationMs ?? -1) >= (a.durationMs ?? -1));
        assert.ok((merged.answeredAt ?? 9) <= (a.answeredAt ?? 9));
        assert.ok(OUTCOMES.indexOf(merged.outcome) <= OUTCOMES.indexOf(a.outcome));
        const ids = new Set(merged.callees.map(({ userID }) => userID));
        for (const { userID } of a.callees) assert.ok(ids.has(userID));
        assert.equal(ids.size, merged.callees.length);
      }),
    );
  });
});

describe('isDeleted', () => {
  it('compares the deletion with the time of the call, and with its restoration', () => {
    assert.equal(isDeleted({ at: 5 }, undefined, undefined), false);
    assert.equal(isDeleted({ at: 5 }, 1, undefined), true);
    assert.equal(isDeleted({ at: 5 }, undefined, 4), false);
    assert.equal(isDeleted({ at: 5 }, undefined, 5), true);
    assert.equal(isDeleted({ at: 5, restoredAt: 8 }, 7, 7), false);
    assert.equal(isDeleted({ at: 5, restoredAt: 8 }, 8, undefined), true);
    assert.equal(isDeleted({ at: 5, restoredAt: 8 }, undefined, 8), true);
  });
});

describe('boundedChange', () => {
  it('limits times in the far future, and keeps others', () => {
    const now = 1_000_000;
    const change = { entries: [], deleted: [{ callID: 'c', at: 5 }], deletedUntil: Infinity };
    assert.deepEqual(boundedChange(change, now), {
      ...change,
      deletedUntil: now + 300_000,
    });
  });
});

describe('parseHistoryPage', () => {
  it('rejects malformed pages, and strips unknown fields', () => {
    const page = { entries: [], deleted: [], changed: 5, more: false };
    assert.deepEqual(parseHistoryPage({ ...page, secret: 1 }), page);
    assert.equal(parseHistoryPage({ ...page, changed: '5' }), undefined);
    assert.equal(parseHistoryPage({ ...page, entries: [{ callID: 'c' }] }), undefined);
    assert.equal(parseHistoryPage({ error: { code: 'unavailable' } }), undefined);
    assert.equal(parseHistoryPage(undefined), undefined);
  });
});
