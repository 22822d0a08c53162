import { KEEP_HISTORY_MS, OUTCOMES, type HistoryChange, type HistoryEntry } from './history.js';
import { MAX_MEMBERS } from './limits.js';
import type { CallUser } from './vocabulary.js';

/*
 * The merge of two statements about one call. It is associative, commutative and idempotent, so devices, tabs and the
 * server reach the same entry in whichever order and however often they receive the statements.
 */

/** Of two statements about the same user, keeps the one with a name; of two names, always the same one. */
function mergeUsers(a: CallUser, b: CallUser): CallUser {
  if (a.userID !== b.userID) return a.userID < b.userID ? a : b;
  const isNamed = ({ userID, userName }: CallUser) => userName !== userID;
  if (isNamed(a) !== isNamed(b)) return isNamed(a) ? a : b;
  return a.userName <= b.userName ? a : b;
}

/** The users in the order of their IDs. */
function mergeLists(a: readonly CallUser[], b: readonly CallUser[]): CallUser[] {
  const users = new Map<string, CallUser>();
  for (const user of [...a, ...b]) {
    const known = users.get(user.userID);
    users.set(user.userID, known ? mergeUsers(known, user) : user);
  }
  const ordered = [...users.values()].sort((x, y) => (x.userID < y.userID ? -1 : 1));
  return ordered.slice(0, MAX_MEMBERS);
}

type Optional = 'answeredAt' | 'durationMs' | 'restoredAt';

function pick<K extends Optional>(
  key: K,
  a: HistoryEntry,
  b: HistoryEntry,
  choose: (x: number, y: number) => number,
): Partial<Record<K, number>> {
  const [x, y] = [a[key], b[key]];
  const value = x === undefined ? y : y === undefined ? x : choose(x, y);
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, number>>);
}

/** Merges two statements about the same call. */
export function mergeEntries(a: HistoryEntry, b: HistoryEntry): HistoryEntry {
  const outcome = Math.min(OUTCOMES.indexOf(a.outcome), OUTCOMES.indexOf(b.outcome));
  const isOutgoing = a.direction === 'outgoing' || b.direction === 'outgoing';
  const isVideo = a.callType === 'video' || b.callType === 'video';
  return {
    callID: a.callID,
    direction: isOutgoing ? 'outgoing' : 'incoming',
    callType: isVideo ? 'video' : 'voice',
    group: a.group || b.group,
    caller: mergeUsers(a.caller, b.caller),
    callees: mergeLists(a.callees, b.callees),
    at: Math.min(a.at, b.at),
    outcome: OUTCOMES[outcome] ?? 'answered',
    ...pick('answeredAt', a, b, Math.min),
    ...pick('durationMs', a, b, Math.max),
    ...pick('restoredAt', a, b, Math.max),
  };
}

/** An entry in the form that the merge returns, so that equal entries have equal JSON. */
export const normalEntry = (entry: HistoryEntry): HistoryEntry => mergeEntries(entry, entry);

/**
 * Whether the user has deleted an entry and has not restored it since.
 * @param deletedAt when the entry itself was deleted
 * @param deletedUntil all calls that were placed until this time were deleted
 */
export function isDeleted(
  { at, restoredAt = -1 }: Pick<HistoryEntry, 'at' | 'restoredAt'>,
  deletedAt: number | undefined,
  deletedUntil: number | undefined,
): boolean {
  if (deletedAt !== undefined && deletedAt >= restoredAt) return true;
  return deletedUntil !== undefined && deletedUntil >= at && deletedUntil >= restoredAt;
}

/** Whether an entry, or the mark of a deletion, is too old to be kept. */
export const isExpired = (at: number, now: number): boolean => at <= now - KEEP_HISTORY_MS;

/** Whether a change changes nothing. */
export const isEmptyChange = ({ entries, deleted, deletedUntil }: HistoryChange): boolean =>
  entries.length === 0 && deleted.length === 0 && deletedUntil === undefined;

/** How far ahead of its own clock a receiver accepts times of a change, in ms. */
const MAX_AHEAD_MS = 300_000;

/** The change with no time in the far future, which a device with a wrong clock may have stated. */
export function boundedChange(change: HistoryChange, now: number): HistoryChange {
  const most = now + MAX_AHEAD_MS;
  const bounded = (value: number) => Math.min(value, most);
  const optional = <K extends string>(key: K, value: number | undefined) =>
    (value === undefined ? {} : { [key]: bounded(value) }) as Partial<Record<K, number>>;
  return {
    entries: change.entries.map((entry) => ({
      ...entry,
      at: bounded(entry.at),
      ...optional('answeredAt', entry.answeredAt),
      ...optional('restoredAt', entry.restoredAt),
    })),
    deleted: change.deleted.map(({ callID, at }) => ({ callID, at: bounded(at) })),
    ...optional('deletedUntil', change.deletedUntil),
  };
}
