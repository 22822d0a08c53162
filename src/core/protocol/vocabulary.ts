/** A user, as pages identify them. `userName` is never empty: it falls back to the userID. */
export interface CallUser {
  readonly userID: string;
  readonly userName: string;
}

export type CallType = 'voice' | 'video';

/** A caller's texts for the notification of a call. Absent ones are localized. */
export interface NotificationTexts {
  readonly title?: string;
  readonly message?: string;
}

/** State of a member as pages see it. `reconnecting`: in the call, but their media link or connection is down. */
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

/** Why a call ended on this device. */
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

/** Status of the call of this device, as pages see it. */
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
 * The phase of one call on one device. The status that pages see is derived from it.
 *
 * - `early`: a message of the call arrived before its invitation
 * - `held`: invited, but the initial sync of the connection is not complete yet
 * - `silent`: invited, but this device does not ring (busy, or its own call survives a glare)
 * - `incoming`: ringing on this device
 * - `accepting`: accepted on this device, not yet selected by the coordinator
 * - `in`: in the call
 * - `settling`: stopped unanswered; becomes a missed call unless an answer of another device of the user arrives
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

/** Why the coordinator ended an invitation: the `reason` of a `cancel`. */
export type CancelReason =
  'canceled' | 'timeout' | 'busy' | 'unreachable' | 'unsupported' | 'lost' | 'glare';

/** Codes of failures that the page's code must handle. Expected ends of calls are {@link EndReason}s, never errors. */
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
