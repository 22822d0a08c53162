import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { claimedIn, nameOf, othersIn, othersPending, recordOf } from './call.js';
import { askAboutClaims } from './claims.js';
import type { MessageBody, TransitionContext } from './transition-context.js';
import { alone, finish, notifyCanceled, showEnd } from './ending.js';
import { endInvitation } from './coordinator.js';
import { sync } from './call-report.js';
import { mayWait } from './hold.js';
import { closeLinks } from './links.js';
import { isPending } from './record-order.js';
import { acceptReplacement } from './replacement.js';
import { review } from './review.js';
import type { Call, Member } from './types.js';
import { acceptCall } from './user-events.js';

/*
 * Handles an invitation after the initial sync: it rings, is answered as busy, is too late, or crosses this device's
 * own call (glare).
 */

/** Lets an invitation ring, answers it as busy, or ends it if too little time remains. */
export function ring(ctx: TransitionContext, call: Call): void {
  const member = call.members.get(ctx.me);
  if (!member || !isPending(member.record)) return;
  const remaining = (member.deadline ?? ctx.now) - ctx.now;
  if (resolveGlare(ctx, call) || acceptReplacement(ctx, call)) return;
  const isSecond = ctx.isBusy(call.id);
  const isQuiet = ctx.doNotDisturb || ctx.blocked.has(call.caller);
  const isBusy = (isSecond && !mayWait(ctx, call)) || (isQuiet && ringsQuietly(ctx));
  if (isBusy || !ctx.self.canTakeCalls) {
    call.phase = 'silent';
    call.unansweredReason = 'busy';
    sendBusy(ctx, call);
    askAboutClaims(ctx, call);
    return followSilently(ctx, call, remaining);
  }
  if (remaining < durations.MIN_RING_MS && remaining < call.timeoutMs / 2)
    return finish(ctx, call, 'timeout');
  call.phase = 'incoming';
  call.isQuiet = isQuiet;
  if (isQuiet) return startRinging(ctx, call, member, remaining);
  call.rang = true;
  if (isSecond) ctx.waiting = call.id;
  else ctx.current = call.id;
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

/** Starts to ring: sends `ringing` to the members, and starts the timer that ends it. */
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

/**
 * Whether an invitation rings quietly. A caller who knows of it, and calls as well, gets the same answer as while a call
 * rings.
 */
const ringsQuietly = ({ calls }: TransitionContext): boolean =>
  [...calls.values()].some(({ phase, isQuiet }) => phase === 'incoming' && isQuiet);

/** When the user is in a call, here or on another device, invitations that ring quietly are answered busy. */
export function endQuietRinging(ctx: TransitionContext): void {
  for (const { id, isQuiet, phase } of [...ctx.calls.values()]) {
    if (!isQuiet || phase !== 'incoming') continue;
    const current = ctx.calls.get(ctx.current ?? '');
    const isInCall = current?.phase === 'in' || current?.phase === 'accepting';
    if (!isInCall && !ctx.isBusyElsewhere(id)) continue;
    const call = ctx.call(id);
    if (call) answerBusy(ctx, call);
  }
}

/** The user is in a call on another device: no other call rings here any more. They are answered busy. */
export function stopRingingIfBusy(ctx: TransitionContext): void {
  for (const id of [ctx.waiting, ctx.current]) {
    const call = ctx.call(id);
    if (call?.phase === 'incoming' && ctx.isBusyElsewhere(call.id)) stopRinging(ctx, call);
  }
}

function stopRinging(ctx: TransitionContext, call: Call): void {
  if (ctx.waiting === call.id) ctx.waiting = undefined;
  else {
    ctx.current = undefined;
    ctx.effect({ type: 'close-media', callID: call.id });
    showEnd(ctx, call);
  }
  notifyCanceled(ctx, call);
  answerBusy(ctx, call);
}

/** Answers busy to an invitation that has rung on this device until now. */
function answerBusy(ctx: TransitionContext, call: Call): void {
  call.phase = 'silent';
  call.unansweredReason = call.endReason = 'busy';
  sendBusy(ctx, call);
  followSilently(ctx, call, (call.members.get(ctx.me)?.deadline ?? ctx.now) - ctx.now);
}

/** Sends a message to all users who are in or invited, but not to this user's other devices. */
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

/** Follows an invitation without ringing until it ends, to decide whether it was missed. */
export function followSilently(ctx: TransitionContext, call: Call, remaining: number): void {
  const ms = Math.max(0, remaining) + durations.SETTLE_AFTER_OWN_TIMER_MS;
  ctx.startTimer(call, { kind: 'silent', round: call.round }, ms);
}

/**
 * Whether a held invitation may ring. A glared call was placed long before it rings: if this device has reconnected
 * since, messages about its end may be lost, and a member who is in confirms it first.
 */
export const mayRing = (ctx: TransitionContext, { glareSurvivor, isDoubtful }: Call): boolean =>
  ctx.synced && !(glareSurvivor !== undefined && isDoubtful);

/** Resolves glares: pairs of crossing calls of which one was decided in this transition. */
export function resolveGlaredCalls(ctx: TransitionContext): void {
  for (const { id, glareSurvivor } of [...ctx.calls.values()]) {
    ringOnceConfirmed(ctx, id);
    if (glareSurvivor === undefined || ctx.before.calls.get(glareSurvivor)?.phase !== 'in')
      continue;
    if (!ctx.changedCalls.has(id) && !ctx.changedCalls.has(glareSurvivor)) continue;
    const call = ctx.call(glareSurvivor);
    const glaredCall = ctx.call(id);
    if (call && glaredCall) resolveGlaredCall(ctx, call, glaredCall);
  }
}

function ringOnceConfirmed(ctx: TransitionContext, id: string): void {
  const [before, now] = [ctx.before.calls.get(id), ctx.calls.get(id)];
  if (!before?.isDoubtful || now?.phase !== 'held' || !mayRing(ctx, now)) return;
  const call = ctx.call(id);
  if (call) ring(ctx, call);
}

/**
 * @param call this device's own call, the survivor.
 * @param glaredCall the other user's call, which is followed silently
 */
function resolveGlaredCall(ctx: TransitionContext, call: Call, glaredCall: Call): void {
  const { caller } = glaredCall;
  if (call.phase === 'in' && call.hadPeer) {
    if (glaredCall.phase !== 'silent') return;
    if (recordOf(call, caller)?.device === recordOf(glaredCall, caller)?.device) return;
    // Another device of the caller has answered.
    endGlare(ctx, glaredCall);
  } else if (call.phase === 'in') {
    // Another device of this user was selected in the other user's call: the own call ends.
    if (recordOf(glaredCall, ctx.me)?.state !== 'in') return;
    for (const user of othersPending(call, ctx.me)) endInvitation(ctx, call, user, 'glare');
    review(ctx, call);
  } else if (
    call.endReason !== 'answered-elsewhere' &&
    !call.hadPeer &&
    glaredCall.phase === 'silent'
  ) {
    // The own call has ended unanswered, and the other user's call is still open.
    const remaining = (glaredCall.members.get(ctx.me)?.deadline ?? 0) - ctx.now;
    if (alone(ctx, glaredCall) || remaining <= durations.MIN_RING_MS) return;
    if (ctx.current !== undefined) return endGlare(ctx, glaredCall);
    glaredCall.phase = 'held';
    if (mayRing(ctx, glaredCall)) ring(ctx, glaredCall);
    else if (ctx.synced) sync(ctx, glaredCall);
  }
}

/** Answers busy to a glared call that does not cross another call any more. */
function endGlare(ctx: TransitionContext, glaredCall: Call): void {
  glaredCall.glareSurvivor = undefined;
  glaredCall.unansweredReason = 'busy';
  sendBusy(ctx, glaredCall);
}

/** Whether this device has answered busy, and follows the invitation silently to its end. */
export const isSilentlyBusy = (call: Call): boolean =>
  call.phase === 'silent' && !!call.unansweredReason;

/** Sends busy (or unsupported) to the members, but not to this user's other devices, which may ring. */
export function sendBusy(ctx: TransitionContext, call: Call): void {
  const reason = ctx.self.canTakeCalls ? 'busy' : 'unsupported';
  const round = recordOf(call, ctx.me)?.round ?? 1;
  sendToMembers(ctx, call, { type: 'decline', reason, round, customData: '' });
}

/**
 * Detects and resolves a glare: two one-to-one calls between the same users cross. The call with the lower callID
 * survives; the device of the other call accepts the survivor automatically.
 * @returns whether there is a glare
 */
function resolveGlare(ctx: TransitionContext, call: Call): boolean {
  const other = call.caller;
  const own = ctx.call(ctx.current);
  if (own?.phase !== 'in' || own.initiator !== ctx.me || own.hadPeer) return false;
  const record = recordOf(own, other);
  if (own.group || call.group || !record || !isPending(record)) return false;
  // An invitation to a call that another user has placed does not cross the own call.
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
  own.endReason = 'answered-elsewhere';
  own.endedAt = ctx.now;
  closeLinks(ctx, own);
  ctx.effect({ type: 'close-media', callID: own.id });
  ctx.effect({ type: 'stop-timers', callID: own.id });
  ctx.current = call.id;
  call.glareType = own.type;
  acceptCall(ctx, call);
  return true;
}
