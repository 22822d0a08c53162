import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { createFakeClock, type FakeClock } from '../../../test/support/fake-clock.js';
import type {
  CallHistory,
  CallHistoryEntry,
  CallHistoryHost,
  CallHistoryState,
  CallHistoryStorage,
} from '../ports/call-history.js';
import type { SendOutcome } from '../ports/signal-transport.js';
import {
  KEEP_HISTORY_MS,
  MAX_HISTORY,
  type HistoryEntry,
  type HistoryPage,
} from '../protocol/history.js';
import type { MessageOf } from '../protocol/messages.js';
import { createMemoryHistoryStorage } from '../storage/history-storage.js';
import { createCallHistory } from './history-manager.js';

/* The exchange with a server, which a fake transport stands for. */

const DONE: SendOutcome = { type: 'acknowledged', reached: [] };
const bob = { userID: 'bob', userName: 'Bob' };

let clock: FakeClock;
let storage: CallHistoryStorage;
let outcome: SendOutcome;
let sent: MessageOf<'history'>[];
let asked: unknown[];
let pages: (Partial<HistoryPage> | undefined)[];
let offset: number;
let shown: readonly CallHistoryEntry[];
let state: CallHistoryState;

beforeEach(() => {
  clock = createFakeClock();
  storage = createMemoryHistoryStorage();
  outcome = DONE;
  [sent, asked, pages, shown] = [[], [], [], []];
  offset = 0;
});

const entryAt = (ago: number, callID: string, more: Partial<HistoryEntry> = {}): HistoryEntry => ({
  ...{ callID, direction: 'incoming', callType: 'voice', group: false },
  ...{ caller: { userID: 'alice', userName: 'Alice' }, callees: [bob] },
  ...{ at: clock.now() - ago, outcome: 'timeout', ...more },
});

const open = (): Promise<CallHistory> => {
  const host: CallHistoryHost = {
    ...{ user: bob, deviceID: 'bob-1', elapsedMs: () => undefined, isEnabled: () => true },
    transport: {
      send: async (message) => {
        sent.push(message as MessageOf<'history'>);
        return outcome;
      },
      ask: async (question, value) => {
        asked.push([question, value]);
        const page = pages.shift();
        return page && { entries: [], deleted: [], changed: 1, more: false, ...page };
      },
    },
    serverTime: {
      now: () => clock.now(),
      get offset() {
        return offset;
      },
    },
    show: (entries, now) => {
      [shown, state] = [entries, now];
    },
  };
  return createCallHistory(host, { storage, clock });
};
const calls = () => shown.map(({ callID }) => callID);
const report = (history: CallHistory, entry: HistoryEntry) =>
  history.handle({
    type: 'missed',
    missed: {
      ...{ ...entry, customData: '', reason: 'timeout', round: 1, resourceID: undefined },
    },
  });

describe('createCallHistory', () => {
  it('reads what it has not received, page by page, and only once', async () => {
    const history = await open();
    assert.equal(state, 'loading');
    pages = [
      { entries: [entryAt(3, 'a')], changed: 10, more: true },
      { entries: [entryAt(1, 'b')], deleted: [{ callID: 'a', at: clock.now() }], changed: 20 },
    ];
    history.handle({ type: 'synced', changedAt: 20 });
    await clock.settle();
    assert.deepEqual(asked, [
      ['history', { after: 0 }],
      ['history', { after: 10 }],
    ]);
    assert.deepEqual([calls(), state], [['b'], 'ready']);
    history.handle({ type: 'synced', changedAt: 20 });
    await clock.settle();
    assert.equal(asked.length, 2);
    history.stop();
    const again = await open();
    again.handle({ type: 'synced', changedAt: 20 });
    await clock.settle();
    assert.deepEqual([asked.length, calls(), state], [2, ['b'], 'ready']);
  });

  it('shows what it has while the server fails, and reads the rest on demand', async () => {
    const history = await open();
    report(history, entryAt(1, 'own'));
    history.handle({ type: 'synced', changedAt: 5 });
    await clock.settle();
    assert.deepEqual([calls(), state], [['own'], 'failed']);
    pages = [{ entries: [entryAt(5, 'a')], changed: 5 }];
    assert.equal(await history.reload(), true);
    assert.deepEqual([calls(), state], [['own', 'a'], 'ready']);
  });

  it('does not read indefinitely from a server that makes no progress', async () => {
    const history = await open();
    pages = Array.from({ length: 9 }, () => ({ changed: 0, more: true }));
    history.handle({ type: 'synced', changedAt: 5 });
    await clock.settle();
    assert.equal(asked.length, 1);
  });

  it('sends what has changed until the server has stored it', async () => {
    const history = await open();
    report(history, entryAt(2, 'early'));
    await clock.settle();
    assert.equal(sent.length, 0);
    outcome = { type: 'refused', code: 'unavailable' };
    history.handle({ type: 'synced', changedAt: 0 });
    await clock.settle();
    assert.equal(sent.length, 1);
    history.stop();
    // The next page of this browser.
    const next = await open();
    outcome = DONE;
    next.handle({ type: 'synced', changedAt: 0 });
    report(next, entryAt(1, 'late'));
    await clock.settle();
    const [, all, ...others] = sent;
    assert.deepEqual(all?.entries.map(({ callID }) => callID).sort(), ['early', 'late']);
    assert.deepEqual(others, []);
    assert.deepEqual([all?.to, all?.type], [['bob'], 'history']);
    next.handle({ type: 'synced', changedAt: 0 });
    await clock.settle();
    assert.equal(sent.length, 2);
  });

  it('sends again what has changed while it was being sent', async () => {
    const history = await open();
    history.handle({ type: 'synced', changedAt: 0 });
    report(history, entryAt(2, 'c'));
    await Promise.resolve();
    history.handle({ type: 'unmissed', callID: 'c' });
    await clock.settle();
    assert.deepEqual(
      sent.flatMap(({ entries }) => entries.map((entry) => entry.outcome)).at(-1),
      'answered',
    );
  });

  it('sends many calls in several messages', async () => {
    const history = await open();
    for (let index = 0; index < 120; index++) report(history, entryAt(index, `c${index}`));
    history.handle({ type: 'synced', changedAt: 0 });
    await clock.settle();
    const all = sent.flatMap(({ entries }) => entries.map(({ callID }) => callID));
    assert.equal(new Set(all).size, 120);
    assert.equal(all.length, 120);
    assert.ok(sent.length >= 3);
  });

  it('does not repeat what the server rejects as invalid', async () => {
    const history = await open();
    outcome = { type: 'refused', code: 'invalid-argument' };
    history.handle({ type: 'synced', changedAt: 0 });
    report(history, entryAt(2, 'c'));
    await clock.settle();
    history.handle({ type: 'synced', changedAt: 0 });
    await clock.settle();
    assert.equal(sent.length, 1);
  });

  it('applies a change of another device without sending it again', async () => {
    const history = await open();
    history.handle({ type: 'synced', changedAt: 0 });
    const change = { entries: [entryAt(2, 'a'), entryAt(1, 'b')], deleted: [] };
    history.handle({ type: 'history', change });
    history.handle({
      type: 'history',
      change: { entries: [], deleted: [{ callID: 'a', at: clock.now() }] },
    });
    await clock.settle();
    assert.deepEqual([calls(), sent], [['b'], []]);
  });

  it('keeps the calls in the browser with a server that knows no history', async () => {
    const history = await open();
    history.handle({ type: 'synced', changedAt: undefined });
    report(history, entryAt(1, 'c'));
    await clock.settle();
    assert.deepEqual([sent, asked, calls(), state], [[], [], ['c'], 'ready']);
    history.stop();
    await open();
    assert.deepEqual(calls(), ['c']);
  });

  it('keeps nothing with a server that keeps no history, until it does again', async () => {
    const history = await open();
    report(history, entryAt(1, 'c'));
    history.handle({ type: 'synced', changedAt: false });
    report(history, entryAt(1, 'd'));
    await clock.settle();
    assert.deepEqual([sent, calls(), state], [[], [], 'off']);
    assert.deepEqual((await storage.load()).entries, []);
    history.handle({ type: 'synced', changedAt: 0 });
    report(history, entryAt(1, 'e'));
    assert.deepEqual([calls(), state], [['e'], 'ready']);
  });

  it(`keeps ${MAX_HISTORY} calls, for 30 days`, async () => {
    const history = await open();
    for (let index = 0; index < MAX_HISTORY + 3; index++)
      report(history, entryAt(index, `c${index}`));
    assert.equal(shown.length, MAX_HISTORY);
    assert.ok(!calls().includes(`c${MAX_HISTORY}`));
    await clock.advance(KEEP_HISTORY_MS - 60_000);
    assert.equal(shown.length, MAX_HISTORY);
    await clock.advance(120_000);
    assert.equal(shown.length, 0);
    assert.deepEqual((await storage.load()).entries, []);
  });

  it('shows times by the time of day of this device', async () => {
    const history = await open();
    report(history, entryAt(0, 'c'));
    const at = clock.now();
    assert.equal(shown[0]?.at, at);
    offset = 3_600_000;
    history.handle({ type: 'time-measured' });
    assert.equal(shown[0]?.at, at + 3_600_000);
  });

  it('can restore only what was deleted in the last ten minutes', async () => {
    const history = await open();
    report(history, entryAt(1, 'c'));
    await history.delete(['c']);
    await clock.advance(599_999);
    assert.equal(await history.restore(['c']), true);
    await history.delete(['c']);
    await clock.advance(600_000);
    assert.equal(await history.restore(['c']), false);
    assert.deepEqual(calls(), []);
  });

  it('sends the deletion of all calls, and what was restored', async () => {
    const history = await open();
    history.handle({ type: 'synced', changedAt: 0 });
    report(history, entryAt(1, 'c'));
    await clock.settle();
    await history.delete();
    await clock.settle();
    assert.equal(sent.at(-1)?.deletedUntil, clock.now());
    await history.restore(['c']);
    await clock.settle();
    const [restored] = sent.at(-1)?.entries ?? [];
    assert.deepEqual([restored?.callID, (restored?.restoredAt ?? 0) > clock.now()], ['c', true]);
    assert.deepEqual(calls(), ['c']);
  });
});
