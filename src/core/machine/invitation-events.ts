import type { Delivered, MemberRecord, MessageOf } from '../protocol/messages.js';
import { MOVED, everybodyElse, recordOf } from './call.js';
import type { Draft } from './draft.js';
import * as durations from './durations.js';
import { review } from './review.js';
import { isPending } from './records.js';
import { followSilently, ring, startRinging } from './ringing.js';
import { reply, sync } from './standing.js';
import type { Call } from './types.js';

/** An invitation: to a call that is new here, or a repeat of one that is not. */
export function onInvite(
  d: Draft,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
  wasOver: boolean,
): void {
  const { from } = message;
  const own = recordOf(call, d.me);
  if (!own || call.phase === 'in') return;
  if (call.phase === 'incoming') return ringOn(d, call, message, own);
  if (wasOver && call.phase !== 'early') return onOldInvite(d, call, message, own);
  if (call.phase !== 'early') return;
  const { callType, initiator, endWithInitiator, customData, timeoutMs, remainingMs } = message;
  Object.assign(call, { type: callType, initiator, endWithInitiator, customData, timeoutMs });
  call.group ||= message.group || call.members.size > 2;
  call.caller = from.userID;
  call.callees = message.to;
  call.resourceID = message.resourceID;
  call.round = own.round;
  const member = call.members.get(d.me);
  if (member) member.deadline = d.now + remainingMs;
  if (message.replay) {
    call.trustedUntil = d.now + durations.INBOX_TRUST;
    d.startTimer(call, { kind: 'confirm' }, durations.INBOX_TRUST);
  } else endOtherCallsOf(d, call, from.deviceID);
  call.phase = 'held';
}

/** An invitation that is held rings, if the connection's queue is read to its end. */
export function release(d: Draft, call: Call, message: Delivered<MessageOf<'invite'>>): void {
  if (call.phase !== 'held') return;
  if (d.drained) ring(d, call);
  else followSilently(d, call, message.remainingMs);
  // Whoever is in confirms that the call still runs.
  if (message.replay && d.current === call.id) sync(d, call);
}

/** What rings here rings on, with another inviter's time: the invitation before it may be decided already. */
function ringOn(
  d: Draft,
  call: Call,
  { from, remainingMs }: Delivered<MessageOf<'invite'>>,
  own: MemberRecord,
): void {
  const member = call.members.get(d.me);
  if (!member || own.round <= call.round || !isPending(own)) return;
  call.round = own.round;
  call.caller = from.userID;
  member.deadline = d.now + remainingMs;
  startRinging(d, call, member, remainingMs);
}

/** An invite to a round that is decided here: a late repeat. */
function onOldInvite(
  d: Draft,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
  own: MemberRecord,
): void {
  if (!message.replay) return reply(d, call, message);
  if (own.state !== 'declined') return;
  const to = [...everybodyElse(call, d.me), d.me];
  const { round, customData = '' } = own;
  d.say(call, to, { type: 'decline', reason: 'declined', round, customData }, [own]);
}

/** A device is in one call only: one that invites has left every other, unless its media still flow. */
function endOtherCallsOf(d: Draft, invited: Call, device: string): void {
  for (const { id, phase, members } of d.calls.values()) {
    if (id === invited.id || phase === 'over' || phase === 'settling') continue;
    const there = [...members.values()].some(
      ({ record }) => record.state === 'in' && record.device === device,
    );
    const call = there ? d.call(id) : undefined;
    if (!call || call.links.get(device)?.state === 'up') continue;
    call.gone.set(device, MOVED);
    review(d, call);
  }
}
