import type {
  CallHistoryEntry,
  StoredHistory,
  StoredHistoryEntry,
  StoredHistoryState,
} from '../ports/call-history.js';
import {
  MAX_HISTORY,
  type HistoryChange,
  type HistoryEntry,
  type HistoryOutcome,
} from '../protocol/history.js';
import { isDeleted, isExpired, mergeEntries, normalEntry } from '../protocol/history-merge.js';
import { oneOf } from '../protocol/one-of.js';

/*
 * The history of one user as a browser stores it. Pure functions, so that the same change can be applied to the page's
 * own copy and, in a transaction, to the copy that all pages of the browser share.
 */

/** Marks of deleted entries that are stored. */
const MAX_DELETIONS = 400;
const isUnanswered = oneOf<HistoryOutcome>(
  'canceled',
  'timeout',
  'busy',
  'unreachable',
  'unsupported',
);

export const EMPTY: StoredHistory = { entries: [], state: {} };

/** Applies a change. @returns the same object if nothing has changed. @param unsent whether this device has made it, so that the server has not received it yet */
export function applyChange(
  stored: StoredHistory,
  change: HistoryChange,
  { unsent, now }: { readonly unsent: boolean; readonly now: number },
): StoredHistory {
  const { entries, state } = stored;
  const changed = new Set<string>();
  const records = new Map(entries.map((record) => [record.callID, record]));
  const changeRecord = (callID: string, more: Partial<StoredHistoryEntry>): void => {
    const known = records.get(callID);
    const isUnsent = unsent || !!known?.unsent;
    changed.add(callID);
    records.set(callID, { ...known, callID, ...more, ...(isUnsent && { unsent: true }) });
  };
  for (const { callID, at } of change.deleted) {
    if ((records.get(callID)?.deletedAt ?? -1) < at) changeRecord(callID, { deletedAt: at });
  }
  for (const given of change.entries) {
    const known = records.get(given.callID)?.entry;
    const entry = known ? mergeEntries(known, given) : normalEntry(given);
    if (JSON.stringify(known) !== JSON.stringify(entry)) changeRecord(given.callID, { entry });
  }
  const { deletedUntil = -1 } = change;
  const isUntilNew = deletedUntil > (state.deletedUntil ?? -1);
  if (!changed.size && !isUntilNew) return stored;
  const next = isUntilNew ? { ...state, deletedUntil, deletedUntilUnsent: unsent } : state;
  return { entries: trimmed([...records.values()], next, now), state: next };
}

/** Removes what is deleted, too old or too many. */
export function trimmed(
  records: readonly StoredHistoryEntry[],
  { deletedUntil }: StoredHistoryState,
  now: number,
): readonly StoredHistoryEntry[] {
  const left = records.flatMap((record): StoredHistoryEntry[] => {
    const { entry, deletedAt, ...rest } = record;
    const hasEntry =
      entry && !isDeleted(entry, deletedAt, deletedUntil) && !isExpired(entry.at, now);
    const isMarked =
      deletedAt !== undefined && !isExpired(deletedAt, now) && deletedAt > (deletedUntil ?? -1);
    if (!hasEntry && !isMarked) return [];
    return [{ ...rest, ...(hasEntry && { entry }), ...(isMarked && { deletedAt }) }];
  });
  const newest = (time: (record: StoredHistoryEntry) => number | undefined, most: number) =>
    left
      .filter((record) => time(record) !== undefined)
      .sort((a, b) => (time(b) ?? 0) - (time(a) ?? 0))
      .slice(0, most);
  const kept = [
    ...newest(({ entry }) => entry?.at, MAX_HISTORY),
    ...newest(({ entry, deletedAt }) => (entry ? undefined : deletedAt), MAX_DELETIONS),
  ];
  return kept;
}

/** Whether an entry or a mark is too old. Much faster than `trimmed`, as nothing else changes with the time. */
export const hasExpired = (records: readonly StoredHistoryEntry[], now: number): boolean =>
  records.some(
    ({ entry, deletedAt }) =>
      (entry !== undefined && isExpired(entry.at, now)) ||
      (deletedAt !== undefined && isExpired(deletedAt, now)),
  );

/** What the server has not received yet. */
export function unsentIn({ entries, state }: StoredHistory): HistoryChange {
  const unsent = entries.filter((record) => record.unsent);
  return {
    entries: unsent.flatMap(({ entry }) => entry ?? []),
    deleted: unsent.flatMap(({ callID, deletedAt, entry }) =>
      deletedAt === undefined || entry ? [] : [{ callID, at: deletedAt }],
    ),
    ...(state.deletedUntilUnsent &&
      state.deletedUntil !== undefined && { deletedUntil: state.deletedUntil }),
  };
}

/** Marks a change as received by the server, except for what has changed since. */
export function markSent({ entries, state }: StoredHistory, sent: HistoryChange): StoredHistory {
  const sentEntries = new Map(sent.entries.map((entry) => [entry.callID, JSON.stringify(entry)]));
  const sentDeletions = new Map(sent.deleted.map(({ callID, at }) => [callID, at]));
  const isSent = ({ callID, entry, deletedAt }: StoredHistoryEntry): boolean =>
    entry
      ? sentEntries.get(callID) === JSON.stringify(entry)
      : sentDeletions.has(callID) && sentDeletions.get(callID) === deletedAt;
  return {
    entries: entries.map((record) => {
      if (!record.unsent || !isSent(record)) return record;
      const { unsent: _, ...rest } = record;
      return rest;
    }),
    state:
      sent.deletedUntil !== undefined && sent.deletedUntil === state.deletedUntil
        ? { ...state, deletedUntilUnsent: false }
        : state,
  };
}

/**
 * The entry that pages see.
 * @param offset time of day of this device minus the server's time, in ms
 */
export function toPageEntry(entry: HistoryEntry, offset: number): CallHistoryEntry {
  const { restoredAt: _, at, answeredAt, ...rest } = entry;
  return {
    ...rest,
    at: at + offset,
    missed: entry.direction === 'incoming' && isUnanswered(entry.outcome),
    ...(answeredAt !== undefined && { answeredAt: answeredAt + offset }),
  };
}

/** The entries that pages see, newest first. */
export function toPageEntries({ entries }: StoredHistory, offset: number): CallHistoryEntry[] {
  return entries
    .flatMap(({ entry }) => (entry ? [toPageEntry(entry, offset)] : []))
    .sort((a, b) => b.at - a.at);
}
