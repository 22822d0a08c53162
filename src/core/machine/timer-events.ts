import { deviceKey, recordOf } from './call.js';
import { askAboutClaims, onDoubt } from './claims.js';
import type { Draft } from './draft.js';
import { finish, onSettled } from './ending.js';
import { concludeBusy, timeOut } from './judge.js';
import { unlearned } from './learning.js';
import { onLinkTimer, onRelinkTimer } from './links.js';
import { review } from './review.js';
import type { TimerRef } from './timer-ref.js';
import type { Call } from './types.js';

/** A timer ran out. Its name must still fit: a stale one changes nothing. */
export function onTimer(d: Draft, timer: TimerRef): void {
  const { kind, user = '' } = timer;
  if (kind === 'shown') {
    if (d.shown === timer.callID) d.shown = undefined;
    return;
  }
  const call = d.call(timer.callID);
  if (!call) return;
  switch (kind) {
    case 'ring':
      if (call.phase === 'incoming' && call.round === timer.round) finish(d, call, 'timeout');
      return;
    case 'silent':
      if ((call.phase === 'silent' || call.phase === 'held') && call.round === timer.round)
        finish(d, call, call.stopped === 'busy' ? 'busy' : 'timeout');
      return;
    case 'settle':
      if (call.phase === 'settling' && call.round === timer.round) onSettled(d, call);
      return;
    case 'select':
      if (call.phase === 'accepting' && recordOf(call, d.me)?.round === timer.round)
        finish(d, call, 'connection-lost');
      return;
    case 'join':
      if (call.phase === 'accepting' && call.joining === timer.round)
        finish(d, call, 'connection-lost');
      return;
    case 'learn':
      return unlearned(d, call, 'call-over');
    case 'confirm':
      askAboutClaims(d, call);
      return review(d, call);
    case 'doubt':
      onDoubt(call, user, timer.device ?? '');
      return review(d, call);
    case 'invitation':
      if (recordOf(call, user)?.round !== timer.round) return;
      timeOut(d, call);
      return review(d, call);
    case 'busy':
      if (recordOf(call, user)?.round !== timer.round) return;
      concludeBusy(d, call, user, true);
      return review(d, call);
    case 'relink':
      if (call.phase === 'in' || call.phase === 'accepting') onRelinkTimer(d, call, timer);
      return;
    case 'link':
    case 'probe':
      return onUnlinked(d, call, timer);
  }
}

function onUnlinked(d: Draft, call: Call, timer: TimerRef): void {
  if (call.phase !== 'in') return;
  const certain = onLinkTimer(d, call, timer);
  if (certain === 'gone') {
    // Any later message of that device clears the mark.
    call.gone.set(deviceKey(timer.user ?? '', timer.device ?? ''), 1);
    review(d, call);
  } else if (certain) finish(d, call, certain, 'leave');
}
