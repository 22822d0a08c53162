import type { Delivered, MemberRecord, MessageOf } from '../protocol/messages.js';
import { deviceKey, everybodyElse, others, recordOf } from './call.js';
import { noteClaim } from './claims.js';
import type { TransitionContext } from './transition-context.js';
import { mergeRecord } from './call-records.js';
import * as durations from './durations.js';
import { settle } from './ending.js';
import { review } from './review.js';
import { isPending } from './record-order.js';
import { keepsOthers, isShown } from './hold.js';
import { followSilently, ring, startRinging } from './ringing.js';
import { respondWithState } from './state-response.js';
import { sync } from './call-report.js';
import { noteTransfer } from './transfer.js';
import type { Call } from './types.js';

/**
 * Adds the members of a new call, from its invitation or from the answer of a member who described it. The sender has
 * authority over its own record and those of users it has invited. That others are in is a claim, which is verified
 * when the call rings.
 * @returns whether it states something else about other users, which later messages may prove
 */
export function addIntroducedMembers(
  ctx: TransitionContext,
  call: Call,
  message: Delivered,
): boolean {
  const { from, records } = message;
  for (const record of records) {
    if (record.user === ctx.me)
      mergeRecord(ctx, call, { ...record, inviter: introducedInviter(message, record) });
    else if (record.user === from.userID) mergeRecord(ctx, call, record);
  }
  let isOpen = false;
  for (const record of records) {
    if (record.user === ctx.me || record.user === from.userID) continue;
    if (record.state === 'in') noteClaim(ctx, call, message, record);
    else if (record.inviter === from.userID) mergeRecord(ctx, call, record);
    else isOpen = true;
  }
  return isOpen;
}

/**
 * The sender has opened the round, unless another member who is in has opened it before: then the server has replaced
 * the inviter.
 */
function introducedInviter({ from, records }: Delivered, own: MemberRecord): string {
  if (!isPending(own)) return own.inviter;
  const { user, inviter } = own;
  const isIn = records.some((record) => record.user === inviter && record.state === 'in');
  return isIn && inviter !== user ? inviter : from.userID;
}

/**
 * An invitation to the round that this device has asked to join is answered by that join. Its sender may have received the
 * join before it invited, when another member coordinated it: the join is repeated.
 */
export function answerByJoin(
  ctx: TransitionContext,
  call: Call,
  { from, records }: Delivered<MessageOf<'invite'>>,
): void {
  const own = records.find(({ user }) => user === ctx.me);
  if (call.phase !== 'accepting' || !own || own.round !== call.joining?.round) return;
  const kept = keepsOthers(ctx, call);
  const body = { type: 'accept', round: own.round, join: true, customData: '', ...kept } as const;
  ctx.send(call, [from.userID], body);
}

/** Handles an invite to a new call, or a repeated one. */
export function onInvite(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
  wasOver: boolean,
): void {
  const { from } = message;
  const own = recordOf(call, ctx.me);
  if (!own || call.phase === 'in') return;
  if (call.phase === 'accepting') return acceptAgain(ctx, call, message, own);
  if (call.phase === 'incoming') return continueRinging(ctx, call, message, own);
  if (wasOver && call.phase !== 'early') return onOldInvite(ctx, call, message, own);
  if (call.phase !== 'early') return;
  const { callType, initiator, endWithInitiator, customData, timeoutMs, remainingMs } = message;
  Object.assign(call, { type: callType, initiator, endWithInitiator, customData, timeoutMs });
  call.group ||= message.group || call.members.size > 2;
  call.caller = from.userID;
  call.callees = message.to;
  call.resourceID = message.resourceID;
  call.notification = message.notification;
  call.replacesCall = message.replacesCall;
  noteTransfer(ctx, call, from, message.transferTo);
  call.round = own.round;
  const member = call.members.get(ctx.me);
  if (member) member.deadline = ctx.now + remainingMs;
  if (message.replay) {
    call.trustedUntil = ctx.now + durations.INBOX_TRUST_MS;
    ctx.startTimer(call, { kind: 'confirm' }, durations.INBOX_TRUST_MS);
  } else if (!message.keepsOthers) endOtherCallsOf(ctx, call, message);
  call.phase = 'held';
  // Held calls ring in the order of their invitations, also if another message of a call arrived before its invitation.
  ctx.calls.delete(call.id);
  ctx.calls.set(call.id, call);
}

/** Decides whether an invitation was missed that has ended without ringing, because this device was joining. */
export function settleInvitation(
  ctx: TransitionContext,
  call: Call,
  { from, to, customData, resourceID }: Delivered<MessageOf<'invite'>>,
): void {
  if (call.phase !== 'over' || !call.endReason) return;
  const round = recordOf(call, ctx.me)?.round ?? call.round;
  Object.assign(call, { caller: from.userID, callees: to, customData, resourceID, round });
  call.unansweredReason = undefined;
  // The user has answered an earlier invitation at most.
  call.answeredHere = false;
  settle(ctx, call, call.endReason);
}

/** Lets a held invitation ring if the initial sync is complete. */
export function release(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
): void {
  if (call.phase !== 'held') return;
  if (ctx.synced) ring(ctx, call);
  else followSilently(ctx, call, message.remainingMs);
  // Members who are in confirm that the call is ongoing.
  if (message.replay && isShown(ctx, call.id)) sync(ctx, call);
}

/** A call that rings continues to ring, with the time of a later invitation: the earlier one may be decided already. */
function continueRinging(
  ctx: TransitionContext,
  call: Call,
  { from, remainingMs }: Delivered<MessageOf<'invite'>>,
  own: MemberRecord,
): void {
  const member = call.members.get(ctx.me);
  if (!member || own.round <= call.round || !isPending(own)) return;
  if (own.inviter !== from.userID) return;
  call.round = own.round;
  call.caller = from.userID;
  member.deadline = ctx.now + remainingMs;
  startRinging(ctx, call, member, remainingMs);
}

/**
 * A device whose accept did not reach the coordinator in time is invited again while it still waits for its selection: it
 * accepts that invitation as well.
 */
function acceptAgain(
  ctx: TransitionContext,
  call: Call,
  { from, remainingMs }: Delivered<MessageOf<'invite'>>,
  own: MemberRecord,
): void {
  const member = call.members.get(ctx.me);
  if (!member || call.joining || own.round <= call.round || !isPending(own)) return;
  if (own.inviter !== from.userID) return;
  call.round = own.round;
  call.caller = from.userID;
  member.deadline = ctx.now + remainingMs;
  const { round, inviter } = own;
  const ringing: MemberRecord = { user: ctx.me, round, inviter, state: 'ringing' };
  const kept = keepsOthers(ctx, call);
  const body = { type: 'accept', round, customData: call.acceptData, ...kept } as const;
  ctx.send(call, [...others(call, ctx.me), ctx.me], body, [ringing]);
  ctx.startTimer(call, { kind: 'select', round }, durations.SELECT_WAIT_MS);
}

/** Answers a late repeat of an invite that is already decided on this device. */
function onOldInvite(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
  own: MemberRecord,
): void {
  if (!message.replay) return respondWithState(ctx, call, message);
  if (own.state !== 'declined') return;
  const to = [...everybodyElse(call, ctx.me), ctx.me];
  const { round, customData = '' } = own;
  ctx.send(call, to, { type: 'decline', reason: 'declined', round, customData }, [own]);
}

/**
 * A device that sends an invite, and does not state that it stays in its other calls, has left them, unless its link to
 * this device is up.
 */
function endOtherCallsOf(
  ctx: TransitionContext,
  invited: Call,
  { from: { userID, deviceID }, at }: Delivered,
): void {
  const key = deviceKey(userID, deviceID);
  for (const { id, phase, members } of ctx.calls.values()) {
    if (id === invited.id || phase === 'over' || phase === 'settling') continue;
    const record = members.get(userID)?.record;
    const there = record?.state === 'in' && record.device === deviceID;
    const call = there ? ctx.call(id) : undefined;
    if (!call || call.links.get(key)?.state === 'up') continue;
    call.absent.set(key, { type: 'hung-up', at });
    review(ctx, call);
  }
}
