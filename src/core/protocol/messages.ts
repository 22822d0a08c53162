import {
  boolean,
  callID,
  callType,
  callUser,
  filled,
  id,
  milliseconds,
  no,
  notificationTexts,
  number,
  text,
  time,
  userName,
} from './fields.js';
import { historyChange } from './history.js';
import {
  MAX_CALLS,
  MAX_CUSTOM_DATA_BYTES,
  MAX_DEVICES,
  MAX_HELD_CALLS,
  MAX_ID_LENGTH,
  MAX_MEMBERS,
  MAX_STATED_CALLS,
  PROTOCOL_VERSION,
  utf8Bytes,
} from './limits.js';
import { preferencesChange, preferencesShape } from './preferences.js';
import { check, custom, list, object, oneOf, optional, withDefault } from './shapes.js';
import type { Shape, Shaped } from './shapes.js';
import { PHASES } from './vocabulary.js';

/*
 * The messages of the invitation protocol. Their order is that of XEP-0353 (propose, ringing, proceed, and only then
 * SDP and ICE); one answering device is selected as in Matrix's MSC2746 (`select_answer`). docs/protocol.md describes
 * each message. The parsers strip unknown fields and reject unknown types, so that newer and older peers can call each
 * other.
 */

const customDataText = text((value) => utf8Bytes(value) <= MAX_CUSTOM_DATA_BYTES);
const customData = withDefault(customDataText, '');
const round = number(1, 1_000_000, Number.isInteger);
const flag = optional(boolean);
const statedCalls = list(callID, MAX_STATED_CALLS);
const isTime = (value: unknown): boolean => check(time, value) !== undefined;
const unansweredReasons = ['canceled', 'timeout', 'busy', 'unreachable', 'unsupported'] as const;
const endReason = oneOf(
  ...unansweredReasons,
  'hung-up',
  'declined',
  'answered-elsewhere',
  'declined-elsewhere',
  'initiator-left',
  'everyone-left',
  'connection-lost',
  'media-failed',
);
const phase = oneOf(...PHASES);

/**
 * The state of one user in one call. Every message carries such records, and each receiver merges them into its own.
 */
const memberRecord = object({
  user: id,
  round,
  state: oneOf(...unansweredReasons, 'inviting', 'ringing', 'declined', 'glare', 'in', 'left'),
  /** The device that is, or was, in the call; only with `in` and `left`. */
  device: optional(id),
  inviter: id,
  reason: optional(endReason),
  customData: optional(customDataText),
});
export type MemberRecord = Shaped<typeof memberRecord>;

const listOf = <T>(item: Shape<T>, max = MAX_MEMBERS) => withDefault(list(item, max), []);

/** In `invite`, `accept` and `sync`: the sender stays in its other calls, which are on hold. */
const keepsOthers = flag;

/**
 * In `invite` and `roster`: the sender transfers the call. It leaves the call, and the receivers go on talking to this
 * user (RFC 5589, with the transferor in the call until the transferee and the target are connected).
 */
const transferTo = optional(object({ user: id, reason: customData }));

/** The fields of every message. `to` lists users; with `toDevice` only that device of theirs gets the message. */
const envelope = {
  v: oneOf(PROTOCOL_VERSION),
  id,
  callID,
  to: list(id, MAX_MEMBERS),
  toDevice: optional(id),
  records: listOf(memberRecord),
  /** Names of users that the receiver may not know yet. The server adds the sender's own name on delivery. */
  names: listOf(callUser),
  /** Remaining times of open invitations, in ms: durations, so that no clocks of different machines are compared. */
  remaining: listOf(object({ user: id, ms: milliseconds })),
};

const callReportFields = {
  ...envelope,
  phase,
  round: optional(round),
  /** The sender wants to join the call, or to rejoin it. */
  join: flag,
  /** The user has answered the invitation of `round` on the sending device. */
  answered: flag,
  /** With `join`: the sender's page was reloaded; before, its device ID in the call was this one. */
  replaces: optional(id),
  /** With the phase `accepting`: repeated from the sender's `accept`, which may have been lost. */
  customData: optional(customDataText),
  keepsOthers,
};

const invite = {
  ...envelope,
  type: oneOf('invite'),
  callType,
  initiator: id,
  /** Whether the call ends for everyone when its initiator leaves. */
  endWithInitiator: no,
  group: no,
  customData,
  /** Time left to answer, in ms: measured by the sender, reduced by the server if it delivers the message late. */
  remainingMs: milliseconds,
  /** The invitation's full time-out, in ms. */
  timeoutMs: milliseconds,
  resourceID: optional(filled(MAX_ID_LENGTH)),
  notification: optional(notificationTexts),
  keepsOthers,
  /** The call between the sender and the invited user alone that this invitation replaces (RFC 3891). */
  replacesCall: optional(callID),
  transferTo,
};

export const messageSchemas = {
  invite: object(invite),
  ringing: object({ ...envelope, type: oneOf('ringing'), round }),
  accept: object({
    ...envelope,
    type: oneOf('accept'),
    round,
    join: flag,
    customData,
    keepsOthers,
  }),
  select: object({ ...envelope, type: oneOf('select'), user: id }),
  decline: object({
    ...envelope,
    type: oneOf('decline'),
    round,
    reason: oneOf('declined', 'busy', 'unsupported'),
    customData,
  }),
  cancel: object({
    ...envelope,
    type: oneOf('cancel'),
    user: id,
    reason: oneOf(...unansweredReasons, 'lost', 'glare'),
    customData,
  }),
  signal: object({
    ...envelope,
    type: oneOf('signal'),
    /** Number of the link: higher each time the link between the same two devices is rebuilt. */
    link: number(1, Number.MAX_SAFE_INTEGER, Number.isInteger),
    /** An SDP description or an ICE candidate, as the peer library produced it. */
    data: custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
  }),
  roster: object({ ...envelope, type: oneOf('roster'), transferTo }),
  leave: object({
    ...envelope,
    type: oneOf('leave'),
    reason: endReason,
    /** The sender was never in the call: it accepted, and gave up waiting for the `select`. */
    gaveUp: flag,
    /** The device that vanished. Only the server sends this field, without records. */
    lost: optional(id),
  }),
  end: object({ ...envelope, type: oneOf('end'), reason: endReason }),
  sync: object({
    ...callReportFields,
    type: oneOf('sync'),
    /** The sender does not know the call: transports deliver the message also to members who are in the call. */
    learn: flag,
  }),
  state: object({
    ...callReportFields,
    type: oneOf('state'),
    /** In an answer to `learn`: the fields of the invitation that records do not contain. */
    about: optional(
      object({ callType, initiator: id, endWithInitiator: no, group: no, customData }),
    ),
  }),
  seen: object({
    ...envelope,
    type: oneOf('seen'),
    /** Missed calls that the user has handled. */
    callIDs: list(callID, MAX_CALLS),
    /** The user has dismissed them: devices remove them, and do not only mark them as seen. */
    dismissed: flag,
  }),
  history: object({ ...envelope, type: oneOf('history'), ...historyChange }),
  preferences: object({ ...envelope, type: oneOf('preferences'), ...preferencesChange }),
  busy: object({
    ...envelope,
    type: oneOf('busy'),
    /** The calls that the sending device is in, has accepted or placed; empty if there are none. */
    callIDs: statedCalls,
    /** The device, if it is not the sender: the server states that it is lost. Only the server sends this field. */
    device: optional(id),
  }),
} as const;

type Schemas = typeof messageSchemas;
export type MessageType = keyof Schemas;
export type Message = { [T in MessageType]: Shaped<Schemas[T]> }[MessageType];
export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;

/**
 * Whether this message asks members about a call that its sender does not know (`sync` with `learn`). If the sender is
 * a user of that call, transports deliver the message also to users whose devices are in it.
 */
export const asksMembers = (message: {
  readonly type: string;
  readonly learn?: boolean;
}): boolean => message.type === 'sync' && message.learn === true;

/** The fields that the server adds on delivery. No sender can set or forge them. */
const stamp = {
  from: object({ userID: id, userName, deviceID: id }),
  /**
   * The server's time, in ms since the epoch. It orders the messages of one device; not compared with a local clock.
   */
  at: time,
  /** The message comes from the inbox, after the device has connected. */
  replay: flag,
};
const deliveryStamp = object(stamp);
export type DeliveryStamp = Shaped<typeof deliveryStamp>;
export type Sender = DeliveryStamp['from'];
export type Delivered<M extends Message = Message> = M & DeliveryStamp;

/**
 * An invite of an unknown protocol version: the device answers `decline: unsupported`, and does nothing else with it.
 */
export interface ForeignInvite extends DeliveryStamp {
  readonly type: 'foreign-invite';
  readonly id: string;
  readonly callID: string;
}

const foreignInvite = object({
  v: number(0, Infinity, (version) => version !== PROTOCOL_VERSION),
  type: oneOf('invite'),
  id,
  callID,
  to: envelope.to,
  toDevice: envelope.toDevice,
});

/**
 * The first message of a device on each connection: its current state, so that the server can replay its inbox.
 */
export const helloSchema = object({
  /** The former device ID of this page, after a reload. */
  replaces: optional(id),
  current: optional(object({ callID, phase, round, join: flag })),
  /** Other calls that it is in, on hold. */
  onHold: optional(list(object({ callID, phase, round }), MAX_HELD_CALLS)),
  /** Calls that ended recently on this device, with its user's record. */
  over: listOf(object({ callID, record: memberRecord }), MAX_CALLS),
  /** Missed calls that this device knows already. */
  missed: listOf(callID, MAX_CALLS),
});
export type Hello = Shaped<typeof helloSchema>;

/** Ends the initial sync of a connection: the server has delivered everything that was queued. */
export const inboxReportSchema = object({
  /** Invitations that ended unanswered while no device of this user was connected. */
  missed: listOf(
    object({
      invite: object({ ...invite, ...stamp }),
      reason: oneOf('canceled', 'timeout'),
      /** When the call was missed, in ms since the epoch by the server's clock. */
      at: time,
      /** No device of this user knows of it yet. */
      fresh: boolean,
    }),
    MAX_CALLS,
  ),
  /** Invitations that are decided, but that this device may still consider open. */
  settled: listOf(object({ callID, round, how: oneOf('answered', 'ended') }), MAX_CALLS),
  /**
   * When the call history of this user has changed last, by the server's clock; 0 if it is empty. `false` if the server
   * keeps none, and devices shall not keep one either. Absent if the server does not know the call history.
   */
  history: optional(custom<number | false>((value) => value === false || isTime(value))),
  /**
   * The calls that the other devices of this user are in, as they have stated it. Absent if the server does not know
   * `busy`: then devices do not send it.
   */
  busy: optional(list(object({ device: id, callIDs: statedCalls }), MAX_DEVICES)),
  /** Which calls ring. Absent if the server does not keep it: then the browser does. */
  preferences: optional(preferencesShape),
});
export type InboxReport = Shaped<typeof inboxReportSchema>;

/**
 * The server's answer to a message: to how many devices of each addressee it was sent, or why it was rejected.
 * Exactly one of the two fields is present. An invitation may be rejected for some of its addressees only (`rejected`).
 */
export const acknowledgementSchema = object({
  reached: optional(list(object({ user: id, devices: time, rejected: flag }), MAX_MEMBERS)),
  error: optional(
    object({
      code: oneOf('rate-limited', 'unavailable', 'not-allowed', 'invalid-argument'),
      retryAfterMs: optional(time),
    }),
  ),
});
export type Acknowledgement = Shaped<typeof acknowledgementSchema>;

/** To how many devices of a user a message was sent. */
export interface Reached {
  readonly user: string;
  readonly devices: number;
  /** The server has rejected the invitation of this user, but not that of others in the same message. */
  readonly rejected?: boolean;
}

/**
 * Checks a message before it is sent or, at the server, before it is routed.
 * @returns the message without unknown fields; undefined if it is malformed or of another version
 */
export function parseMessage(input: unknown): Message | undefined {
  const type = (input as { type?: unknown } | null | undefined)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(messageSchemas, type)) return undefined;
  return check<Message>(messageSchemas[type as MessageType], input);
}

/**
 * Checks what a device received.
 * @returns the message with its delivery stamp, or an invite of another version; undefined if it is neither
 */
export function parseDelivered(input: unknown): Delivered | ForeignInvite | undefined {
  const stamp = check(deliveryStamp, input);
  if (!stamp) return undefined;
  const message = parseMessage(input);
  if (message) return { ...message, ...stamp };
  const foreign = check(foreignInvite, input);
  return foreign && { type: 'foreign-invite', id: foreign.id, callID: foreign.callID, ...stamp };
}

/**
 * Checks an invite of another version, which the server relays so that the callee can answer it.
 * @returns the fields that all versions share; undefined if it is no such invite
 */
export const parseForeignInvite = (input: unknown) => check(foreignInvite, input);

/** Whether this is an invite of another version. */
export const isForeignInvite = (input: unknown): boolean => parseForeignInvite(input) !== undefined;

export const parseHello = (input: unknown): Hello | undefined => check(helloSchema, input);
export const parseInboxReport = (input: unknown): InboxReport | undefined =>
  check(inboxReportSchema, input);
export const parseAcknowledgement = (input: unknown): Acknowledgement | undefined =>
  check(acknowledgementSchema, input);

/** Whether `value` is a valid userID: 1–128 characters, no white space, no control characters. */
export const isUserID = (value: unknown): value is string => check(id, value) !== undefined;
