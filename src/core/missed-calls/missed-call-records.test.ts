import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MissedCallEntry, MissedCallRecord } from '../ports/missed-calls.js';
import { createMemoryStorage } from '../storage/memory-storage.js';
import { MissedCallRecords } from './missed-call-records.js';

const missed = (callID: string, at: number, round = 1): MissedCallRecord => ({
  ...{ callID, at, round, callType: 'voice', callees: [], customData: '', reason: 'timeout' },
  ...{ caller: { userID: 'alice', userName: 'Alice' }, seen: false, group: false },
  resourceID: undefined,
});

async function createRecords() {
  const storage = createMemoryStorage();
  let shown: readonly MissedCallEntry[] = [];
  const records = new MissedCallRecords(
    storage,
    { now: () => 1_000, offset: 0 },
    (entries) => (shown = entries),
  );
  await records.load();
  return { records, storage, shown: () => shown.map(({ callID }) => callID) };
}

test('entries are sorted newest first, regardless of the order in which they were added', async () => {
  const { records, shown } = await createRecords();
  records.add(missed('b', 2));
  records.add(missed('a', 3));
  records.add(missed('c', 1));
  assert.deepEqual(shown(), ['a', 'b', 'c']);
});

test('a dismissed call does not reappear, unless it is missed again in another round', async () => {
  const { records, shown } = await createRecords();
  assert.equal(records.add(missed('a', 1)), true);
  assert.deepEqual(records.markHandled(['a', 'unknown'], true, true), ['a']);
  assert.equal(records.add(missed('a', 1)), false);
  assert.deepEqual(shown(), []);
  assert.equal(records.find('a'), undefined);
  assert.equal(records.add(missed('a', 2, 2)), true);
  assert.deepEqual(shown(), ['a']);
});

test('handled calls stay unreported until the other devices have been notified', async () => {
  const { records, storage } = await createRecords();
  for (const callID of ['a', 'b', 'c']) records.add(missed(callID, 1));
  records.markHandled(['a'], false, true);
  records.markHandled(['b'], true, true);
  records.markHandled(['c'], false, false);
  assert.deepEqual(records.unreported(false), ['a']);
  assert.deepEqual(records.unreported(true), ['b']);
  const next = new MissedCallRecords(storage, { now: () => 1_000, offset: 0 }, () => {});
  await next.load();
  assert.deepEqual(next.unreported(false), ['a']);
  next.markReported(['a', 'unknown']);
  assert.deepEqual(next.unreported(false), []);
  // A call that was seen can still be dismissed.
  assert.deepEqual(next.markHandled(['a'], false, true), []);
  assert.deepEqual(next.markHandled(['a'], true, true), ['a']);
});
