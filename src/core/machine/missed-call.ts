import type { HistoryChange } from '../protocol/history.js';
import type { PreferencesChange } from '../protocol/preferences.js';
import type { CallType, CallUser } from '../protocol/vocabulary.js';

/** A missed call, as the machine reports it. */
export interface MissedCall {
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  readonly callees: readonly CallUser[];
  readonly group: boolean;
  readonly customData: string;
  /** When: the server's time in ms since the epoch; or, if this device has observed it, how long ago in ms. */
  readonly at: { readonly server: number } | { readonly agoMs: number };
  readonly reason: 'canceled' | 'timeout' | 'busy';
  readonly round: number;
  readonly resourceID: string | undefined;
  /** No device has notified the user yet: this device has observed it, or no device was connected. */
  readonly fresh: boolean;
}

/** Effects about calls that are over: missed ones, and the call history. */
export type FormerCallEffect =
  | { readonly type: 'missed'; readonly missed: MissedCall }
  /** A reported missed call was answered on another device after all. */
  | { readonly type: 'unmissed'; readonly callID: string }
  /** The user has handled missed calls on another device. */
  | {
      readonly type: 'seen';
      readonly callIDs: readonly string[];
      /** The user has dismissed them: they are removed, not only marked as seen. */
      readonly dismissed: boolean | undefined;
    }
  /** Another device of the user, or the server, reports a change of the call history. */
  | { readonly type: 'history'; readonly change: HistoryChange }
  /** A device of this user has changed which calls ring. */
  | { readonly type: 'preferences'; readonly change: PreferencesChange };
