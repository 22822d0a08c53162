/** A person, as pages name them. `userName` is never empty: it falls back to the userID. */
export interface CallUser {
  readonly userID: string;
  readonly userName: string;
}

export type CallType = 'voice' | 'video';

/** A member's state as pages see it. `reconnecting`: in the call, but its media or its connection is down. */
export type MemberState =
  | 'inviting'
  | 'ringing'
  | 'accepted'
  | 'declined'
  | 'busy'
  | 'canceled'
  | 'timeout'
  | 'left'
  | 'unreachable'
  | 'reconnecting';

/** Why a call ended for this device. */
export type EndReason =
  | 'hung-up'
  | 'declined'
  | 'busy'
  | 'canceled'
  | 'timeout'
  | 'answered-elsewhere'
  | 'declined-elsewhere'
  | 'initiator-left'
  | 'everyone-left'
  | 'connection-lost'
  | 'unreachable'
  | 'unsupported'
  | 'media-failed';

/** What a call is to the person at this device. */
export type CallStatus =
  | 'idle'
  | 'calling'
  | 'ringing-out'
  | 'incoming'
  | 'connecting'
  | 'active'
  | 'reconnecting'
  | 'ended';

/**
 * How far one device is in one call. The status that pages see is a projection of it.
 *
 * - `early`: something was heard about the call before its invitation
 * - `held`: invited, but the connection's queue is not read to its end yet
 * - `silent`: invited, but this device does not ring (busy, or its own call of a glare survives)
 * - `incoming`: ringing here
 * - `accepting`: accepted here, not yet selected by the coordinator
 * - `in`: in the call
 * - `settling`: stopped unanswered; a sibling's answer may still make it no missed call
 * - `over`: ended
 */
export const PHASES = [
  'early',
  'held',
  'silent',
  'incoming',
  'accepting',
  'in',
  'settling',
  'over',
] as const;
export type Phase = (typeof PHASES)[number];

/** Why somebody's invitation ended, in the words of a `cancel`. */
export type CancelReason =
  'canceled' | 'timeout' | 'busy' | 'unreachable' | 'unsupported' | 'lost' | 'glare';

/** A failure that a page's code must handle; expected ends of calls are {@link EndReason}s, never errors. */
export type CallErrorCode =
  | 'not-connected'
  | 'busy'
  | 'too-many-members'
  | 'invalid-argument'
  | 'not-allowed'
  | 'call-over'
  | 'rate-limited'
  | 'unavailable'
  | 'media-failed'
  | 'unsupported'
  | 'destroyed';
