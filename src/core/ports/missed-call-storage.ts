import type { MissedCallRecord } from './missed-calls.js';
import type { NoticeClick } from './notifier.js';

/** A missed call as it is stored. */
export interface StoredMissedCall extends MissedCallRecord {
  /** Dismissed by the user. The record is kept without people and data, so that the call does not reappear. */
  readonly dismissed?: boolean;
  /** The user's other devices have not been notified yet that it was handled. */
  readonly untold?: boolean;
}

/** Stores the missed calls of one user, for all pages of a browser. Methods reject when the storage fails. */
export interface MissedCallStorage {
  load(): Promise<readonly StoredMissedCall[]>;
  /** Stores a missed call, unless the same or a later round of the call is stored already. */
  add(record: StoredMissedCall): Promise<void>;
  /**
   * Claims the notification of a missed call, so that only one of the pages and the worker shows it.
   * @returns false if the same or a later round of the call was claimed already
   */
  claim(callID: string, round: number): Promise<boolean>;
  /** Replaces the records with the same callIDs. */
  put(records: readonly StoredMissedCall[]): Promise<void>;
  remove(callIDs: readonly string[]): Promise<void>;
  /**
   * Takes the click on a notification that has opened this page: returned once, and only within two minutes after it.
   */
  takeClick(): Promise<NoticeClick | undefined>;
  /** Stores, for the worker, the time of day of this device minus the server's time, in ms. */
  setServerOffset?(ms: number): Promise<void>;
  /** Whether the user has enabled Web Push in this browser. */
  hasPush(): Promise<boolean>;
  setPush(on: boolean): Promise<void>;
}
