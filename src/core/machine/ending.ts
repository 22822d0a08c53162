import type { EndReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { nameOf, others, othersIn, recordOf, records } from './call.js';
import type { Draft } from './draft.js';
import { closeLinks } from './links.js';
import { isPending } from './records.js';
import type { Call } from './types.js';

/*
 * The end of a call at this device: what is closed, who is told, and whether it was missed.
 */

/** How the others hear of the end: `leave`, `end` for all, or not at all. */
type Farewell = 'leave' | 'end' | 'nothing';

/** Ends the call here. What stopped unanswered settles first: a sibling's answer may still arrive. */
export function finish(
  d: Draft,
  call: Call,
  reason: EndReason,
  farewell: Farewell = 'nothing',
): void {
  const was = call.phase;
  call.phase = 'over';
  call.reason = reason;
  call.overAt = d.now;
  if (was === 'in') sayFarewell(d, call, reason, farewell);
  else if (was === 'accepting' && reason !== 'hung-up') sayGaveUp(d, call, reason);
  closeLinks(d, call);
  d.act({ type: 'stop-timers', callID: call.id });
  for (const member of call.members.values()) member.watched = false;
  if (d.current === call.id) {
    d.current = undefined;
    d.shown = call.id;
    d.act({ type: 'close-media', callID: call.id });
    d.startTimer(call, { kind: 'shown' }, durations.SHOW_END);
  }
  if (was === 'held' || was === 'silent' || was === 'incoming') settle(d, call, reason);
  else if (was === 'accepting') tellRefused(d, call, reason);
}

function sayFarewell(d: Draft, call: Call, reason: EndReason, farewell: Farewell): void {
  const own = recordOf(call, d.me);
  if (own?.state !== 'in' || own.device !== d.self.deviceID) return;
  const to = others(call, d.me);
  const left: MemberRecord = { ...own, state: 'left', reason };
  const member = call.members.get(d.me);
  if (member) member.record = left;
  if (farewell === 'end')
    for (const m of call.members.values())
      if (isPending(m.record)) m.record = { ...m.record, state: 'canceled' };
  // An open invitation is told of by its judge alone.
  const known = records(call).filter((record) => !isPending(record));
  const type = farewell === 'end' ? 'end' : 'leave';
  // With nobody left to hear it, the server does: it must not speak for this device as vanished.
  d.say(call, to.length ? to : [d.me], { type, reason } as const, known);
}

function sayGaveUp(d: Draft, call: Call, reason: EndReason): void {
  const own = recordOf(call, d.me);
  if (own && isPending(own))
    d.say(call, [...others(call, d.me), d.me], { type: 'leave', reason, gaveUp: true });
}

/** An accepted call that did not come about: the person who accepted must hear why it is gone. */
function tellRefused(d: Draft, call: Call, reason: EndReason): void {
  if (call.joining !== undefined) {
    call.joining = call.replaces = undefined;
  } else if (call.glareType === undefined) {
    if (reason === 'canceled' || reason === 'connection-lost') tellCanceled(d, call);
    else if (reason === 'timeout') tellTimeout(d, call);
  }
}

export function tellCanceled(d: Draft, call: Call): void {
  if (call.told) return;
  call.told = true;
  const customData = recordOf(call, d.me)?.customData ?? '';
  d.callback(call, 'onIncomingCallCanceled', call.id, nameOf(call, call.caller), customData);
}

export function tellTimeout(d: Draft, call: Call): void {
  if (call.told) return;
  call.told = true;
  d.callback(call, 'onIncomingCallTimeout', call.id, nameOf(call, call.caller));
}

/** Missed or not is decided late: three seconds after the judge's word, six after this device's own timer. */
function settle(d: Draft, call: Call, reason: EndReason): void {
  if (reason !== 'canceled' && reason !== 'timeout' && reason !== 'busy') return;
  const own = recordOf(call, d.me);
  const told = !!own && !isPending(own);
  if (call.rang && reason === 'canceled') tellCanceled(d, call);
  if (call.rang && reason === 'timeout' && told) tellTimeout(d, call);
  call.phase = 'settling';
  call.stopped ??= reason;
  const remaining = (call.members.get(d.me)?.deadline ?? d.now) - d.now;
  const wait =
    reason === 'timeout' && !told
      ? durations.SETTLE_OWN + Math.max(0, remaining)
      : durations.SETTLE_TOLD;
  startSettling(d, call, wait);
}

function startSettling(d: Draft, call: Call, ms: number): void {
  d.startTimer(call, { kind: 'settle', round: call.round }, ms);
}

/** The settling is over: nobody answered, so the call was missed. A glare is never a missed call. */
export function onSettled(d: Draft, call: Call): void {
  if (!d.drained) {
    call.settleWaitsForDrain = true;
    return;
  }
  call.phase = 'over';
  if (call.twinOf !== undefined && !call.rang) return;
  const reason = call.stopped ?? 'timeout';
  if (reason !== 'busy') tellTimeout(d, call);
  d.reportMissed({
    callID: call.id,
    caller: nameOf(call, call.caller),
    callType: call.type,
    callees: call.callees.map((user) => nameOf(call, user)),
    group: call.group,
    customData: call.customData,
    at: { agoMs: d.now - call.overAt },
    fresh: true,
    reason,
    round: call.round,
    resourceID: call.resourceID,
  });
}

/** A device that was offline decides three seconds after everything queued was read. */
export function onDrainedWhileSettling(d: Draft, call: Call): void {
  if (!call.settleWaitsForDrain) return;
  call.settleWaitsForDrain = false;
  startSettling(d, call, durations.SETTLE_TOLD);
}

/** Nobody else is in. */
export const alone = (d: Draft, call: Call): boolean => othersIn(call, d.me).length === 0;
