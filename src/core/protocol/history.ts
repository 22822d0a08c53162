import { boolean, callID, callType, callUser, number, time } from './fields.js';
import { MAX_CALLS, MAX_MEMBERS } from './limits.js';
import { check, list, object, oneOf, optional, withDefault, type Shaped } from './shapes.js';

/*
 * The call history of a user: one entry for each call. Devices send changes to the server and to the other devices of
 * their user (message `history`), and read what they have not received with the request `history`.
 */

/** Name of the request with which a device reads the history from the server. */
export const HISTORY_REQUEST = 'history';
/** Most entries of one user, and how long an entry is kept after the call was placed, in ms (30 days). */
export const MAX_HISTORY = 200;
export const KEEP_HISTORY_MS = 30 * 24 * 3_600_000;
/** Longest duration of a call, in ms. */
const MAX_DURATION_MS = KEEP_HISTORY_MS;

/** What became of a call for this user, from the most certain to the least: the merge keeps the one named first. */
export const OUTCOMES = [
  'answered',
  'failed',
  'declined',
  'busy',
  'canceled',
  'timeout',
  'unreachable',
  'unsupported',
] as const;
export type HistoryOutcome = (typeof OUTCOMES)[number];

/** Times are the server's, in ms since the epoch. */
const historyEntry = object({
  callID,
  direction: oneOf('outgoing', 'incoming'),
  callType,
  group: boolean,
  caller: callUser,
  /** All invited users, without the caller. */
  callees: withDefault(list(callUser, MAX_MEMBERS), []),
  /** When the call was placed or, on a device of a callee, when it arrived. */
  at: time,
  outcome: oneOf(...OUTCOMES),
  /** When this user came into the call. */
  answeredAt: optional(time),
  /** How long this user was in the call, in ms. Absent while the call is running, and if its end is not known. */
  durationMs: optional(number(0, MAX_DURATION_MS)),
  /** When the user has restored the entry after it had been deleted. */
  restoredAt: optional(time),
});
export type HistoryEntry = Shaped<typeof historyEntry>;

const deletion = object({
  callID,
  /** When the user deleted the entry. */
  at: time,
});
/** Remains of a deleted entry, so that a late report of the call does not bring it back. */
export type HistoryDeletion = Shaped<typeof deletion>;

/** The fields of a change. */
export const historyChange = {
  entries: withDefault(list(historyEntry, MAX_CALLS), []),
  deleted: withDefault(list(deletion, MAX_CALLS), []),
  /** All calls that were placed until this time are deleted. */
  deletedUntil: optional(time),
};
const query = object({
  /** `changed` of the last page that the device has received; 0 if none. */
  after: time,
});
const page = object({
  ...historyChange,
  /** When the last of these changes was stored. */
  changed: time,
  /** Whether there are later changes. */
  more: boolean,
});
/** The server's response to the request `history`: changes in the order in which they were stored. */
export type HistoryPage = Shaped<typeof page>;
/** A part of a history, to be merged with what the receiver has. */
export type HistoryChange = Pick<HistoryPage, 'entries' | 'deleted' | 'deletedUntil'>;

export const parseHistoryQuery = (input: unknown) => check(query, input);
export const parseHistoryPage = (input: unknown): HistoryPage | undefined => check(page, input);
