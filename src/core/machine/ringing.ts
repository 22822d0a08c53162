import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { claimedIn, nameOf, othersIn, othersPending, recordOf } from './call.js';
import { askAboutClaims } from './claims.js';
import type { Body, Draft } from './draft.js';
import { alone, finish } from './ending.js';
import { refuse } from './judge.js';
import { closeLinks } from './links.js';
import { isPending } from './records.js';
import { review } from './review.js';
import type { Call, Member } from './types.js';
import { acceptCall } from './user-events.js';

/*
 * What becomes of an invitation that this device holds once everything queued was read: it rings, is refused as
 * busy, comes too late, or crosses this device's own call.
 */

/** The invitation rings here, is refused as busy, or comes too late to do either. */
export function ring(d: Draft, call: Call): void {
  const member = call.members.get(d.me);
  if (!member || !isPending(member.record)) return;
  const remaining = (member.deadline ?? d.now) - d.now;
  if (resolveGlare(d, call)) return;
  if (d.isBusy(call.id) || d.quiet || !d.self.canTakeCalls) {
    call.phase = 'silent';
    call.stopped = 'busy';
    sayBusy(d, call);
    askAboutClaims(d, call);
    return followSilently(d, call, remaining);
  }
  if (remaining < durations.STALE && remaining < call.timeoutMs / 2)
    return finish(d, call, 'timeout');
  call.phase = 'incoming';
  call.rang = true;
  d.current = call.id;
  const callees = call.callees.map((user) => nameOf(call, user));
  d.callback(
    call,
    'onIncomingCallReceived',
    call.id,
    nameOf(call, call.caller),
    call.type,
    callees,
    call.customData,
  );
  startRinging(d, call, member, remaining);
}

/** Tells those who are in, or ring themselves, and stops when the time is over. */
export function startRinging(d: Draft, call: Call, member: Member, remaining: number): void {
  askAboutClaims(d, call);
  const { user, round, inviter } = member.record;
  member.record = { user, round, inviter, state: 'ringing' };
  sayToMembers(d, call, { type: 'ringing', round }, [member.record]);
  d.startTimer(call, { kind: 'ring', round }, remaining);
}

/** Says something to those who are in, or still invited: not to this user's other devices. */
function sayToMembers(d: Draft, call: Call, body: Body, known: MemberRecord[] = []): void {
  const to = [...othersPending(call, d.me), ...othersIn(call, d.me), ...claimedIn(call, d.me)];
  d.say(call, to, body, known);
}

/** Held without ringing until it ends: to decide whether it was missed. */
export function followSilently(d: Draft, call: Call, remaining: number): void {
  const ms = Math.max(0, remaining) + durations.SETTLE_OWN;
  d.startTimer(call, { kind: 'silent', round: call.round }, ms);
}

/** Glare: what becomes of two calls that crossed, once one of them is decided. */
export function settleTwins(d: Draft): void {
  for (const { id, twinOf } of [...d.calls.values()]) {
    if (twinOf === undefined || d.before.calls.get(twinOf)?.phase !== 'in') continue;
    if (!d.touched.has(id) && !d.touched.has(twinOf)) continue;
    const call = d.call(twinOf);
    const twin = d.call(id);
    if (call && twin) settleTwin(d, call, twin);
  }
}

/** `call` is this device's own and the survivor, `twin` the other's that it follows silently. */
function settleTwin(d: Draft, call: Call, twin: Call): void {
  const { caller } = twin;
  if (call.phase === 'in' && call.company) {
    if (twin.phase !== 'silent') return;
    if (recordOf(call, caller)?.device === recordOf(twin, caller)?.device) return;
    // Another device of the caller answered.
    crossNoMore(d, twin);
  } else if (call.phase === 'in') {
    // A sibling was selected in the other's call: the own one gives way.
    if (recordOf(twin, d.me)?.state !== 'in') return;
    for (const user of othersPending(call, d.me)) refuse(d, call, user, 'glare');
    review(d, call);
  } else if (call.reason !== 'answered-elsewhere' && !call.company && twin.phase === 'silent') {
    // The own call ended unanswered, and the other's still waits.
    const remaining = (twin.members.get(d.me)?.deadline ?? 0) - d.now;
    if (alone(d, twin) || remaining <= durations.STALE) return;
    if (d.current !== undefined) crossNoMore(d, twin);
    else if (d.drained) ring(d, twin);
    else twin.phase = 'held';
  }
}

/** A call that crosses nothing any more is told of busy. */
function crossNoMore(d: Draft, twin: Call): void {
  twin.twinOf = undefined;
  twin.stopped = 'busy';
  sayBusy(d, twin);
}

/** A device's answer, to the members alone: this user's other devices may ring. */
export function sayBusy(d: Draft, call: Call): void {
  const reason = d.self.canTakeCalls ? 'busy' : 'unsupported';
  const round = recordOf(call, d.me)?.round ?? 1;
  sayToMembers(d, call, { type: 'decline', reason, round, customData: '' });
}

/**
 * Two people call each other at once, one-to-one: the lower callID survives. The other caller's device, which
 * wanted to talk, accepts the survivor by itself.
 */
function resolveGlare(d: Draft, call: Call): boolean {
  const other = call.caller;
  const own = d.call(d.current);
  if (own?.phase !== 'in' || own.initiator !== d.me || own.company) return false;
  const record = recordOf(own, other);
  if (own.group || call.group || !record || !isPending(record)) return false;
  if (call.id > own.id) {
    call.twinOf = own.id;
    call.phase = 'silent';
    followSilently(d, call, (call.members.get(d.me)?.deadline ?? d.now) - d.now);
    return true;
  }
  refuse(d, own, other, 'glare');
  const member = own.members.get(d.me);
  if (member) member.record = { ...member.record, state: 'left' };
  own.phase = 'over';
  own.reason = 'answered-elsewhere';
  own.overAt = d.now;
  closeLinks(d, own);
  d.act({ type: 'stop-timers', callID: own.id });
  d.current = call.id;
  call.glareType = own.type;
  acceptCall(d, call);
  return true;
}
