import type { EndReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import {
  answeredElsewhere,
  deviceKey,
  everybodyElse,
  isIn,
  isOfJoinElsewhere,
  nameOf,
  othersPending,
  recordOf,
  records,
} from './call.js';
import { askAboutClaims, awaitsConfirmation, hasLostInitiator, settleClaims } from './claims.js';
import type { TransitionContext } from './transition-context.js';
import { alone, finish, notifyCanceled, notifyTimeout } from './ending.js';
import { admitReturned, selectAnswers, startInvitationTimers } from './coordinator.js';
import { ask, linkMembers, rebuildLink } from './links.js';
import { keepsOthers } from './hold.js';
import { isPending, isRejected, wasIn } from './record-order.js';
import { reviewTransfer } from './transfer.js';
import type { Call } from './types.js';

/*
 * Draws conclusions from the records: the only place where new knowledge changes the phase of a call.
 */

export function review(ctx: TransitionContext, call: Call): void {
  const own = recordOf(call, ctx.me);
  switch (call.phase) {
    case 'early':
      return;
    case 'over':
      return reviewOver(ctx, call, own);
    case 'settling':
      return own && reviewSettling(ctx, call, own);
    case 'held':
    case 'silent':
    case 'incoming':
    case 'accepting':
      if (own) reviewInvited(ctx, call, own);
      return reviewEarlier(ctx, call);
    case 'in':
      return own && reviewIn(ctx, call, own);
  }
}

/**
 * Removes a missed call when this user turns out to have answered that invitation, or a later one to the same call, on
 * another device, or when it turns out to cross a call of this user. A call that the user joins later, in a round of its
 * own, stays missed.
 */
function reviewOver(ctx: TransitionContext, call: Call, own: MemberRecord | undefined): void {
  const isAnswered =
    own !== undefined &&
    own.round === ctx.reportedMissed.get(call.id) &&
    (wasIn(own) || own.state === 'declined' || own.state === 'glare');
  if (answeredElsewhere(call) || isAnswered) takeBackMissed(ctx, call);
}

/** An earlier invitation to this call may have been missed, and this one was answered on another device. */
function reviewEarlier(ctx: TransitionContext, call: Call): void {
  if (call.phase === 'over') reviewOver(ctx, call, recordOf(call, ctx.me));
}

/** Removes a reported missed call: an invitation to that call was answered. */
export function takeBackMissed(ctx: TransitionContext, call: Call): void {
  if (ctx.reportedMissed.delete(call.id)) ctx.effect({ type: 'unmissed', callID: call.id });
}

function reviewSettling(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const hasAnswered = wasIn(own) && !isOfJoinElsewhere(call, own);
  if (answeredElsewhere(call) || hasAnswered || own.state === 'declined' || own.state === 'glare') {
    call.phase = 'over';
    // An earlier invitation to this call may have been missed.
    reviewOver(ctx, call, own);
  } else if (call.rang && isRejected(own)) {
    if (own.state === 'timeout') notifyTimeout(ctx, call);
    else notifyCanceled(ctx, call);
  }
}

function reviewInvited(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const accepting = call.phase === 'accepting';
  if (call.joining) {
    if (call.joining.isInElsewhere) return finish(ctx, call, 'answered-elsewhere');
    const selected = own.state === 'in' && own.device === ctx.self.deviceID;
    // Records of an earlier round do not decide about the requested one.
    if (own.round < call.joining.round && !selected) {
      if (call.isConfirmed && alone(ctx, call) && !awaitsConfirmation(ctx, call))
        finish(
          ctx,
          call,
          call.joining.replaces === undefined ? 'connection-lost' : reasonWhenAlone(ctx, call),
        );
      return;
    }
  }
  if (own.state === 'in') {
    if (own.device !== ctx.self.deviceID) return finish(ctx, call, 'answered-elsewhere');
    if (accepting) return enter(ctx, call);
    sendStaleEntryLeft(ctx, call, own);
    return finish(ctx, call, 'answered-elsewhere');
  }
  if (own.state === 'left')
    return finish(
      ctx,
      call,
      own.device === ctx.self.deviceID ? 'connection-lost' : 'answered-elsewhere',
    );
  if (isRejected(own)) return finish(ctx, call, endReasonOf(call, own));
  if (answeredElsewhere(call) && !accepting) return finish(ctx, call, 'answered-elsewhere');
  if (call.ended) return finish(ctx, call, 'canceled');
  const isTrusted = ctx.now < call.trustedUntil && !call.isConfirmed;
  if (alone(ctx, call) && !isTrusted && !awaitsConfirmation(ctx, call))
    finish(ctx, call, accepting && !hasBeenLeft(call) ? 'connection-lost' : 'canceled');
}

/** Whether a member who was in has left on purpose. */
const hasBeenLeft = ({ absent }: Call): boolean =>
  [...absent.values()].some(({ type }) => type === 'hung-up');

/** @returns the end reason for an invitation that was ended by the coordinator or by another device of this user */
function endReasonOf(call: Call, own: MemberRecord): EndReason {
  switch (own.state) {
    case 'declined':
      return 'declined-elsewhere';
    case 'glare':
      return 'answered-elsewhere';
    case 'timeout':
    case 'unreachable':
      return 'timeout';
    case 'busy':
      return call.phase === 'silent' ? 'busy' : 'canceled';
    default:
      return 'canceled';
  }
}

/** Enters the call after this device was selected. */
function enter(ctx: TransitionContext, call: Call): void {
  call.phase = 'in';
  call.round = recordOf(call, ctx.me)?.round ?? call.round;
  const hasReconnected = call.reconnected;
  call.reconnected = false;
  const isJoined = call.joining !== undefined;
  call.joining = undefined;
  if (isJoined || call.cameBackAt !== undefined) call.cameBackAt = ctx.now;
  postponeTimeouts(ctx, call);
  // After a reconnect, the server may have withheld the offer, because the invitation was cancelled while this device was away.
  if (hasReconnected) for (const link of [...call.links.values()]) rebuildLink(ctx, call, link);
  if (call.glareType !== undefined)
    ctx.callback(call, 'onOutgoingCallAccepted', call.id, nameOf(call, call.initiator));
  call.glareType = undefined;
  // Devices that were reported as lost may be back, and members who were in before a join may have left, so they are
  // asked. Without media no link shows whether a device is connected, so all devices are asked.
  for (const { user, state, device = '' } of records(call))
    if (
      user !== ctx.me &&
      state === 'in' &&
      (isJoined ||
        call.absent.has(deviceKey(user, device)) ||
        !ctx.self.media ||
        // The server learns from the `sync` that this device is in more than one call.
        keepsOthers(ctx, call).keepsOthers)
    )
      ask(ctx, call, user, device);
  // The server may have withheld earlier answers, because this device was not in the call.
  for (const claim of call.claims.values()) claim.questions = 0;
  askAboutClaims(ctx, call);
  review(ctx, call);
}

/**
 * A device that comes in may not know yet how invitations have ended, also its own ones: these do not time out before their
 * current state has arrived.
 */
function postponeTimeouts(ctx: TransitionContext, call: Call): void {
  for (const user of othersPending(call, ctx.me)) {
    const member = call.members.get(user);
    if (member?.deadline !== undefined) member.deadline = Math.max(member.deadline, ctx.now);
  }
}

function reviewIn(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  // This user was considered lost and is invited again: accepted at the end of this transition.
  if (isPending(own)) return;
  // That invitation ended unanswered while this device was disconnected.
  if (isRejected(own) && own.state !== 'declined') return finish(ctx, call, 'connection-lost');
  if (own.state !== 'in' || own.device !== ctx.self.deviceID)
    return finish(ctx, call, 'answered-elsewhere');
  for (const user of othersPending(call, ctx.me)) startInvitationTimers(ctx, call, user);
  settleClaims(ctx, call);
  admitReturned(ctx, call);
  selectAnswers(ctx, call);
  reviewTransfer(ctx, call);
  if (call.ended) return finish(ctx, call, call.group ? 'initiator-left' : 'hung-up');
  if (call.endWithInitiator && call.initiator !== ctx.me) {
    const initiator = recordOf(call, call.initiator);
    const isGone = initiator
      ? wasIn(initiator) && !isIn(call, call.initiator)
      : hasLostInitiator(call);
    if (isGone)
      return finish(
        ctx,
        call,
        call.group ? 'initiator-left' : reasonForLeaving(call, initiator),
        'leave',
      );
  }
  if (!alone(ctx, call)) {
    call.hadPeer = true;
    if (!ctx.self.media) call.startedAt ??= ctx.now;
  } else if (!othersPending(call, ctx.me).length && !awaitsConfirmation(ctx, call))
    return finish(ctx, call, reasonWhenAlone(ctx, call), 'leave');
  linkMembers(ctx, call);
}

/** @returns the end reason if the other user of a one-to-one call is not in any more */
function reasonForLeaving(call: Call, record: MemberRecord | undefined): EndReason {
  if (record?.state !== 'left') return hasHungUp(call, record) ? 'hung-up' : 'connection-lost';
  // The server cancels the call of an invited user when all other devices seem to be lost.
  if (record.reason === 'canceled' && record.user !== call.initiator) return 'connection-lost';
  return record.reason === 'media-failed' || record.reason === 'connection-lost'
    ? record.reason
    : 'hung-up';
}

/** Whether a user has left this call on purpose, as the user's device has shown. */
const hasHungUp = ({ absent }: Call, record: MemberRecord | undefined): boolean =>
  record !== undefined &&
  absent.get(deviceKey(record.user, record.device ?? ''))?.type === 'hung-up';

/** @returns the end reason if no other user is left */
function reasonWhenAlone(ctx: TransitionContext, call: Call): EndReason {
  const known = everybodyElse(call, ctx.me).flatMap((user) => recordOf(call, user) ?? []);
  if (call.hadPeer || known.some(wasIn))
    return call.group ? 'everyone-left' : reasonForLeaving(call, known[0]);
  return call.lastOutcome ?? 'connection-lost';
}

/**
 * Sends `leave` after a stale entry: a record states that this device is in a call that it has left or does not know.
 */
export function sendStaleEntryLeft(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const reason = call.endReason ?? own.reason ?? 'connection-lost';
  const left: MemberRecord = { ...own, state: 'left', reason };
  const member = call.members.get(ctx.me);
  if (member) member.record = left;
  ctx.send(call, everybodyElse(call, ctx.me), { type: 'leave', reason }, [left]);
}
