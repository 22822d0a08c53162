import type { EndReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import {
  deviceKey,
  everybodyElse,
  isIn,
  nameOf,
  othersPending,
  recordOf,
  records,
} from './call.js';
import { askAboutClaims } from './claims.js';
import type { TransitionContext } from './transition-context.js';
import { alone, finish, notifyCanceled, notifyTimeout } from './ending.js';
import { selectAnswers, startInvitationTimers } from './coordinator.js';
import { ask, linkMembers } from './links.js';
import { isPending, isRejected, wasIn } from './record-order.js';
import type { Call } from './types.js';

/*
 * The only place where a change of knowledge becomes a change of phase.
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
      return own && reviewInvited(ctx, call, own);
    case 'in':
      return own && reviewIn(ctx, call, own);
  }
}

/** Another device of this user answered the invitation that is held here. */
const answeredElsewhere = (call: Call): boolean =>
  call.answered !== undefined && call.answered.round >= call.round;

/** An answer that is heard late takes a missed call back; so does whoever joins it, see `enter`. */
function reviewOver(ctx: TransitionContext, call: Call, own: MemberRecord | undefined): void {
  if (answeredElsewhere(call) || (own && (wasIn(own) || own.state === 'declined')))
    takeBackMissed(ctx, call);
}

function takeBackMissed(ctx: TransitionContext, call: Call): void {
  if (ctx.reportedMissed.delete(call.id)) ctx.effect({ type: 'unmissed', callID: call.id });
}

function reviewSettling(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  if (answeredElsewhere(call) || wasIn(own) || own.state === 'declined' || own.state === 'glare') {
    call.phase = 'over';
  } else if (call.rang && isRejected(own)) {
    if (own.state === 'timeout') notifyTimeout(ctx, call);
    else notifyCanceled(ctx, call);
  }
}

function reviewInvited(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const accepting = call.phase === 'accepting';
  if (call.joining) {
    if (call.joining.isRefused) return finish(ctx, call, 'answered-elsewhere');
    const selected = own.state === 'in' && own.device === ctx.self.deviceID;
    // What is known of an earlier round says nothing about the one that is hoped for.
    if (own.round < call.joining.round && !selected) {
      if (call.isConfirmed && alone(ctx, call))
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
  if (alone(ctx, call) && !(ctx.now < call.trustedUntil && !call.isConfirmed))
    finish(ctx, call, accepting && !hasMoved(call) ? 'connection-lost' : 'canceled');
}

/** Somebody who was in has left by inviting to another call. */
const hasMoved = ({ absent }: Call): boolean =>
  [...absent.values()].some(({ type }) => type === 'moved');

/** What a refusal by the coordinator, or by another device of this user, means here. */
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

/** Selected: this device is in. */
function enter(ctx: TransitionContext, call: Call): void {
  call.phase = 'in';
  takeBackMissed(ctx, call);
  call.round = recordOf(call, ctx.me)?.round ?? call.round;
  const isJoined = call.joining !== undefined;
  call.joining = undefined;
  if (isJoined) doubtOldKnowledge(ctx, call);
  if (call.glareType !== undefined)
    ctx.callback(call, 'onOutgoingCallAccepted', call.id, nameOf(call, call.initiator));
  call.glareType = undefined;
  // Who was said to have vanished may be back, and who was in before a join may have left. Where no link shows it, others may have vanished: the server hears it ask.
  for (const { user, state, device = '' } of records(call))
    if (
      user !== ctx.me &&
      state === 'in' &&
      (isJoined || call.absent.has(deviceKey(user, device)) || !ctx.self.media)
    )
      ask(ctx, call, user, device);
  // Before, the server may have kept back what was answered: now this device is known to be in.
  for (const claim of call.claims.values()) claim.questions = 0;
  askAboutClaims(ctx, call);
  review(ctx, call);
}

/**
 * What a device that comes back in knows of open invitations is old, also of its own: they are not timed out before it
 * has heard how they stand.
 */
function doubtOldKnowledge(ctx: TransitionContext, call: Call): void {
  call.cameBack = true;
  for (const user of othersPending(call, ctx.me)) {
    const member = call.members.get(user);
    if (member?.deadline !== undefined) member.deadline = Math.max(member.deadline, ctx.now);
  }
}

function reviewIn(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  // Invited again, as one who was taken for vanished: it is accepted at the end of this transition.
  if (isPending(own)) return;
  // That invitation ended unanswered while this device was away.
  if (isRejected(own) && own.state !== 'declined') return finish(ctx, call, 'connection-lost');
  if (own.state !== 'in' || own.device !== ctx.self.deviceID)
    return finish(ctx, call, 'answered-elsewhere');
  for (const user of othersPending(call, ctx.me))
    if (!call.members.get(user)?.isTimerRunning) startInvitationTimers(ctx, call, user);
  selectAnswers(ctx, call);
  if (call.ended) return finish(ctx, call, call.group ? 'initiator-left' : 'hung-up');
  if (call.endWithInitiator && call.initiator !== ctx.me) {
    const initiator = recordOf(call, call.initiator);
    if (initiator && wasIn(initiator) && !isIn(call, call.initiator))
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
  } else if (!othersPending(call, ctx.me).length)
    return finish(ctx, call, reasonWhenAlone(ctx, call), 'leave');
  linkMembers(ctx, call);
}

/** Why somebody who was in is not in any more. */
function reasonForLeaving(call: Call, record: MemberRecord | undefined): EndReason {
  if (record?.state !== 'left') return hasMovedAway(call, record) ? 'hung-up' : 'connection-lost';
  // Somebody who was invited and left `canceled` was told so by the server, when everybody else seemed gone.
  if (record.reason === 'canceled' && record.user !== call.initiator) return 'connection-lost';
  return record.reason === 'media-failed' || record.reason === 'connection-lost'
    ? record.reason
    : 'hung-up';
}

/** Its device invited to another call: it left this one of its own will. */
const hasMovedAway = ({ absent }: Call, record: MemberRecord | undefined): boolean =>
  record !== undefined && absent.get(deviceKey(record.user, record.device ?? ''))?.type === 'moved';

/** Why nobody else is left. */
function reasonWhenAlone(ctx: TransitionContext, call: Call): EndReason {
  const known = everybodyElse(call, ctx.me).flatMap((user) => recordOf(call, user) ?? []);
  if (call.hadPeer || known.some(wasIn))
    return call.group ? 'everyone-left' : reasonForLeaving(call, known[0]);
  return call.lastOutcome ?? 'connection-lost';
}

/** Named `in` with this device, in a call that this device has left or does not know: it says so. */
export function sendStaleEntryLeft(ctx: TransitionContext, call: Call, own: MemberRecord): void {
  const reason = call.reason ?? own.reason ?? 'connection-lost';
  const left: MemberRecord = { ...own, state: 'left', reason };
  const member = call.members.get(ctx.me);
  if (member) member.record = left;
  ctx.send(call, everybodyElse(call, ctx.me), { type: 'leave', reason }, [left]);
}
