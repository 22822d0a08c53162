import { MAX_QUESTIONS } from './claim.js';
import type { CancelReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { deviceKey, isIn, others, othersIn, othersPending, recordOf } from './call.js';
import { compare, isPending } from './records.js';
import type { Draft } from './draft.js';
import { put } from './knowledge.js';
import type { Call } from './types.js';

/*
 * The judge of an invitation: only the judge turns an answer into `in`, or ends an invitation. One judge at a time
 * makes one winner; succession makes that there is always one.
 */

/** Who judges the invitation of `user`: its inviter; else the initiator; else the lowest userID that is in. */
export function judgeOf(
  d: Draft,
  call: Call,
  user: string,
  inviter = recordOf(call, user)?.inviter,
): string | undefined {
  const present = (u: string | undefined): boolean =>
    u !== undefined && u !== user && (u === d.me ? call.phase === 'in' : isIn(call, u));
  if (present(inviter)) return inviter;
  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];
}

/** This device has the say over an invitation that is open. */
export function judges(d: Draft, call: Call, user: string): boolean {
  const record = recordOf(call, user);
  return call.phase === 'in' && !!record && isPending(record) && judgeOf(d, call, user) === d.me;
}

/** Selects `device`, in the round that is open or in a new one, and tells everybody whose answer counts. */
export function select(d: Draft, call: Call, record: MemberRecord): void {
  put(d, call, record);
  d.sayAll(call, [record.user, ...others(call, d.me)], { type: 'select', user: record.user });
}

/** Selects the first answer to each invitation that this device judges. */
export function selectAnswers(d: Draft, call: Call): void {
  for (const user of othersPending(call, d.me)) {
    if (!judges(d, call, user)) continue;
    const member = call.members.get(user);
    const device = [...(member?.answers.keys() ?? [])].find(
      (answering) => !call.gone.has(deviceKey(user, answering)),
    );
    if (!member || device === undefined) continue;
    const { user: name, round, inviter } = member.record;
    const customData = member.answers.get(device);
    const selected: MemberRecord = { user: name, round, inviter, state: 'in', device };
    select(d, call, customData ? { ...selected, customData } : selected);
  }
}

/** Ends an open invitation, and tells the invitee's devices and all members. */
export function refuse(
  d: Draft,
  call: Call,
  user: string,
  reason: Exclude<CancelReason, 'lost'>,
  customData = '',
): void {
  const record = recordOf(call, user);
  if (!record || !isPending(record)) return;
  const to = [user, ...others(call, d.me)];
  const { round, inviter } = record;
  const refused: MemberRecord = { user, round, inviter, state: reason };
  if (customData) refused.customData = customData;
  put(d, call, refused);
  d.say(call, to, { type: 'cancel', user, reason, customData }, [refused]);
}

/** How an invitation ended whose time is over. */
function outcome(call: Call, user: string): 'timeout' | 'busy' | 'unsupported' | 'unreachable' {
  const member = call.members.get(user);
  if (member?.record.state === 'ringing') return 'timeout';
  if (member?.refusals.length) return member.busy ? 'busy' : 'unsupported';
  return 'unreachable';
}

/** This device may not have heard all that was said: it was away, or has just come back. */
const isDeaf = (d: Draft): boolean => !d.drained || d.now < d.drainedAt + durations.AFTER_DRAIN;

/** Somebody who is in says that this user is in, too, and an answer to the question is still expected. */
const isAsked = (call: Call, user: string): boolean =>
  [...call.claims.values()].some(
    ({ record, isVouched, questions }) =>
      record.user === user && isVouched && questions < MAX_QUESTIONS,
  );

/** The time of all invitations that are due is over: the judge ends them, other members count them out. */
export function timeOut(d: Draft, call: Call): void {
  if (call.phase !== 'in') return;
  for (const user of othersPending(call, d.me)) {
    const member = call.members.get(user);
    if (!member) continue;
    const mine = judges(d, call, user);
    const due = (member.deadline ?? 0) + (mine ? durations.JUDGE_GRACE : durations.BACKUP_GRACE);
    const { round, inviter } = member.record;
    const timer = { kind: 'invitation', user, round } as const;
    if (d.now < due) d.startTimer(call, timer, due - d.now);
    // It is said to be in, and is asked. One who decides, and was never away, knows better.
    else if (isAsked(call, user) && !(mine && !call.cameBack))
      d.startTimer(call, timer, durations.QUESTION_PAUSE);
    // Whoever is in with it may have decided while this device was away.
    else if (mine && isDeaf(d) && othersIn(call, d.me).length)
      d.startTimer(call, timer, durations.AFTER_DRAIN);
    else if (mine) refuse(d, call, user, outcome(call, user));
    else put(d, call, { user, round, inviter, state: 'timeout' });
  }
}

/** Starts the timer of an invitation, whose length depends on who judges it. */
export function watchInvitation(d: Draft, call: Call, user: string): void {
  const member = call.members.get(user);
  if (!member) return;
  member.watched = true;
  member.deadline ??= d.now + durations.UNKNOWN_REMAINING;
  const grace = judges(d, call, user) ? durations.JUDGE_GRACE : durations.BACKUP_GRACE;
  const { round } = member.record;
  d.startTimer(call, { kind: 'invitation', user, round }, member.deadline - d.now + grace);
}

/**
 * Concludes busy: at once when all devices that the invitation went to have said so, else (`waited`) some time after
 * the last of them did. Never while this device may not have heard all: another device may ring.
 */
export function concludeBusy(d: Draft, call: Call, user: string, waited: boolean): void {
  const member = call.members.get(user);
  if (!member?.refusals.length || !isPending(member.record)) return;
  const timer = { kind: 'busy', user, round: member.record.round } as const;
  if (!judges(d, call, user)) {
    // Whoever judges now may leave.
    if (waited) d.startTimer(call, timer, durations.AFTER_DRAIN);
    return;
  }
  if (member.record.state === 'ringing' || member.answers.size) return;
  if (!waited && member.refusals.length < (member.reached ?? Infinity)) return;
  if (isDeaf(d)) return d.startTimer(call, timer, durations.AFTER_DRAIN);
  refuse(d, call, user, member.busy ? 'busy' : 'unsupported');
}
