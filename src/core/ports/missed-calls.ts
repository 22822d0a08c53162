import type { CallType, CallUser } from '../protocol/vocabulary.js';

/** A call that this user did not take, as pages see it. */
export interface MissedCallEntry {
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  /** All whom the invitation named, this user included, the caller not. */
  readonly callees: readonly CallUser[];
  readonly customData: string;
  /** In ms since the epoch. */
  readonly at: number;
  readonly reason: 'canceled' | 'timeout' | 'busy';
  readonly seen: boolean;
}
