import * as v from 'valibot';
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

/*
 * The messages of the invitation protocol: the order of XEP-0353 (propose, ringing, proceed, and only then SDP
 * and ICE), with the choice of one answering device of Matrix's MSC2746 (`select_answer`). What each is for
 * stands in docs/protocol.md. Unknown fields are stripped and unknown types refused here, so that newer and
 * older peers still call each other.
 */

const text = (test: (value: string) => boolean) =>
  v.custom<string>((value) => typeof value === 'string' && test(value));
const number = (min: number, max: number, test: (value: number) => boolean = () => true) =>
  v.custom<number>((value) => {
    const n = value as number;
    return typeof value === 'number' && n >= min && n <= max && test(n);
  });

const id = text((value) => value.length <= MAX_ID_LENGTH && /^[^\s\p{Cc}]+$/u.test(value));
const callID = text((value) => value !== '' && value.length <= MAX_CALL_ID_LENGTH);
const customDataText = text((value) => utf8Bytes(value) <= MAX_CUSTOM_DATA_BYTES);
const customData = v.optional(customDataText, '');
const userName = text((value) => value.length <= MAX_NAME_LENGTH);
const round = number(1, 1_000_000, Number.isInteger);
const milliseconds = number(0, MAX_TIMEOUT_SECONDS * 1_000);
const time = number(0, Infinity);
const boolean = v.custom<boolean>((value) => typeof value === 'boolean');
const no = v.optional(boolean, false);
const flag = v.exactOptional(boolean);
const callType = v.picklist(['voice', 'video']);
const refusals = ['canceled', 'timeout', 'busy', 'unreachable', 'unsupported'] as const;
const endReason = v.picklist([
  ...refusals,
  'hung-up',
  'declined',
  'answered-elsewhere',
  'declined-elsewhere',
  'initiator-left',
  'everyone-left',
  'connection-lost',
  'media-failed',
]);
const phase = v.picklist([
  'early',
  'held',
  'silent',
  'incoming',
  'accepting',
  'in',
  'settling',
  'over',
]);

/** Where one user stands in one call: what every message carries and what receiving one merges. */
const memberRecord = v.object({
  user: id,
  round,
  state: v.picklist([...refusals, 'inviting', 'ringing', 'declined', 'glare', 'in', 'left']),
  /** The device that is, or was, in the call; only with `in` and `left`. */
  device: v.exactOptional(id),
  inviter: id,
  reason: v.exactOptional(endReason),
  customData: v.exactOptional(customDataText),
});
export type MemberRecord = v.InferOutput<typeof memberRecord>;

/** A list that is too long for its purpose is refused before its items are looked at. */
const bounded = <T extends v.GenericSchema>(item: T, max: number) =>
  v.pipe(
    v.custom<unknown[]>((value) => Array.isArray(value) && value.length <= max),
    v.array(item),
  );
const callUser = v.object({ userID: id, userName });
const list = <T extends v.GenericSchema>(item: T, max = MAX_MEMBERS) =>
  v.optional(bounded(item, max), []);

/** What every message has. `to` names users; `toDevice` narrows it to one device. */
const envelope = {
  v: v.literal(PROTOCOL_VERSION),
  id,
  callID,
  to: bounded(id, MAX_MEMBERS),
  toDevice: v.exactOptional(id),
  records: list(memberRecord),
  /** Names of users that the receiver may not know yet. A sender's own name is stamped by the server. */
  names: list(callUser),
  /** How long the invitations that still ring have left, in ms: no clock is compared across machines. */
  remaining: list(v.object({ user: id, ms: milliseconds })),
};

const standing = {
  ...envelope,
  phase,
  round: v.exactOptional(round),
  /** The sender wants to come (back) into the call. */
  join: flag,
  /** This user has answered the invitation of `round` at the sender. */
  answered: flag,
};

export const messageSchemas = {
  invite: v.object({
    ...envelope,
    type: v.literal('invite'),
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
    resourceID: v.exactOptional(text((value) => value.length <= MAX_ID_LENGTH)),
  }),
  ringing: v.object({ ...envelope, type: v.literal('ringing'), round }),
  accept: v.object({ ...envelope, type: v.literal('accept'), round, join: flag, customData }),
  select: v.object({ ...envelope, type: v.literal('select'), user: id }),
  decline: v.object({
    ...envelope,
    type: v.literal('decline'),
    round,
    reason: v.picklist(['declined', 'busy', 'unsupported']),
    customData,
  }),
  cancel: v.object({
    ...envelope,
    type: v.literal('cancel'),
    user: id,
    reason: v.picklist([...refusals, 'lost', 'glare']),
    customData,
  }),
  signal: v.object({
    ...envelope,
    type: v.literal('signal'),
    /** The link's number: a link that is rebuilt between the same two devices gets a higher one. */
    link: number(1, Number.MAX_SAFE_INTEGER, Number.isInteger),
    /** What the peer library gave: an SDP description or an ICE candidate. */
    data: v.custom<Record<string, unknown>>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
  }),
  roster: v.object({ ...envelope, type: v.literal('roster') }),
  leave: v.object({
    ...envelope,
    type: v.literal('leave'),
    reason: endReason,
    /** The sender was never in: it accepted and gave up waiting. */
    gaveUp: flag,
    /** The device that vanished; only the server says this, and it speaks of no record. */
    lost: v.exactOptional(id),
  }),
  end: v.object({ ...envelope, type: v.literal('end'), reason: endReason }),
  sync: v.object({ ...standing, type: v.literal('sync') }),
  state: v.object({ ...standing, type: v.literal('state') }),
  seen: v.object({
    ...envelope,
    type: v.literal('seen'),
    /** Missed calls that were handled. */
    callIDs: bounded(callID, MAX_CALLS),
  }),
} as const;

type Schemas = typeof messageSchemas;
export type MessageType = keyof Schemas;
export type Message = { [T in MessageType]: v.InferOutput<Schemas[T]> }[MessageType];
export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;

/** What the server adds on delivery. No sender can set or forge it. */
const stamp = {
  from: v.object({ userID: id, userName, deviceID: id }),
  /** The server's time, ms since the epoch: orders the words of one device, never compared with a local clock. */
  at: time,
  /** Handed out by the inbox, after a connection was made. */
  replay: flag,
};
const delivery = v.object(stamp);
export type Delivery = v.InferOutput<typeof delivery>;
export type Sender = Delivery['from'];
export type Delivered<M extends Message = Message> = M & Delivery;

/** An invite of a protocol version that this build does not speak: it is answered, never acted on. */
export interface ForeignInvite extends Delivery {
  readonly type: 'foreign-invite';
  readonly id: string;
  readonly callID: string;
}

const foreignInvite = v.object({
  v: number(0, Infinity, (version) => version !== PROTOCOL_VERSION),
  type: v.literal('invite'),
  id,
  callID,
  to: envelope.to,
});

/**
 * What a device says first on each connection: where it stands, so that the server can replay its inbox.
 */
export const helloSchema = v.object({
  /** The device ID of the page that this one replaces (a reload). */
  replaces: v.exactOptional(id),
  current: v.exactOptional(v.object({ callID, phase, round })),
  /** Calls that ended here lately, with the own record. */
  over: list(v.object({ callID, record: memberRecord }), MAX_CALLS),
  /** Missed calls that this device has already. */
  missed: list(callID, MAX_CALLS),
});
export type Hello = v.InferOutput<typeof helloSchema>;

/** What the server says last after a connection was made: everything queued has been delivered. */
export const drainedSchema = v.object({
  /** Invitations that ended unanswered while no device of this user could hear them. */
  missed: list(
    v.object({
      invite: v.object({ ...messageSchemas.invite.entries, ...stamp }),
      reason: v.picklist(['canceled', 'timeout']),
      /** When it was missed, ms since the epoch by the server's clock. */
      at: time,
      /** No device of this user has been told yet. */
      fresh: boolean,
    }),
    MAX_CALLS,
  ),
  /** Invitations that this device may still hold and that are decided. */
  settled: list(v.object({ callID, round, how: v.picklist(['answered', 'ended']) }), MAX_CALLS),
});
export type Drained = v.InferOutput<typeof drainedSchema>;

/**
 * The server's answer to a message: how many devices of each addressee it went to, or why it went to nobody.
 * One of the two is there.
 */
export const acknowledgementSchema = v.object({
  reached: v.exactOptional(bounded(v.object({ user: id, devices: time }), MAX_MEMBERS)),
  error: v.exactOptional(
    v.object({
      code: v.picklist(['rate-limited', 'unavailable', 'not-allowed', 'invalid-argument']),
      retryAfterMs: v.exactOptional(time),
    }),
  ),
});
export type Acknowledgement = v.InferOutput<typeof acknowledgementSchema>;

function parse<T extends v.GenericSchema>(schema: T, input: unknown): v.InferOutput<T> | undefined {
  const result = v.safeParse(schema, input);
  return result.success ? result.output : undefined;
}

/**
 * Checks a message before it is sent or, at the server, before it is routed.
 * @returns the message without unknown fields, or nothing when it is not one of this version
 */
export function parseMessage(input: unknown): Message | undefined {
  const type = (input as { type?: unknown } | null | undefined)?.type;
  if (typeof type !== 'string' || !Object.hasOwn(messageSchemas, type)) return undefined;
  return parse(messageSchemas[type as MessageType] as v.GenericSchema<unknown, Message>, input);
}

/**
 * Checks what came from the wire at a device.
 * @returns the message with its delivery stamp, an invite of another version, or nothing
 */
export function parseDelivered(input: unknown): Delivered | ForeignInvite | undefined {
  const stamp = parse(delivery, input);
  if (!stamp) return undefined;
  const message = parseMessage(input);
  if (message) return { ...message, ...stamp };
  const foreign = parse(foreignInvite, input);
  return foreign && { type: 'foreign-invite', id: foreign.id, callID: foreign.callID, ...stamp };
}

/** Whether this is an invite of another version, which a server passes on so that the callee can answer it. */
export function isForeignInvite(input: unknown): boolean {
  return v.is(foreignInvite, input);
}

export const parseHello = (input: unknown): Hello | undefined => parse(helloSchema, input);
export const parseDrained = (input: unknown): Drained | undefined => parse(drainedSchema, input);
export const parseAcknowledgement = (input: unknown): Acknowledgement | undefined =>
  parse(acknowledgementSchema, input);

/** Whether `value` may be a userID: 1–128 characters, no white space, no control character. */
export const isUserID = (value: unknown): value is string => v.is(id, value);
