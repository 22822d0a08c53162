import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { claimedIn, nameOf, othersIn, othersPending, recordOf } from './call.js';
import { askAboutClaims } from './claims.js';
import type { MessageBody, TransitionContext } from './transition-context.js';
import { alone, finish } from './ending.js';
import { endInvitation } from './coordinator.js';
import { closeLinks } from './links.js';
import { isPending } from './record-order.js';
import { review } from './review.js';
import type { Call, Member } from './types.js';
import { acceptCall } from './user-events.js';

/*
 * What becomes of an invitation that this device holds once everything queued was read: it rings, is refused as
 * busy, comes too late, or crosses this device's own call.
 */

/** The invitation rings here, is refused as busy, or comes too late to do either. */
export function ring(ctx: TransitionContext, call: Call): void {
  const member = call.members.get(ctx.me);
  if (!member || !isPending(member.record)) return;
  const remaining = (member.deadline ?? ctx.now) - ctx.now;
  if (resolveGlare(ctx, call)) return;
  if (ctx.isBusy(call.id) || ctx.doNotDisturb || !ctx.self.canTakeCalls) {
    call.phase = 'silent';
    call.unansweredReason = 'busy';
    sendBusy(ctx, call);
    askAboutClaims(ctx, call);
    return followSilently(ctx, call, remaining);
  }
  if (remaining < durations.MIN_RING_MS && remaining < call.timeoutMs / 2)
    return finish(ctx, call, 'timeout');
  call.phase = 'incoming';
  call.rang = true;
  ctx.current = call.id;
  const callees = call.callees.map((user) => nameOf(call, user));
  ctx.callback(
    call,
    'onIncomingCallReceived',
    call.id,
    nameOf(call, call.caller),
    call.type,
    callees,
    call.customData,
  );
  startRinging(ctx, call, member, remaining);
}

/** Tells those who are in, or ring themselves, and stops when the time is over. */
export function startRinging(
  ctx: TransitionContext,
  call: Call,
  member: Member,
  remaining: number,
): void {
  askAboutClaims(ctx, call);
  const { user, round, inviter } = member.record;
  member.record = { user, round, inviter, state: 'ringing' };
  sendToMembers(ctx, call, { type: 'ringing', round }, [member.record]);
  ctx.startTimer(call, { kind: 'ring', round }, remaining);
}

/** Says something to those who are in, or still invited: not to this user's other devices. */
function sendToMembers(
  ctx: TransitionContext,
  call: Call,
  body: MessageBody,
  known: MemberRecord[] = [],
): void {
  const to = [
    ...othersPending(call, ctx.me),
    ...othersIn(call, ctx.me),
    ...claimedIn(call, ctx.me),
  ];
  ctx.send(call, to, body, known);
}

/** Held without ringing until it ends: to decide whether it was missed. */
export function followSilently(ctx: TransitionContext, call: Call, remaining: number): void {
  const ms = Math.max(0, remaining) + durations.SETTLE_AFTER_OWN_TIMER_MS;
  ctx.startTimer(call, { kind: 'silent', round: call.round }, ms);
}

/** Glare: what becomes of two calls that crossed, once one of them is decided. */
export function resolveGlaredCalls(ctx: TransitionContext): void {
  for (const { id, glareSurvivor } of [...ctx.calls.values()]) {
    if (glareSurvivor === undefined || ctx.before.calls.get(glareSurvivor)?.phase !== 'in')
      continue;
    if (!ctx.changedCalls.has(id) && !ctx.changedCalls.has(glareSurvivor)) continue;
    const call = ctx.call(glareSurvivor);
    const glaredCall = ctx.call(id);
    if (call && glaredCall) resolveGlaredCall(ctx, call, glaredCall);
  }
}

/** `call` is this device's own and the survivor, `glaredCall` the other's that it follows silently. */
function resolveGlaredCall(ctx: TransitionContext, call: Call, glaredCall: Call): void {
  const { caller } = glaredCall;
  if (call.phase === 'in' && call.hadPeer) {
    if (glaredCall.phase !== 'silent') return;
    if (recordOf(call, caller)?.device === recordOf(glaredCall, caller)?.device) return;
    // Another device of the caller answered.
    endGlare(ctx, glaredCall);
  } else if (call.phase === 'in') {
    // A sibling was selected in the other's call: the own one gives way.
    if (recordOf(glaredCall, ctx.me)?.state !== 'in') return;
    for (const user of othersPending(call, ctx.me)) endInvitation(ctx, call, user, 'glare');
    review(ctx, call);
  } else if (
    call.reason !== 'answered-elsewhere' &&
    !call.hadPeer &&
    glaredCall.phase === 'silent'
  ) {
    // The own call ended unanswered, and the other's still waits.
    const remaining = (glaredCall.members.get(ctx.me)?.deadline ?? 0) - ctx.now;
    if (alone(ctx, glaredCall) || remaining <= durations.MIN_RING_MS) return;
    if (ctx.current !== undefined) endGlare(ctx, glaredCall);
    else if (ctx.synced) ring(ctx, glaredCall);
    else glaredCall.phase = 'held';
  }
}

/** A call that crosses nothing any more is told of busy. */
function endGlare(ctx: TransitionContext, glaredCall: Call): void {
  glaredCall.glareSurvivor = undefined;
  glaredCall.unansweredReason = 'busy';
  sendBusy(ctx, glaredCall);
}

/** This device has said busy, and follows the invitation to its end. */
export const isSilentlyBusy = (call: Call): boolean =>
  call.phase === 'silent' && !!call.unansweredReason;

/** A device's answer, to the members alone: this user's other devices may ring. */
export function sendBusy(ctx: TransitionContext, call: Call): void {
  const reason = ctx.self.canTakeCalls ? 'busy' : 'unsupported';
  const round = recordOf(call, ctx.me)?.round ?? 1;
  sendToMembers(ctx, call, { type: 'decline', reason, round, customData: '' });
}

/**
 * Two people call each other at once, one-to-one: the lower callID survives. The other caller's device, which
 * wanted to talk, accepts the survivor by itself.
 */
function resolveGlare(ctx: TransitionContext, call: Call): boolean {
  const other = call.caller;
  const own = ctx.call(ctx.current);
  if (own?.phase !== 'in' || own.initiator !== ctx.me || own.hadPeer) return false;
  const record = recordOf(own, other);
  if (own.group || call.group || !record || !isPending(record)) return false;
  // Into a call that somebody else has placed one is invited: that crosses nothing.
  if (call.initiator !== other) return false;
  if (call.id > own.id) {
    call.glareSurvivor = own.id;
    call.phase = 'silent';
    followSilently(ctx, call, (call.members.get(ctx.me)?.deadline ?? ctx.now) - ctx.now);
    return true;
  }
  endInvitation(ctx, own, other, 'glare');
  const member = own.members.get(ctx.me);
  if (member) member.record = { ...member.record, state: 'left' };
  own.phase = 'over';
  own.reason = 'answered-elsewhere';
  own.endedAt = ctx.now;
  closeLinks(ctx, own);
  ctx.effect({ type: 'stop-timers', callID: own.id });
  ctx.current = call.id;
  call.glareType = own.type;
  acceptCall(ctx, call);
  return true;
}
