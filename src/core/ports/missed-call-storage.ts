import type { MissedCallRecord } from './missed-calls.js';
import type { NoticeClick } from './notifier.js';

/** A record as it lies in the storage. */
export interface StoredMissedCall extends MissedCallRecord {
  /** Forgotten by the user: kept so that it does not come back. */
  readonly dismissed?: boolean;
  /** That it was handled is not told to the user's other devices yet. */
  readonly untold?: boolean;
}

/** Where one user's missed calls outlive a page. Shared by the pages of a browser. Methods reject where it fails. */
export interface MissedCallStorage {
  load(): Promise<readonly StoredMissedCall[]>;
  /** Keeps a missed call, unless this round of the call, or a later one, is kept already. */
  add(record: StoredMissedCall): Promise<void>;
  /**
   * Who is first to ask, of the pages and the worker, shows the notification of a missed call.
   * @returns false when this round of the call, or a later one, was asked for already
   */
  claim(callID: string, round: number): Promise<boolean>;
  /** Puts records in the place of those with their callIDs. */
  put(records: readonly StoredMissedCall[]): Promise<void>;
  remove(callIDs: readonly string[]): Promise<void>;
  /** The click on a notification that has opened this page: once, and only for a while after it. */
  takeClick(): Promise<NoticeClick | undefined>;
  /** Keeps for the worker, if there is one, what is added to a time of the server to get that of this device, in ms. */
  setServerOffset?(ms: number): Promise<void>;
  /** Whether this browser is to be reached by Web Push for this user. */
  hasPush(): Promise<boolean>;
  setPush(on: boolean): Promise<void>;
}
