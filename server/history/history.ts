import type { HistoryChange, HistoryEntry, HistoryPage } from '../../src/core/protocol/history.js';

/**
 * The server's store of the calls of each user: at most 200 entries, for 30 days. It merges statements about a call, so
 * repeated and reordered changes do no harm. Of a deleted entry only the callID and the time of the deletion are stored,
 * so that a late statement does not bring it back. Each method resolves when its changes are stored; while the store is
 * unavailable, methods reject with `UnavailableError`, and the device sends its change again later.
 */
export interface History {
  /**
   * Merges a change into the history of a user.
   * @returns the part of it that has changed something, in its merged form
   */
  apply(userID: string, change: HistoryChange): Promise<HistoryChange>;
  /** An entry; undefined if there is none, or it was deleted. */
  find(userID: string, callID: string): Promise<HistoryEntry | undefined>;
  /** Up to `MAX_HISTORY_PAGE` changes that were stored later than `after` (ms since the epoch), in this order. */
  page(userID: string, after: number): Promise<HistoryPage>;
  /** When the history of a user was changed last, in ms since the epoch; 0 if it is empty. Increases with each change. */
  changedAt(userID: string): Promise<number>;
  /** Removes expired entries of all users. */
  expire(): Promise<void>;
}

/** Limits on the memory of histories, in bytes. */
export interface HistoryLimits {
  /** The history of one user. */
  readonly historyBytes: number;
  /** All histories together. */
  readonly historyStoreBytes: number;
}
