import * as v from 'valibot';
import {
  MAX_CALL_ID_LENGTH,
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

const id = v.pipe(v.string(), v.regex(/^[^\s\p{Cc}]+$/u), v.maxLength(MAX_ID_LENGTH));
const callID = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_CALL_ID_LENGTH));
const customData = v.optional(
  v.pipe(
    v.string(),
    v.check((text) => utf8Bytes(text) <= MAX_CUSTOM_DATA_BYTES),
  ),
  '',
);
const userName = v.pipe(
  v.string(),
  v.transform((text) => text.slice(0, MAX_NAME_LENGTH)),
);
const round = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000_000));
const milliseconds = v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_TIMEOUT_SECONDS * 1_000));
const flag = v.exactOptional(v.boolean());
const callType = v.picklist(['voice', 'video']);
const endReason = v.picklist([
  'hung-up',
  'declined',
  'busy',
  'canceled',
  'timeout',
  'answered-elsewhere',
  'declined-elsewhere',
  'initiator-left',
  'everyone-left',
  'connection-lost',
  'unreachable',
  'unsupported',
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
  state: v.picklist([
    'inviting',
    'ringing',
    'declined',
    'busy',
    'canceled',
    'timeout',
    'unreachable',
    'glare',
    'unsupported',
    'in',
    'left',
  ]),
  /** The device that is, or was, in the call; only with `in` and `left`. */
  device: v.exactOptional(id),
  inviter: id,
  reason: v.exactOptional(endReason),
  customData: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_CUSTOM_DATA_BYTES))),
});
export type MemberRecord = v.InferOutput<typeof memberRecord>;

const callUser = v.object({ userID: id, userName });
const list = <T extends v.GenericSchema>(item: T) =>
  v.optional(v.pipe(v.array(item), v.maxLength(MAX_MEMBERS)), []);

/** What every message has. `to` names users; `toDevice` narrows it to one device. */
const envelope = {
  v: v.literal(PROTOCOL_VERSION),
  id,
  callID,
  to: v.pipe(v.array(id), v.maxLength(MAX_MEMBERS)),
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
    endWithInitiator: v.optional(v.boolean(), false),
    group: v.optional(v.boolean(), false),
    customData,
    /** Time left to answer, in ms: the sender's when sent, corrected by the server when delivered late. */
    remainingMs: milliseconds,
    /** The invitation's whole time-out, in ms. */
    timeoutMs: milliseconds,
    resourceID: v.exactOptional(v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH))),
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
    reason: v.picklist([
      'canceled',
      'timeout',
      'busy',
      'unreachable',
      'unsupported',
      'lost',
      'glare',
    ]),
    customData,
  }),
  signal: v.object({
    ...envelope,
    type: v.literal('signal'),
    /** The link's number: a link that is rebuilt between the same two devices gets a higher one. */
    link: v.pipe(v.number(), v.integer(), v.minValue(1)),
    /** What the peer library gave: an SDP description or an ICE candidate. */
    data: v.record(v.string(), v.unknown()),
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
    callIDs: v.pipe(v.array(callID), v.maxLength(200)),
  }),
} as const;

type Schemas = typeof messageSchemas;
export type MessageType = keyof Schemas;
export type Message = { [T in MessageType]: v.InferOutput<Schemas[T]> }[MessageType];
export type MessageOf<T extends MessageType> = Extract<Message, { type: T }>;

/** What the server adds on delivery. No sender can set or forge it. */
const delivery = v.object({
  from: v.object({ userID: id, userName, deviceID: id }),
  /** The server's time, ms since the epoch: orders the words of one device, never compared with a local clock. */
  at: v.number(),
  /** Handed out by the inbox, after a connection was made. */
  replay: flag,
});
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
  v: v.pipe(v.number(), v.integer(), v.notValue(PROTOCOL_VERSION)),
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
  over: v.optional(
    v.pipe(v.array(v.object({ callID, record: memberRecord })), v.maxLength(200)),
    [],
  ),
  /** Missed calls that this device has already. */
  missed: v.optional(v.pipe(v.array(callID), v.maxLength(200)), []),
});
export type Hello = v.InferOutput<typeof helloSchema>;

const deliveredInvite = v.intersect([messageSchemas.invite, delivery]);
/** What the server says last after a connection was made: everything queued has been delivered. */
export const drainedSchema = v.object({
  /** Invitations that ended unanswered while no device of this user could hear them. */
  missed: v.optional(
    v.array(
      v.object({
        invite: deliveredInvite,
        reason: v.picklist(['canceled', 'timeout']),
        /** When it was missed, ms since the epoch by the server's clock. */
        at: v.number(),
        /** No device of this user has been told yet. */
        fresh: v.boolean(),
      }),
    ),
    [],
  ),
  /** Invitations that this device may still hold and that are decided. */
  settled: v.optional(
    v.array(v.object({ callID, round, how: v.picklist(['answered', 'ended']) })),
    [],
  ),
});
export type Drained = v.InferOutput<typeof drainedSchema>;

/** The server's answer to a message: how many devices of each addressee it went to. */
export const acknowledgementSchema = v.union([
  v.object({ reached: v.array(v.object({ user: id, devices: v.number() })) }),
  v.object({
    error: v.object({
      code: v.picklist(['rate-limited', 'unavailable', 'not-allowed', 'invalid-argument']),
      retryAfterMs: v.exactOptional(v.number()),
    }),
  }),
]);
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
  return parse(messageSchemas[type as MessageType], input) as Message | undefined;
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
