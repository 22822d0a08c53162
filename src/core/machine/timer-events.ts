import { deviceKey, recordOf } from './call.js';
import { askAboutClaims } from './claims.js';
import type { TransitionContext } from './transition-context.js';
import { finish, onSettled } from './ending.js';
import { concludeBusy, decideAgain, timeOut } from './coordinator.js';
import { onCallUnknown } from './call-discovery.js';
import { onLinkTimer, onRelinkTimer } from './links.js';
import { stateCallsAgain } from './other-devices.js';
import { askAfterPause, onLeaveUnanswered, onUnheard } from './questions.js';
import { review } from './review.js';
import type { TimerRef } from './timer-ref.js';
import { onTransferTimer } from './transfer.js';
import type { Call } from './types.js';

/** A timer has fired. A timer whose fields do not fit the call any more has no effect. */
export function onTimer(ctx: TransitionContext, timer: TimerRef): void {
  const { kind, user = '' } = timer;
  if (kind === 'shown') {
    if (ctx.shownEnd === timer.callID) ctx.shownEnd = undefined;
    return;
  }
  if (kind === 'state-calls') return stateCallsAgain(ctx);
  const call = ctx.call(timer.callID);
  if (!call) return;
  switch (kind) {
    case 'ring':
      if (call.phase === 'incoming' && call.round === timer.round) finish(ctx, call, 'timeout');
      return;
    case 'silent':
      if ((call.phase === 'silent' || call.phase === 'held') && call.round === timer.round)
        finish(ctx, call, call.unansweredReason === 'busy' ? 'busy' : 'timeout');
      return;
    case 'settle':
      if (call.phase === 'settling' && call.round === timer.round) onSettled(ctx, call);
      return;
    case 'select':
      if (call.phase === 'accepting' && recordOf(call, ctx.me)?.round === timer.round)
        finish(ctx, call, 'connection-lost');
      return;
    case 'join':
      if (call.phase === 'accepting' && call.joining?.round === timer.round)
        finish(ctx, call, 'connection-lost');
      return;
    case 'learn':
      return onCallUnknown(ctx, call, 'call-over');
    case 'confirm':
      askAboutClaims(ctx, call);
      return review(ctx, call);
    case 'ask':
      return askAfterPause(ctx, call, user, timer.device ?? '');
    case 'leave-query':
      onLeaveUnanswered(ctx, call, user, timer.device ?? '');
      return review(ctx, call);
    case 'unheard':
      return onUnheard(ctx, call, user, timer.device ?? '');
    case 'invitation':
      if (recordOf(call, user)?.round !== timer.round) return;
      timeOut(ctx, call);
      return review(ctx, call);
    case 'busy':
      if (recordOf(call, user)?.round !== timer.round) return;
      concludeBusy(ctx, call, user, true);
      return review(ctx, call);
    case 'decide-again':
      if (recordOf(call, user)?.round === timer.round) decideAgain(ctx, call, user);
      return;
    case 'relink':
      if (call.phase === 'in' || call.phase === 'accepting') onRelinkTimer(ctx, call, timer);
      return;
    case 'transfer':
      return onTransferTimer(ctx, call, timer);
    case 'link':
    case 'probe':
      return onUnlinked(ctx, call, timer);
  }
}

function onUnlinked(ctx: TransitionContext, call: Call, timer: TimerRef): void {
  if (call.phase !== 'in') return;
  const certain = onLinkTimer(ctx, call, timer);
  if (certain === 'unresponsive') {
    call.absent.set(deviceKey(timer.user ?? '', timer.device ?? ''), { type: 'unresponsive' });
    review(ctx, call);
  } else if (certain) {
    // Media that have flowed could be connected.
    const isLost = certain === 'media-failed' && call.startedAt !== undefined;
    finish(ctx, call, isLost ? 'connection-lost' : certain, 'leave');
  }
}
