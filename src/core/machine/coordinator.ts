import { MAX_QUESTIONS } from './claim.js';
import type { CancelReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import { deviceKey, isIn, others, othersIn, othersPending, recordOf } from './call.js';
import { compare, isPending } from './record-order.js';
import type { TransitionContext } from './transition-context.js';
import { mergeRecord } from './call-records.js';
import type { Call } from './types.js';

/*
 * The coordinator of an invitation: only the coordinator turns an answer into `in`, or ends an invitation. One coordinator at a time
 * makes one winner; succession makes that there is always one.
 */

/** Who coordinates the invitation of `user`: its inviter; else the initiator; else the lowest userID that is in. */
export function coordinatorOf(
  { me }: Pick<TransitionContext, 'me'>,
  call: Call,
  user: string,
  inviter = recordOf(call, user)?.inviter,
): string | undefined {
  const present = (u: string | undefined): boolean =>
    u !== undefined && u !== user && (u === me ? call.phase === 'in' : isIn(call, u));
  if (present(inviter)) return inviter;
  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];
}

/** This device has the say over an invitation that is open. */
export function isCoordinator(ctx: TransitionContext, call: Call, user: string): boolean {
  const record = recordOf(call, user);
  return (
    call.phase === 'in' &&
    !!record &&
    isPending(record) &&
    coordinatorOf(ctx, call, user) === ctx.me
  );
}

/** Selects `device`, in the round that is open or in a new one, and tells everybody whose answer counts. */
export function select(ctx: TransitionContext, call: Call, record: MemberRecord): void {
  mergeRecord(ctx, call, record);
  ctx.sendAll(call, [record.user, ...others(call, ctx.me)], { type: 'select', user: record.user });
}

/** Selects the first answer to each invitation that this device coordinates. */
export function selectAnswers(ctx: TransitionContext, call: Call): void {
  for (const user of othersPending(call, ctx.me)) {
    if (!isCoordinator(ctx, call, user)) continue;
    const member = call.members.get(user);
    const device = [...(member?.answers.keys() ?? [])].find(
      (answering) => !call.absent.has(deviceKey(user, answering)),
    );
    if (!member || device === undefined) continue;
    const { user: name, round, inviter } = member.record;
    const customData = member.answers.get(device);
    const selected: MemberRecord = { user: name, round, inviter, state: 'in', device };
    select(ctx, call, customData ? { ...selected, customData } : selected);
  }
}

/** Ends an open invitation, and tells the invitee's devices and all members. */
export function endInvitation(
  ctx: TransitionContext,
  call: Call,
  user: string,
  reason: Exclude<CancelReason, 'lost'>,
  customData = '',
): void {
  const record = recordOf(call, user);
  if (!record || !isPending(record)) return;
  const to = [user, ...others(call, ctx.me)];
  const { round, inviter } = record;
  const refused: MemberRecord = { user, round, inviter, state: reason };
  if (customData) refused.customData = customData;
  mergeRecord(ctx, call, refused);
  ctx.send(call, to, { type: 'cancel', user, reason, customData }, [refused]);
}

/** How an invitation ended whose time is over. */
function outcome(call: Call, user: string): 'timeout' | 'busy' | 'unsupported' | 'unreachable' {
  const member = call.members.get(user);
  if (member?.record.state === 'ringing') return 'timeout';
  if (member?.rejectingDevices.length) return member.isBusy ? 'busy' : 'unsupported';
  return 'unreachable';
}

/** This device may not have heard all that was said: it was away, or has just come back. */
const mayHaveMissedMessages = (ctx: TransitionContext): boolean =>
  !ctx.synced || ctx.now < ctx.syncedAt + durations.AFTER_SYNC_MS;

/** Somebody who is in says that this user is in, too, and an answer to the question is still expected. */
const isAsked = (call: Call, user: string): boolean =>
  [...call.claims.values()].some(
    ({ record, isSupported, questions }) =>
      record.user === user && isSupported && questions < MAX_QUESTIONS,
  );

/** The time of all invitations that are due is over: the coordinator ends them, other members count them out. */
export function timeOut(ctx: TransitionContext, call: Call): void {
  if (call.phase !== 'in') return;
  for (const user of othersPending(call, ctx.me)) {
    const member = call.members.get(user);
    if (!member) continue;
    const mine = isCoordinator(ctx, call, user);
    const due =
      (member.deadline ?? 0) + (mine ? durations.COORDINATOR_GRACE_MS : durations.BACKUP_GRACE_MS);
    const { round, inviter } = member.record;
    const timer = { kind: 'invitation', user, round } as const;
    if (ctx.now < due) ctx.startTimer(call, timer, due - ctx.now);
    // It is said to be in, and is asked. One who decides, and was never away, knows better.
    else if (isAsked(call, user) && !(mine && !call.cameBack))
      ctx.startTimer(call, timer, durations.SYNC_PAUSE_MS);
    // Whoever is in with it may have decided while this device was away.
    else if (mine && mayHaveMissedMessages(ctx) && othersIn(call, ctx.me).length)
      ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
    else if (mine) endInvitation(ctx, call, user, outcome(call, user));
    else mergeRecord(ctx, call, { user, round, inviter, state: 'timeout' });
  }
}

/** Starts the timers of an invitation, whose length depends on who coordinates it. */
export function startInvitationTimers(ctx: TransitionContext, call: Call, user: string): void {
  const member = call.members.get(user);
  if (!member) return;
  member.isTimerRunning = true;
  member.deadline ??= ctx.now + durations.UNKNOWN_REMAINING_MS;
  const grace = isCoordinator(ctx, call, user)
    ? durations.COORDINATOR_GRACE_MS
    : durations.BACKUP_GRACE_MS;
  const { round } = member.record;
  ctx.startTimer(call, { kind: 'invitation', user, round }, member.deadline - ctx.now + grace);
  // Devices that have said busy before this one came (back) in say so once.
  if (member.rejectingDevices.length)
    ctx.startTimer(call, { kind: 'busy', user, round }, durations.BUSY_WAIT_MS);
}

/**
 * Concludes busy: at once when all devices that the invitation went to have said so, else (`waited`) some time after
 * the last of them did. Never while this device may not have heard all: another device may ring.
 */
export function concludeBusy(
  ctx: TransitionContext,
  call: Call,
  user: string,
  waited: boolean,
): void {
  const member = call.members.get(user);
  if (!member?.rejectingDevices.length || !isPending(member.record)) return;
  const timer = { kind: 'busy', user, round: member.record.round } as const;
  if (!isCoordinator(ctx, call, user)) {
    // Whoever coordinates now may leave.
    if (waited) ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
    return;
  }
  if (member.record.state === 'ringing' || member.answers.size) return;
  if (!waited && member.rejectingDevices.length < (member.reachedDevices ?? Infinity)) return;
  if (mayHaveMissedMessages(ctx)) return ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
  endInvitation(ctx, call, user, member.isBusy ? 'busy' : 'unsupported');
}
