import type { HistoryChange, HistoryEntry, HistoryOutcome } from '../protocol/history.js';
import type { CallStatus, CallType, CallUser, EndReason } from '../protocol/vocabulary.js';
import type { MissedCallRecord } from './missed-calls.js';
import type { SignalTransport } from './signal-transport.js';

/** A call of this user, as pages see it. */
export interface CallHistoryEntry {
  readonly callID: string;
  /** `outgoing` if this user placed the call. */
  readonly direction: 'outgoing' | 'incoming';
  readonly callType: CallType;
  /** Whether more than two people were invited. */
  readonly group: boolean;
  readonly caller: CallUser;
  /** All invited users, without the caller. */
  readonly callees: readonly CallUser[];
  /** When the call was placed or arrived, in ms since the epoch by this device's time of day. */
  readonly at: number;
  /**
   * What became of the call: `answered`, or why it was not. For an incoming call, `canceled`, `timeout` and `busy` mean that
   * this user missed it. `failed`: accepted, but no connection was made.
   */
  readonly outcome: HistoryOutcome;
  /** Whether this user missed it. */
  readonly missed: boolean;
  /** When this user came into the call, in ms since the epoch. */
  readonly answeredAt?: number;
  /** How long this user was in the call, in ms. Undefined if it is running, was not answered, or its end is not known. */
  readonly durationMs?: number;
}

/**
 * `loading` until the stored entries are read and the server's are received for the first time; `failed` if the server's
 * could not be received; `off` if no history is kept.
 */
export type CallHistoryState = 'loading' | 'ready' | 'failed' | 'off';

/** One call as it is stored in the browser: its entry, or when it was deleted. */
export interface StoredHistoryEntry {
  readonly callID: string;
  readonly entry?: HistoryEntry;
  readonly deletedAt?: number;
  /** The server and the user's other devices have not received it yet. */
  readonly unsent?: boolean;
}

/** What is stored of a history besides its entries. */
export interface StoredHistoryState {
  /** All calls that were placed until this time are deleted. */
  readonly deletedUntil?: number;
  readonly deletedUntilUnsent?: boolean;
  /** `changed` of the last page that was received from the server. */
  readonly received?: number;
}

export interface StoredHistory {
  readonly entries: readonly StoredHistoryEntry[];
  readonly state: StoredHistoryState;
}

/** Stores the call history of one user, for all pages of a browser. Methods reject when the storage fails. */
export interface CallHistoryStorage {
  load(): Promise<StoredHistory>;
  /** Replaces the stored history by one that is computed from it, in one transaction. */
  update(change: (stored: StoredHistory) => StoredHistory): Promise<void>;
}

/** The fields of the current call that the history needs. */
export interface RecordedCall {
  readonly status: CallStatus;
  readonly callID: string;
  readonly callType: CallType;
  readonly group: boolean;
  readonly inviter: CallUser | undefined;
  readonly members: readonly (CallUser & { readonly self: boolean })[];
  readonly endReason: EndReason | undefined;
}

export type CallHistoryEvent =
  /** The status of a call has changed. `at`: the server's time; `elapsedMs`: the duration of the call. */
  | {
      readonly type: 'call';
      readonly call: RecordedCall;
      readonly at: number;
      readonly elapsedMs: number | undefined;
      /** Other calls that go on: they wait, or are on hold. Default: none. */
      readonly running?: readonly string[];
      /** Whether the page shows another call. Default `false`. */
      readonly isOther?: boolean;
    }
  | { readonly type: 'missed'; readonly missed: Omit<MissedCallRecord, 'seen'> }
  /** A reported missed call was answered on another device after all. */
  | { readonly type: 'unmissed'; readonly callID: string }
  /** Another device or the server reports a change. */
  | { readonly type: 'history'; readonly change: HistoryChange }
  /** Connected. `changedAt`: as `history` of the inbox report. */
  | { readonly type: 'synced'; readonly changedAt: number | false | undefined }
  /** The server's time was measured again. */
  | { readonly type: 'time-measured' };

/** What the call history needs of the service, for one session. */
export interface CallHistoryHost {
  readonly user: CallUser;
  readonly deviceID: string;
  readonly transport: Pick<SignalTransport, 'send' | 'ask'>;
  readonly serverTime: {
    now(): number;
    /** Time of day of this device minus the server's time, in ms. */
    readonly offset: number;
  };
  /** Duration of the current call, in ms. */
  elapsedMs(): number | undefined;
  /** Whether the page lets this browser keep a history. */
  isEnabled(): boolean;
  /** Publishes the calls to the page, newest first. */
  show(entries: readonly CallHistoryEntry[], state: CallHistoryState): void;
}

/** The call history of one user on this device, for one session. */
export interface CallHistory {
  handle(event: CallHistoryEvent): void;
  /** @returns the entry as it is stored */
  find(callID: string): HistoryEntry | undefined;
  /** Deletes calls; without callIDs, all. @returns whether there were any */
  delete(callIDs?: readonly string[]): Promise<boolean>;
  /** Restores calls that this page has deleted. @returns whether there were any */
  restore(callIDs: readonly string[]): Promise<boolean>;
  /** Requests from the server what has not been received. @returns whether that was possible */
  reload(): Promise<boolean>;
  /** Ends the session. */
  stop(): void;
}

export type { HistoryChange, HistoryEntry };
