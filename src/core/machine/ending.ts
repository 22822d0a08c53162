import type { EndReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { answeredElsewhere, nameOf, others, othersIn, recordOf, records } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { closeLinks } from './links.js';
import { isPending, isRejected } from './record-order.js';
import type { Call } from './types.js';

/*
 * The end of a call on this device: closes links and media, notifies the others, and decides whether the call was
 * missed.
 */

/** The message that the others get: `leave`, `end` (for all members), or none. */
type Farewell = 'leave' | 'end' | 'nothing';

/**
 * Ends the call on this device. An unanswered invitation settles first: an answer of another device may still arrive.
 */
export function finish(
  ctx: TransitionContext,
  call: Call,
  reason: EndReason,
  farewell: Farewell = 'nothing',
): void {
  const was = call.phase;
  call.phase = 'over';
  call.endReason = reason;
  call.endedAt = ctx.now;
  if (was === 'in') sendFarewell(ctx, call, reason, farewell);
  else if (was === 'accepting' && reason !== 'hung-up') sendGaveUp(ctx, call, reason);
  closeLinks(ctx, call);
  ctx.effect({ type: 'stop-timers', callID: call.id });
  for (const member of call.members.values()) member.timerAs = undefined;
  if (ctx.waiting === call.id) ctx.waiting = undefined;
  const wasOnHold = call.holdNumber !== undefined;
  call.holdNumber = undefined;
  if (ctx.current === call.id) {
    ctx.current = undefined;
    ctx.effect({ type: 'close-media', callID: call.id });
    showEnd(ctx, call);
  } else if (wasOnHold) {
    ctx.effect({ type: 'close-media', callID: call.id });
    ctx.callback(call, 'onHeldCallEnded', call.id, reason);
  }
  if (was === 'held' || was === 'silent' || was === 'incoming') settle(ctx, call, reason);
  else if (was === 'accepting') notifyRejected(ctx, call, reason);
}

/** Shows the end of the call for two seconds. */
export function showEnd(ctx: TransitionContext, call: Call): void {
  ctx.shownEnd = call.id;
  ctx.startTimer(call, { kind: 'shown' }, durations.SHOW_END_MS);
}

function sendFarewell(
  ctx: TransitionContext,
  call: Call,
  reason: EndReason,
  farewell: Farewell,
): void {
  const own = recordOf(call, ctx.me);
  if (own?.state !== 'in' || own.device !== ctx.self.deviceID) return;
  const to = others(call, ctx.me);
  const left: MemberRecord = { ...own, state: 'left', reason };
  const member = call.members.get(ctx.me);
  if (member) member.record = left;
  if (farewell === 'end')
    for (const m of call.members.values())
      if (isPending(m.record)) {
        m.record = { ...m.record, state: 'canceled' };
        m.isEndedHere = true;
      }
  // Records of open invitations are left to their coordinator.
  const known = records(call).filter((record) => !isPending(record));
  const type = farewell === 'end' ? 'end' : 'leave';
  // If no other user is left, the message still informs the server, which must not report this device as lost.
  ctx.send(call, to.length ? to : [ctx.me], { type, reason } as const, known);
}

function sendGaveUp(ctx: TransitionContext, call: Call, reason: EndReason): void {
  const own = recordOf(call, ctx.me);
  const body = { type: 'leave', reason, gaveUp: true } as const;
  if (own && isPending(own)) ctx.send(call, [...others(call, ctx.me), ctx.me], body);
  // A member may have let this device join, while another one invited its user in the same round, who answered elsewhere:
  // the server delivers only one of the two, so this device may never receive the `select` that it could answer.
  else if (own && isRejected(own) && call.joining) ctx.send(call, others(call, ctx.me), body);
  // A second coordinator may have selected this device, while the other device of this user came in.
  else if (own?.state === 'in' && own.device !== ctx.self.deviceID)
    ctx.send(call, others(call, ctx.me), body, [own]);
}

/** Notifies the user that an accepted call was not established, and why. */
function notifyRejected(ctx: TransitionContext, call: Call, reason: EndReason): void {
  // The user was not asked: the call that it was to replace goes on.
  if (call.replacesCall !== undefined) return;
  if (call.joining) {
    call.joining = undefined;
  } else if (call.glareType === undefined) {
    if (reason === 'canceled' || reason === 'connection-lost') notifyCanceled(ctx, call);
    else if (reason === 'timeout') notifyTimeout(ctx, call);
  }
}

export function notifyCanceled(ctx: TransitionContext, call: Call): void {
  if (call.endNotified) return;
  call.endNotified = true;
  const customData = recordOf(call, ctx.me)?.customData ?? '';
  ctx.callback(call, 'onIncomingCallCanceled', call.id, nameOf(call, call.caller), customData);
}

export function notifyTimeout(ctx: TransitionContext, call: Call): void {
  if (call.endNotified) return;
  call.endNotified = true;
  ctx.callback(call, 'onIncomingCallTimeout', call.id, nameOf(call, call.caller));
}

/**
 * Settles an unanswered invitation: missed or not is decided 3 s after a `cancel`, or 6 s after this device's own
 * timer.
 */
export function settle(ctx: TransitionContext, call: Call, reason: EndReason): void {
  if (reason !== 'canceled' && reason !== 'timeout' && reason !== 'busy') return;
  const own = recordOf(call, ctx.me);
  const isDecided = !!own && !isPending(own);
  if (call.rang && reason === 'canceled') notifyCanceled(ctx, call);
  if (call.rang && reason === 'timeout' && isDecided) notifyTimeout(ctx, call);
  // The device that has answered told that together with the end.
  if (answeredElsewhere(call)) return;
  call.phase = 'settling';
  call.unansweredReason ??= reason;
  const remaining = (call.members.get(ctx.me)?.deadline ?? ctx.now) - ctx.now;
  const wait =
    reason === 'timeout' && !isDecided
      ? durations.SETTLE_AFTER_OWN_TIMER_MS + Math.max(0, remaining)
      : durations.SETTLE_AFTER_NOTICE_MS;
  startSettling(ctx, call, wait);
}

function startSettling(ctx: TransitionContext, call: Call, ms: number): void {
  ctx.startTimer(call, { kind: 'settle', round: call.round }, ms);
}

/** The invitation has settled without an answer: reports the missed call. A glared call is never a missed call. */
export function onSettled(ctx: TransitionContext, call: Call): void {
  if (!ctx.synced) {
    call.settleWaitsForSync = true;
    return;
  }
  call.phase = 'over';
  if (call.glareSurvivor !== undefined && !call.rang) return;
  const reason = call.unansweredReason ?? 'timeout';
  if (reason !== 'busy' && !ctx.blocked.has(call.caller)) notifyTimeout(ctx, call);
  ctx.reportMissed({
    callID: call.id,
    caller: nameOf(call, call.caller),
    callType: call.type,
    callees: call.callees.map((user) => nameOf(call, user)),
    group: call.group,
    customData: call.customData,
    at: { agoMs: ctx.now - call.endedAt },
    fresh: true,
    reason,
    round: call.round,
    resourceID: call.resourceID,
  });
}

/** A device that was disconnected decides three seconds after its initial sync. */
export function onSyncedWhileSettling(ctx: TransitionContext, call: Call): void {
  if (!call.settleWaitsForSync) return;
  call.settleWaitsForSync = false;
  startSettling(ctx, call, durations.SETTLE_AFTER_NOTICE_MS);
}

/** Whether no other user is in the call. */
export const alone = (ctx: TransitionContext, call: Call): boolean =>
  othersIn(call, ctx.me).length === 0;
