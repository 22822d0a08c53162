import { MAX_QUESTIONS } from './claim.js';
import type { CancelReason } from '../protocol/vocabulary.js';
import type { MemberRecord } from '../protocol/messages.js';
import * as durations from './durations.js';
import {
  deviceKey,
  isBack,
  isIn,
  isTakenBack,
  others,
  othersIn,
  othersPending,
  recordOf,
} from './call.js';
import { isPending, isRejected, wasIn } from './record-order.js';
import { coordinatorOf } from './succession.js';
import type { TransitionContext } from './transition-context.js';
import { mergeRecord } from './call-records.js';
import { awaitSelected } from './questions.js';
import type { Call, Member } from './types.js';

/*
 * The coordinator of an invitation: only the coordinator turns an answer into `in`, or ends the invitation. One
 * coordinator at a time ensures that one device wins; succession ensures that there is always a coordinator.
 */

/** Whether this device coordinates the open invitation of a user. */
export function isCoordinator(ctx: TransitionContext, call: Call, user: string): boolean {
  const record = recordOf(call, user);
  return (
    call.phase === 'in' &&
    !!record &&
    isPending(record) &&
    coordinatorOf(ctx, call, user) === ctx.me &&
    !mayBeIn(call, record.inviter)
  );
}

/**
 * Whether the coordinator of this device's own invitation has stated that a user is in, whom this device has not met yet,
 * and the user's device is being asked.
 */
const mayBeIn = (call: Call, user: string): boolean =>
  !call.members.has(user) &&
  [...call.claims.values()].some(
    ({ record, isOfCoordinator, questions }) =>
      record.user === user && isOfCoordinator && questions < MAX_QUESTIONS,
  );

/** Selects a device by merging its record, and sends `select` to the invited user and all members. */
export function select(ctx: TransitionContext, call: Call, record: MemberRecord): void {
  const { user } = record;
  mergeRecord(ctx, call, record);
  const to = [record.user, ...others(call, ctx.me)];
  const messageID = ctx.sendAll(call, to, { type: 'select', user });
  noteDecision(ctx, call, user, { messageID });
  awaitSelected(ctx, call, record);
}

function noteDecision(
  ctx: TransitionContext,
  call: Call,
  user: string,
  message: { readonly messageID: string; readonly reason?: CancelReason },
): void {
  const member = call.members.get(user);
  if (member) member.decision = { decidedAt: ctx.now, ...member.decision, ...message };
}

/** Selects the first answer to each invitation that this device coordinates. */
export function selectAnswers(ctx: TransitionContext, call: Call): void {
  const isWaiting = isBack(ctx, call);
  for (const user of othersPending(call, ctx.me)) {
    if (!isCoordinator(ctx, call, user)) continue;
    const member = call.members.get(user);
    if (!member) continue;
    const answering = [...member.answers.keys()].filter(
      (each) => !call.absent.has(deviceKey(user, each)),
    );
    // Another member may have coordinated while this device was disconnected, and have selected another device.
    const selected = isWaiting
      ? answering.find((each) => isStatedIn(call, member.record, each))
      : undefined;
    if (isWaiting && !selected && isAsked(call, user, member.record.round)) continue;
    const device = selected ?? answering[0];
    if (device === undefined) continue;
    const { user: name, round, inviter } = member.record;
    const customData = member.answers.get(device);
    const record: MemberRecord = { user: name, round, inviter, state: 'in', device };
    select(ctx, call, customData ? { ...record, customData } : record);
  }
}

/**
 * Lets in users who are out, as far as this device knows, and whose device has stated, when this one had just come back, that
 * it is in by a later round: the member who has let it in is not in any more, so nobody else can prove it. If these users
 * asked to join, this device would let them in.
 */
export function admitReturned(ctx: TransitionContext, call: Call): void {
  for (const [key, { record, isConfirmedToReturned }] of [...call.claims]) {
    const { user, round, device = '', inviter } = record;
    const [known, former] = [recordOf(call, user), recordOf(call, inviter)];
    const isOut = known !== undefined && !isPending(known) && !isIn(call, user);
    if (!isConfirmedToReturned || !isOut || round <= known.round) continue;
    if (isTakenBack(call, user) || call.absent.has(deviceKey(user, device))) continue;
    const isGone = former && wasIn(former) && inviter !== user && inviter !== ctx.me;
    if (!isGone || isIn(call, inviter) || coordinatorOf(ctx, call, user) !== ctx.me) continue;
    call.claims.delete(key);
    select(ctx, call, record);
  }
}

/** Ends an open invitation, and sends `cancel` to the invitee's devices and all members. */
export function endInvitation(
  ctx: TransitionContext,
  call: Call,
  user: string,
  reason: Exclude<CancelReason, 'lost'>,
  customData = '',
): void {
  const record = recordOf(call, user);
  if (!record || !isPending(record)) return;
  const { round, inviter } = record;
  const refused: MemberRecord = { user, round, inviter, state: reason };
  if (customData) refused.customData = customData;
  mergeRecord(ctx, call, refused);
  const member = call.members.get(user);
  if (member) member.isEndedHere = true;
  sendCancel(ctx, call, refused, reason);
}

function sendCancel(
  ctx: TransitionContext,
  call: Call,
  record: MemberRecord,
  reason: CancelReason,
): void {
  const { user, customData = '' } = record;
  const to = [user, ...others(call, ctx.me)];
  const messageID = ctx.send(call, to, { type: 'cancel', user, reason, customData }, [record]);
  noteDecision(ctx, call, user, { messageID, reason });
}

/** The server has rejected a `select` or `cancel`: for it, another member may still coordinate the invitation. */
export function onDecisionRefused(ctx: TransitionContext, call: Call, messageID: string): void {
  for (const { record, decision } of call.members.values()) {
    if (decision?.messageID !== messageID) continue;
    const { user, round } = record;
    ctx.startTimer(call, { kind: 'decide-again', user, round }, durations.DECIDE_AGAIN_MS);
  }
}

/**
 * Repeats a decision that the server has rejected, while this device coordinates the invitation, and a device of the user may
 * still wait for the decision.
 */
export function decideAgain(ctx: TransitionContext, call: Call, user: string): void {
  const { record, decision } = call.members.get(user) ?? {};
  if (!record || !decision || call.phase !== 'in') return;
  if (ctx.now - decision.decidedAt > durations.SELECT_WAIT_MS) return;
  if (coordinatorOf(ctx, call, user) !== ctx.me) return;
  const { reason } = decision;
  if (reason === undefined && isIn(call, user)) select(ctx, call, record);
  else if (reason !== undefined && isRejected(record)) sendCancel(ctx, call, record, reason);
}

/** @returns the outcome of an invitation that has timed out */
function outcome(call: Call, user: string): 'timeout' | 'busy' | 'unsupported' | 'unreachable' {
  const member = call.members.get(user);
  if (member?.record.state === 'ringing') return 'timeout';
  if (member?.rejectingDevices.length) return member.isBusy ? 'busy' : 'unsupported';
  return 'unreachable';
}

/** Whether this device may have missed messages: it is disconnected, or has reconnected within the last two seconds. */
const mayHaveMissedMessages = (ctx: TransitionContext): boolean =>
  !ctx.synced || ctx.now < ctx.syncedAt + durations.AFTER_SYNC_MS;

/**
 * Whether a member has stated that this user is in, by this round or any, and the answer of the user's device is still
 * pending.
 */
export const isAsked = (call: Call, user: string, round?: number): boolean =>
  [...call.claims.values()].some(
    ({ record, isSupported, questions }) =>
      record.user === user &&
      (round === undefined || record.round === round) &&
      isSupported &&
      questions < MAX_QUESTIONS,
  );

/** Whether a member has stated that an invited user is in with a device by this round. */
const isStatedIn = (call: Call, invited: MemberRecord, device: string): boolean =>
  [...call.claims.values()].some(
    ({ record: { user, round, device: stated }, isSupported }) =>
      user === invited.user && round === invited.round && stated === device && isSupported,
  );

/**
 * Another member has coordinated the invitation while this device was away, and has selected a device that does not answer now:
 * the user has answered in time, and counts as in until the device turns out to be lost. A device that was not away has received
 * each accept itself.
 * @returns whether there is such a device
 */
function enterSelected(ctx: TransitionContext, call: Call, { user, round }: MemberRecord): boolean {
  const selected = [...call.claims].find(
    ([, { record, isSelectedMeanwhile, isAnswered }]) =>
      record.user === user && record.round === round && isSelectedMeanwhile && !isAnswered,
  );
  if (!selected) return false;
  const [key, claim] = selected;
  call.claims.delete(key);
  mergeRecord(ctx, call, claim.record);
  awaitSelected(ctx, call, claim.record);
  return true;
}

/** Ends all invitations that are due: the coordinator cancels them, other members count them as timed out. */
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
    // A member has stated that the user is in, and the device is being asked. A coordinator that was not away knows
    // that it has not selected the user.
    else if (isAsked(call, user) && (!mine || isBack(ctx, call)))
      ctx.startTimer(call, timer, durations.SYNC_PAUSE_MS);
    // Another member may have coordinated while this device was disconnected.
    else if (mine && mayHaveMissedMessages(ctx) && othersIn(call, ctx.me).length)
      ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
    else if (mine && enterSelected(ctx, call, member.record)) continue;
    else if (mine) endInvitation(ctx, call, user, outcome(call, user));
    else mergeRecord(ctx, call, { user, round, inviter, state: 'timeout' });
  }
}

/**
 * Starts the timers of an invitation. They take longer if another device coordinates the invitation, and start again
 * when that changes.
 */
export function startInvitationTimers(ctx: TransitionContext, call: Call, user: string): void {
  const member = call.members.get(user);
  if (!member) return;
  const timerAs = isCoordinator(ctx, call, user) ? 'coordinator' : 'member';
  if (member.timerAs === timerAs) return;
  const isFirst = member.timerAs === undefined;
  member.timerAs = timerAs;
  member.deadline ??= ctx.now + durations.UNKNOWN_REMAINING_MS;
  const grace =
    timerAs === 'coordinator' ? durations.COORDINATOR_GRACE_MS : durations.BACKUP_GRACE_MS;
  const { round } = member.record;
  ctx.startTimer(call, { kind: 'invitation', user, round }, member.deadline - ctx.now + grace);
  // Busy answers that arrived before these timers were started are not repeated, so their timer starts here.
  if (isFirst && member.rejectingDevices.length)
    ctx.startTimer(call, { kind: 'busy', user, round }, durations.BUSY_WAIT_MS);
}

/** Whether a device of the invited user rings, as far as this device knows: one that has answered busy since does not. */
const mayRing = ({ record, ringingDevices, rejectingDevices }: Member): boolean =>
  record.state === 'ringing' &&
  !(ringingDevices.length && ringingDevices.every((device) => rejectingDevices.includes(device)));

/**
 * Concludes that a user is busy: when all devices that received the invitation have answered busy, or (`waited`) eight
 * seconds after the last busy answer. Not while this device may have missed messages: another device may be ringing.
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
    // The coordinator may leave, and this device may become the coordinator.
    if (waited) ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
    return;
  }
  if (mayRing(member) || member.answers.size) return;
  if (!waited && member.rejectingDevices.length < (member.reachedDevices ?? Infinity)) return;
  if (mayHaveMissedMessages(ctx)) return ctx.startTimer(call, timer, durations.AFTER_SYNC_MS);
  endInvitation(ctx, call, user, member.isBusy ? 'busy' : 'unsupported');
}
