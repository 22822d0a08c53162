import type { Delivered, MemberRecord, MessageOf, Sender } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isIn, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import * as durations from './durations.js';
import { coordinatorOf } from './coordinator.js';
import { isPending, isRejected, merge } from './record-order.js';
import type { Call } from './types.js';

/*
 * Who may say what. The server stamps each message with its sender; this module decides what that sender may state.
 * The table of authority is in docs/protocol.md. Nothing here changes anything.
 */

/** No later message will allow it. */
export const NEVER = 'never';

/** Most rounds of a member that a device can have missed. A statement further ahead is refused. */
export const MAX_ROUNDS_MISSED = 4;

/** What a statement about one user counts for. */
export type Verdict =
  /** Its sender has authority over it. */
  | 'admit'
  /** Somebody is in: counts once a member and the device itself have both said so. */
  | 'claim'
  /** Messages that are still on their way may prove it. */
  | 'later'
  /** Somebody else has left: the device itself is asked. */
  | 'doubt'
  | 'refuse';

/** The message was sent by the device with which its user is in the call. */
export function isPresent(call: Call, { userID, deviceID }: Sender): boolean {
  const record = recordOf(call, userID);
  return record?.state === 'in' && record.device === deviceID;
}

/** Only a member who is in sends these. */
const FROM_MEMBERS_IN: ReadonlySet<string> = new Set(['select', 'cancel', 'roster', 'invite']);

/** An invitation names its sender as in, with the sending device, and this user as invited. */
export function isInvitation(
  ctx: TransitionContext,
  { from, records }: MessageOf<'invite'> & Delivered,
): boolean {
  const sender = records.find(({ user }) => user === from.userID);
  const own = records.find(({ user }) => user === ctx.me);
  return (
    sender?.state === 'in' && sender.device === from.deviceID && own !== undefined && isPending(own)
  );
}

/** The message says who the members of a call are that this device did not know: its invitation, or what it has asked. */
export const introduces = (call: Call, message: Delivered): boolean =>
  (message.type === 'invite' && call.phase === 'early') ||
  (message.type === 'state' && call.learning !== undefined && message.about !== undefined);

/** The message says that its sender is in, with the device that sent it. */
const namesItselfIn = (message: Delivered): boolean =>
  message.records.some(
    ({ user, state, device }) =>
      user === message.from.userID && state === 'in' && device === message.from.deviceID,
  );

/** Why its sender may not send this message at all; nothing if it may. */
export function forbidden(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
): string | undefined {
  const { from } = message;
  if (from.deviceID === SERVER_DEVICE) return undefined;
  if (message.type === 'leave' && message.lost !== undefined) return NEVER;
  if (message.type === 'cancel' && message.reason === 'lost') return NEVER;
  // Nobody decides about their own invitation.
  const decides = message.type === 'select' || message.type === 'cancel';
  if (decides && message.user === from.userID) return NEVER;
  if (from.userID === ctx.me) return undefined;
  if (introduces(call, message))
    return (message.type === 'invite' ? isInvitation(ctx, message) : namesItselfIn(message))
      ? undefined
      : NEVER;
  if (!call.members.has(from.userID) && !isClaimedIn(call, from)) return 'no member';
  if (message.type === 'end')
    return from.userID === call.initiator && call.endWithInitiator && isPresent(call, from)
      ? undefined
      : NEVER;
  if (message.type === 'select' && message.user === ctx.me && maySelectJoiner(call, from))
    return undefined;
  return FROM_MEMBERS_IN.has(message.type) && !isPresent(call, from) ? 'not in' : undefined;
}

const isClaimedIn = (call: Call, { userID, deviceID }: Sender): boolean =>
  [...call.claims.values()].some(
    ({ record }) => record.user === userID && record.device === deviceID,
  );

/**
 * What a device that joins knows of the others is old: whoever has not refused the call may be in by now. The server,
 * which knows who is in, lets no other selection through.
 */
function maySelectJoiner(call: Call, { userID }: Sender): boolean {
  const record = recordOf(call, userID);
  return call.joining !== undefined && record !== undefined && !isRejected(record);
}

/** Who has opened the round that a record is about: of a round that is known, whoever is known to have. */
const inviterOf = (record: MemberRecord, known: MemberRecord | undefined): string =>
  known?.round === record.round ? known.inviter : record.inviter;

/**
 * The sender, who is in, coordinates the invitation that the record is about. What was kept since its sender did not
 * coordinate it when it was heard does not count once the sender does, by succession: it is asked for anew.
 */
function coordinates(
  ctx: TransitionContext,
  call: Call,
  { userID }: Sender,
  record: MemberRecord,
  isDeferred: boolean,
): boolean {
  const inviter = inviterOf(record, recordOf(call, record.user));
  // Nobody has invited the initiator, so nobody decides about it.
  if (inviter === record.user) return false;
  if (userID === inviter) return true;
  return !isDeferred && userID === coordinatorOf(ctx, call, record.user, inviter);
}

/**
 * Whether the sender of a message has authority over what one of its records says.
 * @param isDeferred the message was kept when it was heard
 */
export function verdictOn(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  record: MemberRecord,
  isDeferred = false,
): Verdict {
  const { from } = message;
  if (from.deviceID === SERVER_DEVICE || from.userID === ctx.me) return 'admit';
  const known = recordOf(call, record.user);
  if (known && merge(known, record) === known) return 'admit';
  if (known && record.round > known.round + MAX_ROUNDS_MISSED) return 'refuse';
  if (record.state === 'in' && record.device === undefined) return 'refuse';
  if (record.user === from.userID)
    return letsIn(ctx, call, message) ? 'admit' : onItself(call, record, known);
  const isSelected = message.type === 'select' || isPresent(call, from);
  if (record.user === ctx.me && isSelected && maySelectJoiner(call, from)) {
    if (isSelectionHere(ctx, record)) return 'admit';
    // An invitation rings if the join comes to nothing.
    return message.type === 'invite' && isPending(record) ? 'later' : 'refuse';
  }
  if (!isPresent(call, from)) {
    // It may be selected by now, or after a reload in the place of another device of its user.
    const sender = recordOf(call, from.userID);
    return sender && (isPending(sender) || sender.state === 'in') ? 'later' : 'refuse';
  }
  return record.user === ctx.me
    ? onThisUser(ctx, call, from, record, known, isDeferred)
    : onAnother(ctx, call, from, record, known, isDeferred);
}

/** Who lets this device in, which joins, is in: everything else that is known of the others may be old. */
const letsIn = (ctx: TransitionContext, call: Call, message: Delivered): boolean =>
  message.type === 'select' &&
  maySelectJoiner(call, message.from) &&
  message.records.some((record) => record.user === ctx.me && isSelectionHere(ctx, record)) &&
  namesItselfIn(message);

const isSelectionHere = (ctx: TransitionContext, { state, device }: MemberRecord): boolean =>
  state === 'in' && device === ctx.self.deviceID;

/** What a user says about itself. That it is in is for others to confirm, and nobody opens a round of their own. */
function onItself(call: Call, record: MemberRecord, known: MemberRecord | undefined): Verdict {
  const { state, round } = record;
  if (state === 'in') return 'claim';
  if (!known || state === 'glare' || state === 'inviting') return 'refuse';
  if (state === 'left') {
    // Whose invitation is known to have ended has left once somebody else says that it was in: see `claims.ts`.
    if (isRejected(known)) return 'later';
    // One device of a user does not leave for another one that is in.
    if (known.state !== 'in' || record.device === known.device) return 'admit';
    return 'doubt';
  }
  return round === known.round ? 'admit' : 'later';
}

/** What a member who is in says about the user of this device. */
function onThisUser(
  ctx: TransitionContext,
  call: Call,
  from: Sender,
  record: MemberRecord,
  known: MemberRecord | undefined,
  isDeferred: boolean,
): Verdict {
  const { state, round } = record;
  if (!known) return 'refuse';
  // How this user answered, or that it left, is known to its own devices, as is a round in which another of them joined.
  const isInside = call.phase === 'in' || known.state === 'in';
  if ((state === 'left' || state === 'declined') && isInside) return 'refuse';
  if (call.phase === 'in' && round > known.round)
    return onThisMember(ctx, call, from, record, isDeferred);
  if (round > known.round && !isPending(record)) return 'refuse';
  // Another device of this user takes this one's place only once that device itself was heard to answer.
  const { device } = record;
  const isOther = device !== ctx.self.deviceID && device !== call.answered?.device;
  if (state === 'in' && call.phase === 'in' && isOther) return 'later';
  if (state === 'glare') return known.inviter === from.userID ? 'admit' : 'refuse';
  if (isPending(record) && (round === known.round || !isPending(known)))
    return record.inviter === from.userID && !isOpenedByAnother(ctx, call, record, known)
      ? 'admit'
      : 'refuse';
  return coordinates(ctx, call, from, { ...record, round: known.round }, isDeferred)
    ? 'admit'
    : 'later';
}

/**
 * What is said about this user, who is in, after rounds that this device has missed: it was away, was counted out and
 * invited again. That it is in by a later round takes nothing from it. That it is out counts from its coordinator, after
 * this device has come back, while no media flow.
 */
function onThisMember(
  ctx: TransitionContext,
  call: Call,
  from: Sender,
  record: MemberRecord,
  isDeferred: boolean,
): Verdict {
  if (record.state === 'in')
    return call.cameBack && isSelectionHere(ctx, record) ? 'admit' : 'refuse';
  const known = recordOf(call, ctx.me);
  const isBack =
    call.cameBack && (!ctx.synced || ctx.now < ctx.syncedAt + durations.SYNC_ANSWER_WAIT_MS);
  const isLinked = [...call.links.values()].some(({ state }) => state === 'up');
  const isFinal = isRejected(record) && record.state !== 'glare' && record.state !== 'declined';
  return isBack && isFinal && known && !isLinked && coordinates(ctx, call, from, known, isDeferred)
    ? 'admit'
    : 'refuse';
}

/** What a member who is in says about somebody else. */
function onAnother(
  ctx: TransitionContext,
  call: Call,
  from: Sender,
  record: MemberRecord,
  known: MemberRecord | undefined,
  isDeferred: boolean,
): Verdict {
  const { user, state, round } = record;
  if (state === 'in') return 'claim';
  if (known?.state === 'in' && isIn(call, user))
    return state === 'left' || round > known.round ? 'doubt' : 'refuse';
  // Its inviter alone gives way to another call.
  if (state === 'glare' && inviterOf(record, known) !== from.userID) return 'refuse';
  // While an invitation is open only its coordinator opens the next one.
  const isReplaced = known !== undefined && isPending(known) && round > known.round;
  const over = isReplaced ? { ...record, round: known.round } : record;
  if (coordinates(ctx, call, from, over, isDeferred)) return 'admit';
  if (isPending(record) && record.inviter === from.userID && !isReplaced)
    return isOpenedByAnother(ctx, call, record, known) ? 'refuse' : 'admit';
  return 'later';
}

/** That round was opened by somebody else, who is in: the first inviter of a round stays its inviter. */
const isOpenedByAnother = (
  ctx: TransitionContext,
  call: Call,
  { user, round, inviter }: MemberRecord,
  known: MemberRecord | undefined,
): boolean =>
  known?.round === round &&
  isPending(known) &&
  known.inviter !== inviter &&
  coordinatorOf(ctx, call, user) === known.inviter;
