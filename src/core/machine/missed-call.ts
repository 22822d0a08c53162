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
