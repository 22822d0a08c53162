import type { Delivered, MemberRecord, MessageOf, Sender } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import {
  deviceKey,
  hasAskedToBeIn,
  isBack,
  isIn,
  isLinked,
  isOfJoinElsewhere,
  recordOf,
  replacesAbsent,
  sharedRecordOf,
} from './call.js';
import type { TransitionContext } from './transition-context.js';
import { coordinatorOf, hasSucceededBefore } from './succession.js';
import { isPending, isRejected, merge } from './record-order.js';
import type { Call } from './types.js';

/*
 * Authority: which statements a sender may make. The server stamps each message with its sender; this module decides
 * what that sender may state. docs/protocol.md contains the table of authority. These functions modify nothing.
 */

/** The message stays forbidden, whichever messages arrive later. */
export const NEVER = 'never';

/** Most rounds of a member that a device can have missed. Statements about later rounds are rejected. */
export const MAX_ROUNDS_MISSED = 4;

/** How a statement about one user is treated. */
export type Verdict =
  /** The sender has authority over it: it is merged. */
  | 'admit'
  /** It states that a user is in: counts once a member and the device itself have both stated it. */
  | 'claim'
  /** Messages that have not arrived yet may prove it. */
  | 'later'
  /** It states that a user has left who is in: the device of that user is asked (with `sync`). */
  | 'query-device'
  | 'refuse';

/** Whether a message was sent by the device with which its user is in the call. */
export function isPresent(call: Call, { userID, deviceID }: Sender): boolean {
  const record = recordOf(call, userID);
  return record?.state === 'in' && record.device === deviceID;
}

/** Messages that only members who are in may send. */
const FROM_MEMBERS_IN: ReadonlySet<string> = new Set(['select', 'cancel', 'roster', 'invite']);

/** Whether only members who are in send this message, although it does not state that. */
export const impliesPresence = (
  { initiator, endWithInitiator }: Call,
  { type, from }: Delivered,
): boolean =>
  type === 'cancel' || (type === 'end' && endWithInitiator && from.userID === initiator);

/** Whether an invite states that its sender is in, with the sending device, and that this user is invited. */
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

/**
 * Whether a message introduces a call to this device: its invitation, or the answer to a question about an unknown
 * call.
 */
export const introduces = (call: Call, message: Delivered): boolean =>
  (message.type === 'invite' && call.phase === 'early') ||
  (message.type === 'state' && call.learning !== undefined && message.about !== undefined);

/** Whether a message states that its sender is in, with the device that sent it. */
const namesItselfIn = (message: Delivered): boolean =>
  message.records.some(
    ({ user, state, device }) =>
      user === message.from.userID && state === 'in' && device === message.from.deviceID,
  );

/** @returns why the sender may not send this message; undefined if it may */
export function forbidden(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
): string | undefined {
  const { from } = message;
  if (from.deviceID === SERVER_DEVICE) return undefined;
  if (message.type === 'leave' && message.lost !== undefined) return NEVER;
  if (message.type === 'cancel' && message.reason === 'lost') return NEVER;
  // Users do not decide about their own invitation.
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
  const isOwnSelection = message.type === 'select' && message.user === ctx.me;
  if (isOwnSelection && (maySelectJoiner(call, from) || maySelectLate(call, from)))
    return undefined;
  return FROM_MEMBERS_IN.has(message.type) && !isPresent(call, from) ? 'not in' : undefined;
}

/** Whether somebody has stated that the sender is in with this device, and that is not confirmed yet. */
export const isClaimedIn = (call: Call, { userID, deviceID }: Sender): boolean =>
  [...call.claims.values()].some(
    ({ record }) => record.user === userID && record.device === deviceID,
  );

/**
 * The records of a joining device may be outdated: any user who has not rejected the call may be in by now. The server
 * knows who is in, and rejects other selections.
 */
function maySelectJoiner(call: Call, { userID }: Sender): boolean {
  return call.joining !== undefined && mayBePresent(call, userID);
}

/** The user has hung up during a join: a selection that arrives after that is answered by `leave`. */
function maySelectLate(call: Call, { userID }: Sender): boolean {
  const isAfterJoin = call.phase === 'over' && call.requestedRound !== undefined;
  return isAfterJoin && mayBePresent(call, userID);
}

function mayBePresent(call: Call, user: string): boolean {
  const record = recordOf(call, user);
  return record !== undefined && !isRejected(record);
}

/**
 * @returns the user who has opened the round of a record: the known inviter if the round is known, else the record's
 */
const inviterOf = (record: MemberRecord, known: MemberRecord | undefined): string =>
  known?.round === record.round ? known.inviter : record.inviter;

/**
 * Whether the sender, who is in, coordinates the invitation that the record is about. A deferred statement of a sender
 * who became the coordinator only later, by succession, does not count: the coordinator is asked again.
 * @param isPremature whether the statement was deferred, and its sender may have made it before it became the coordinator
 */
export function coordinates(
  ctx: TransitionContext,
  call: Call,
  { userID }: Sender,
  record: MemberRecord,
  isPremature: boolean,
): boolean {
  const inviter = inviterOf(record, sharedRecordOf(call, record.user));
  // The initiator was not invited, so no other user decides about them.
  if (inviter === record.user) return false;
  if (userID === inviter) return true;
  return !isPremature && userID === coordinatorOf(ctx, call, record.user, inviter);
}

/**
 * Decides whether the sender of a message has authority over one of its records.
 * @param isDeferred whether the message was deferred when it was received
 */
export function verdictOn(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  record: MemberRecord,
  isDeferred = false,
): Verdict {
  const { from } = message;
  if (from.deviceID === SERVER_DEVICE) return 'admit';
  if (from.userID === ctx.me)
    return replacesThisDevice(ctx, call, message, record) ? 'refuse' : 'admit';
  const known = sharedRecordOf(call, record.user);
  if (known && merge(known, record) === known && !replacesAbsent(call, record)) return 'admit';
  // Once an invitation is decided, its inviter does not change.
  if (known?.round === record.round && !isPending(known) && addsOnlyInviter(known, record))
    return 'refuse';
  if (known && record.round > known.round + MAX_ROUNDS_MISSED) return 'refuse';
  if (record.state === 'in' && record.device === undefined) return 'refuse';
  if (record.user === from.userID)
    return letsIn(ctx, call, message) ? 'admit' : onItself(call, record, known);
  const isSelected = message.type === 'select' || isPresent(call, from);
  if (record.user === ctx.me && (isSelected || isDeferred) && maySelectJoiner(call, from)) {
    if (isSelected && isSelectionHere(ctx, record)) return 'admit';
    // An invitation rings if the join fails, unless it is cancelled before; its sender may leave meanwhile.
    const isInvited = message.type === 'invite' && isPending(record);
    return isInvited || message.type === 'cancel' ? 'later' : 'refuse';
  }
  if (!isPresent(call, from)) {
    // The sender may have been selected by now; after a reload, in place of another device of its user.
    const sender = recordOf(call, from.userID);
    return sender && (isPending(sender) || sender.state === 'in') ? 'later' : 'refuse';
  }
  const isPremature = isDeferred && !hasSucceededBefore(ctx, call, message, record.user);
  return record.user === ctx.me
    ? onThisUser(ctx, call, from, record, known, isPremature)
    : onAnother(ctx, call, message, record, known, { isDeferred, isPremature });
}

/**
 * Whether a message of another device of this user, which is not in itself, states about this user, who is in with this device
 * by the same round or an earlier one, what a false statement of a member may have made it believe:
 *
 * - that the user is in or has left with another device by the same round
 * - that the user was invited again, in vain: that counts only when the coordinator could state it as well
 */
const replacesThisDevice = (
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
  record: MemberRecord,
): boolean => {
  const { me, self } = ctx;
  const { user, round, state, device } = record;
  const known = recordOf(call, me);
  if (user !== me || call.phase !== 'in' || known?.state !== 'in') return false;
  if (known.device !== self.deviceID || ('phase' in message && message.phase === 'in'))
    return false;
  if (round === known.round) return (state === 'in' || state === 'left') && device !== known.device;
  const mayBeOut = call.reconnected && isBack(ctx, call) && !isLinked(call);
  return round > known.round && isInVain(record) && !mayBeOut;
};

/** Whether an invitation has ended without an answer of the user, and not because of another call. */
const isInVain = (record: MemberRecord): boolean =>
  isRejected(record) && record.state !== 'glare' && record.state !== 'declined';

/** Whether a record of the same round states nothing new but another inviter. Two coordinators may select different devices. */
const addsOnlyInviter = (known: MemberRecord, record: MemberRecord): boolean =>
  merge(known, { ...record, inviter: known.inviter }) === known &&
  (record.state !== 'in' || record.device === known.device);

/** Whether the sender admits this device, which joins: then the sender is in, whatever the outdated records state. */
export const letsIn = (ctx: TransitionContext, call: Call, message: Delivered): boolean =>
  message.type === 'select' &&
  maySelectJoiner(call, message.from) &&
  message.records.some((record) => record.user === ctx.me && isSelectionHere(ctx, record)) &&
  namesItselfIn(message);

const isSelectionHere = (ctx: TransitionContext, { state, device }: MemberRecord): boolean =>
  state === 'in' && device === ctx.self.deviceID;

/**
 * A user's statement about themselves. That they are in must be confirmed by others; users can't open their own rounds.
 */
function onItself(call: Call, record: MemberRecord, known: MemberRecord | undefined): Verdict {
  const { state, round } = record;
  if (state === 'in') return 'claim';
  if (!known || state === 'glare' || state === 'inviting') return 'refuse';
  if (state === 'left') {
    // A user whose invitation has ended counts as left once another member states that they were in: see `claims.ts`.
    if (isRejected(known)) return 'later';
    // A device of a user can't leave on behalf of another device of theirs that is in.
    if (known.state !== 'in' || record.device === known.device) return 'admit';
    return 'query-device';
  }
  return round === known.round ? 'admit' : 'later';
}

/** A statement of a member who is in about the user of this device. */
function onThisUser(
  ctx: TransitionContext,
  call: Call,
  from: Sender,
  record: MemberRecord,
  known: MemberRecord | undefined,
  isPremature: boolean,
): Verdict {
  const { state, round } = record;
  // A device on which the user has not asked to be in was not selected.
  if (!known || (isSelectionHere(ctx, record) && !hasAskedToBeIn(call))) return 'refuse';
  // This user's own devices know how the user has answered, that they have left, and in which rounds one has joined.
  const isInside = call.phase === 'in' || known.state === 'in';
  const isAdmitted = state === 'in' && round > known.round && isOfJoinElsewhere(call, record);
  if (isAdmitted && call.phase !== 'in' && coordinates(ctx, call, from, record, isPremature))
    return 'admit';
  if ((state === 'left' || state === 'declined') && isInside) return 'refuse';
  if (call.phase === 'in' && round > known.round)
    return onThisMember(ctx, call, from, record, isPremature);
  if (round > known.round && !isPending(record)) return 'refuse';
  // Another device of this user can replace this one only after that device itself has answered.
  const { device } = record;
  const isOther = device !== ctx.self.deviceID && device !== call.answered?.device;
  if (state === 'in' && isInside && isOther) return 'later';
  if (state === 'glare') return known.inviter === from.userID ? 'admit' : 'refuse';
  if (isPending(record) && (round === known.round || !isPending(known)))
    return record.inviter === from.userID && !isOpenedByAnother(ctx, call, record, known)
      ? 'admit'
      : 'refuse';
  return coordinates(ctx, call, from, { ...record, round: known.round }, isPremature)
    ? 'admit'
    : 'later';
}

/**
 * A statement about this user, who is in, in a later round: this device may have been disconnected, considered lost,
 * and invited again. It is admitted only shortly after this device has reconnected while it was in; "in" also if this device
 * has asked to be let in by that round. "Not in" is admitted only from the coordinator, and while no media flows.
 */
function onThisMember(
  ctx: TransitionContext,
  call: Call,
  from: Sender,
  record: MemberRecord,
  isPremature: boolean,
): Verdict {
  const hasReconnected = call.reconnected && isBack(ctx, call);
  const known = recordOf(call, ctx.me);
  const { requestedRound = 0 } = call;
  // This device has asked to be let in by that round.
  const isRequested = record.round >= requestedRound && requestedRound > (known?.round ?? 0);
  if (record.state === 'in')
    return (hasReconnected || isRequested) && isSelectionHere(ctx, record) ? 'admit' : 'refuse';
  return hasReconnected &&
    isInVain(record) &&
    known &&
    !isLinked(call) &&
    coordinates(ctx, call, from, known, isPremature)
    ? 'admit'
    : 'refuse';
}

/** A statement of a member who is in about another user. */
function onAnother(
  ctx: TransitionContext,
  call: Call,
  { from, at }: Delivered,
  record: MemberRecord,
  known: MemberRecord | undefined,
  { isDeferred, isPremature }: Readonly<Record<'isDeferred' | 'isPremature', boolean>>,
): Verdict {
  const { user, state, round } = record;
  if (state === 'in') return 'claim';
  // It was sent when its sender was not known to be in. The user may be in, although this device does not know that yet.
  if (!known && isDeferred && isRejected(record)) return 'later';
  if (known?.state === 'in' && isIn(call, user))
    return state === 'left' || round > known.round ? 'query-device' : 'refuse';
  // It was deferred, so the device may have been in until after that.
  if (known?.state === 'in' && isDeferred && round > known.round && !isPending(record))
    return 'later';
  // The device was still in after that: nobody could invite its user.
  if (known?.state === 'in' && isDeferred && isPending(record) && wasHeardAfter(ctx, known, at))
    return 'refuse';
  // Its inviter alone gives way to another call.
  if (state === 'glare' && inviterOf(record, known) !== from.userID) return 'refuse';
  // While an invitation is open, only its coordinator can open the next round.
  const isReplaced = known !== undefined && isPending(known) && round > known.round;
  const over = isReplaced ? { ...record, round: known.round } : record;
  if (coordinates(ctx, call, from, over, isPremature)) return 'admit';
  if (isMissedInvitation(ctx, call, record, known)) return 'admit';
  if (isPending(record) && record.inviter === from.userID && !isReplaced)
    return isOpenedByAnother(ctx, call, record, known) ? 'refuse' : 'admit';
  return 'later';
}

/**
 * Whether the record is an invitation that this device coordinates since it has come in, and has missed: its inviter has
 * left. Nobody else could tell.
 */
const isMissedInvitation = (
  ctx: TransitionContext,
  call: Call,
  record: MemberRecord,
  known: MemberRecord | undefined,
): boolean =>
  isPending(record) &&
  (known === undefined || (!isPending(known) && record.round > known.round)) &&
  record.inviter !== ctx.me &&
  isBack(ctx, call) &&
  coordinatorOf(ctx, call, record.user, record.inviter) === ctx.me;

/** Whether the device of a record has sent a message after a time of the server. */
const wasHeardAfter = (
  { lastMessageAt }: TransitionContext,
  { user, device = '' }: MemberRecord,
  at: number,
): boolean => (lastMessageAt.get(deviceKey(user, device)) ?? 0) > at;

/** Whether the round was opened by another member who is in: the first inviter of a round stays its inviter. */
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
