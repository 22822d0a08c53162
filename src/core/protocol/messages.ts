import {
  MAX_CALL_ID_LENGTH,
  MAX_CALLS,
  MAX_CUSTOM_DATA_BYTES,
  MAX_ID_LENGTH,
  MAX_MEMBERS,
  MAX_NAME_LENGTH,
  MAX_TIMEOUT_SECONDS,
  PROTOCOL_VERSION,
  utf8Bytes,
} from './limits.js';
import { check, custom, list, object, oneOf, optional, withDefault } from './shapes.js';
import type { Shape, Shaped } from './shapes.js';
import { PHASES } from './vocabulary.js';

/*
 * The messages of the invitation protocol: the order of XEP-0353 (propose, ringing, proceed, and only then SDP
 * and ICE), with the choice of one answering device of Matrix's MSC2746 (`select_answer`). What each is for
 * stands in docs/protocol.md. Unknown fields are stripped and unknown types refused here, so that newer and
 * older peers still call each other.
 */

const text = (test: (value: string) => boolean): Shape<string> =>
  custom((value) => typeof value === 'string' && test(value));
const number = (min: number, max: number, test: (value: number) => boolean = () => true) =>
  custom<number>(
    (value) => typeof value === 'number' && value >= min && value <= max && test(value),
  );

const id = text((value) => value.length <= MAX_ID_LENGTH && /^[^\s\p{Cc}]+$/u.test(value));
const callID = text((value) => value !== '' && value.length <= MAX_CALL_ID_LENGTH);
const customDataText = text((value) => utf8Bytes(value) <= MAX_CUSTOM_DATA_BYTES);
const customData = withDefault(customDataText, '');
const userName = text((value) => value.length <= MAX_NAME_LENGTH);
const round = number(1, 1_000_000, Number.isInteger);
const milliseconds = number(0, MAX_TIMEOUT_SECONDS * 1_000);
const time = number(0, Infinity);
const boolean = custom<boolean>((value) => typeof value === 'boolean');
const no = withDefault(boolean, false);
const flag = optional(boolean);
const callType = oneOf('voice', 'video');
const refusals = ['canceled', 'timeout', 'busy', 'unreachable', 'unsupported'] as const;
const endReason = oneOf(
  ...refusals,
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

/** Where one user stands in one call: what every message carries and what receiving one merges. */
const memberRecord = object({
  user: id,
  round,
  state: oneOf(...refusals, 'inviting', 'ringing', 'declined', 'glare', 'in', 'left'),
  /** The device that is, or was, in the call; only with `in` and `left`. */
  device: optional(id),
  inviter: id,
  reason: optional(endReason),
  customData: optional(customDataText),
});
export type MemberRecord = Shaped<typeof memberRecord>;

const callUser = object({ userID: id, userName });
const listOf = <T>(item: Shape<T>, max = MAX_MEMBERS) => withDefault(list(item, max), []);

/** What every message has. `to` names users; `toDevice` narrows it to one device. */
const envelope = {
  v: oneOf(PROTOCOL_VERSION),
  id,
  callID,
  to: list(id, MAX_MEMBERS),
  toDevice: optional(id),
  records: listOf(memberRecord),
  /** Names of users that the receiver may not know yet. A sender's own name is stamped by the server. */
  names: listOf(callUser),
  /** How long the invitations that still ring have left, in ms: no clock is compared across machines. */
  remaining: listOf(object({ user: id, ms: milliseconds })),
};

const callReportFields = {
  ...envelope,
  phase,
  round: optional(round),
  /** The sender wants to come (back) into the call. */
  join: flag,
  /** This user has answered the invitation of `round` at the sender. */
  answered: flag,
  /** With `join`: the sender was reloaded, and was that device of the call. */
  replaces: optional(id),
  /** With the phase `accepting`: as in the sender's `accept`, which may have been lost. */
  customData: optional(customDataText),
};

const invite = {
  ...envelope,
  type: oneOf('invite'),
  callType,
  initiator: id,
  /** The whole call ends when its initiator leaves. */
  endWithInitiator: no,
  group: no,
  customData,
  /** Time left to answer, in ms: the sender's when sent, corrected by the server when delivered late. */
  remainingMs: milliseconds,
  /** The invitation's whole time-out, in ms. */
  timeoutMs: milliseconds,
  resourceID: optional(text((value) => value.length <= MAX_ID_LENGTH)),
};

export const messageSchemas = {
  invite: object(invite),
  ringing: object({ ...envelope, type: oneOf('ringing'), round }),
  accept: object({ ...envelope, type: oneOf('accept'), round, join: flag, customData }),
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
    reason: oneOf(...refusals, 'lost', 'glare'),
    customData,
  }),
  signal: object({
    ...envelope,
    type: oneOf('signal'),
    /** The link's number: a link that is rebuilt between the same two devices gets a higher one. */
    link: number(1, Number.MAX_SAFE_INTEGER, Number.isInteger),
    /** What the peer library gave: an SDP description or an ICE candidate. */
    data: custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
  }),
  roster: object({ ...envelope, type: oneOf('roster') }),
  leave: object({
    ...envelope,
    type: oneOf('leave'),
    reason: endReason,
    /** The sender was never in: it accepted and gave up waiting. */
    gaveUp: flag,
    /** The device that vanished; only the server says this, and it speaks of no record. */
    lost: optional(id),
  }),
  end: object({ ...envelope, type: oneOf('end'), reason: endReason }),
  sync: object({
    ...callReportFields,
    type: oneOf('sync'),
    /** The sender does not know the call: transports deliver it to those who are in the call, beside `to`. */
    learn: flag,
  }),
  state: object({
    ...callReportFields,
    type: oneOf('state'),
    /** Answers `learn`: what else the invitation says. */
    about: optional(
      object({ callType, initiator: id, endWithInitiator: no, group: no, customData }),
    ),
  }),
  seen: object({
    ...envelope,
    type: oneOf('seen'),
    /** Missed calls that were handled. */
    callIDs: list(callID, MAX_CALLS),
    /** They are to be forgotten, not only known. */
    dismissed: flag,
  }),
} as const;

type Schemas = typeof messageSchemas;
export type MessageType = keyof Schemas;
export type Message = { [T in MessageType]: Shaped<Schemas[T]> }[MessageType];
export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;

/**
 * Whether the sender of this message does not know the call. A transport delivers such a message to the users of
 * devices in the call, too, where the call concerns the sender.
 */
export const asksMembers = (message: {
  readonly type: string;
  readonly learn?: boolean;
}): boolean => message.type === 'sync' && message.learn === true;

/** What the server adds on delivery. No sender can set or forge it. */
const stamp = {
  from: object({ userID: id, userName, deviceID: id }),
  /** The server's time, ms since the epoch: orders the words of one device, never compared with a local clock. */
  at: time,
  /** Handed out by the inbox, after a connection was made. */
  replay: flag,
};
const deliveryStamp = object(stamp);
export type DeliveryStamp = Shaped<typeof deliveryStamp>;
export type Sender = DeliveryStamp['from'];
export type Delivered<M extends Message = Message> = M & DeliveryStamp;

/** An invite of a protocol version that this build does not speak: it is answered, never acted on. */
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
 * What a device says first on each connection: where it stands, so that the server can replay its inbox.
 */
export const helloSchema = object({
  /** The device ID of the page that this one replaces (a reload). */
  replaces: optional(id),
  current: optional(object({ callID, phase, round })),
  /** Calls that ended here lately, with the own record. */
  over: listOf(object({ callID, record: memberRecord }), MAX_CALLS),
  /** Missed calls that this device has already. */
  missed: listOf(callID, MAX_CALLS),
});
export type Hello = Shaped<typeof helloSchema>;

/** What the server says last after a connection was made: everything queued has been delivered. */
export const inboxReportSchema = object({
  /** Invitations that ended unanswered while no device of this user could hear them. */
  missed: listOf(
    object({
      invite: object({ ...invite, ...stamp }),
      reason: oneOf('canceled', 'timeout'),
      /** When it was missed, ms since the epoch by the server's clock. */
      at: time,
      /** No device of this user has been told yet. */
      fresh: boolean,
    }),
    MAX_CALLS,
  ),
  /** Invitations that this device may still hold and that are decided. */
  settled: listOf(object({ callID, round, how: oneOf('answered', 'ended') }), MAX_CALLS),
});
export type InboxReport = Shaped<typeof inboxReportSchema>;

/**
 * The server's answer to a message: how many devices of each addressee it went to, or why it went to nobody.
 * One of the two is there.
 */
export const acknowledgementSchema = object({
  reached: optional(list(object({ user: id, devices: time }), MAX_MEMBERS)),
  error: optional(
    object({
      code: oneOf('rate-limited', 'unavailable', 'not-allowed', 'invalid-argument'),
      retryAfterMs: optional(time),
    }),
  ),
});
export type Acknowledgement = Shaped<typeof acknowledgementSchema>;

/**
 * Checks a message before it is sent or, at the server, before it is routed.
 * @returns the message without unknown fields, or nothing when it is not one of this version
 */
export function parseMessage(input: unknown): Message | undefined {
  const type = (input as { type?: unknown } | null | undefined)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(messageSchemas, type)) return undefined;
  return check<Message>(messageSchemas[type as MessageType], input);
}

/**
 * Checks what came from the wire at a device.
 * @returns the message with its delivery stamp, an invite of another version, or nothing
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
 * Checks an invite of another version, which a server relays so that the callee can answer it.
 * @returns the few fields that every version has, or nothing
 */
export const parseForeignInvite = (input: unknown) => check(foreignInvite, input);

/** Whether this is an invite of another version. */
export const isForeignInvite = (input: unknown): boolean => parseForeignInvite(input) !== undefined;

export const parseHello = (input: unknown): Hello | undefined => check(helloSchema, input);
export const parseInboxReport = (input: unknown): InboxReport | undefined =>
  check(inboxReportSchema, input);
export const parseAcknowledgement = (input: unknown): Acknowledgement | undefined =>
  check(acknowledgementSchema, input);

/** Whether `value` may be a userID: 1–128 characters, no white space, no control character. */
export const isUserID = (value: unknown): value is string => check(id, value) !== undefined;
