import type { CallType, CallUser } from '../protocol/vocabulary.js';

/** A missed call, as the machine reports it. */
export interface MissedCall {
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  readonly callees: readonly CallUser[];
  readonly group: boolean;
  readonly customData: string;
  /** When: ms since the epoch by the server's time, or how long ago in ms, where this device has noticed it. */
  readonly at: { readonly server: number } | { readonly agoMs: number };
  readonly reason: 'canceled' | 'timeout' | 'busy';
  readonly round: number;
  readonly resourceID: string | undefined;
  /** Nobody has told this user of it yet: it was noticed here, or no device was there to notice. */
  readonly fresh: boolean;
}
