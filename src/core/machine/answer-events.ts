import type { Delivered, MessageOf } from '../protocol/messages.js';
import { hasActedHere, isIn, isTakenBack, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import * as durations from './durations.js';
import { isParticipating } from './member-events.js';
import { concludeBusy, isCoordinator, select } from './coordinator.js';
import { coordinatorOf } from './succession.js';
import { isPending } from './record-order.js';
import { takeBackMissed } from './review.js';
import { respondWithState } from './state-response.js';
import type { Call } from './types.js';

/*
 * Handles answers to invitations: accepts, declines, and devices that return or join.
 */

/** Most rounds by which the record of a joining device may be ahead of that of this device. */
const MAX_ROUNDS_AHEAD = 8;

/** An `accept`, or a `sync` or `state` with the phase `accepting`. */
type Answer = Delivered<MessageOf<'accept' | 'sync' | 'state'>>;

/** Another device of this user has answered. An accept that joins is no answer: only a selection counts. */
export function onOtherDeviceAnswer(call: Call, message: Answer): void {
  const answer = { round: message.round ?? 1, device: message.from.deviceID };
  if (message.join) call.joinElsewhere = answer;
  else if (!call.answered || answer.round > call.answered.round) call.answered = answer;
}

export function onAnswer(ctx: TransitionContext, call: Call, message: Answer): void {
  const { userID, deviceID } = message.from;
  if (userID === ctx.me) return onOtherDeviceAnswer(call, message);
  if (call.phase === 'over' || call.phase === 'settling') {
    if (hasActedHere(call) && message.type !== 'sync') respondWithState(ctx, call, message);
    return;
  }
  const member = call.members.get(userID);
  if (!member) return;
  const round = message.round ?? member.record.round;
  if (message.join && !isPending(member.record)) {
    // A user whose invitation was cancelled can't join without a new one.
    if (isTakenBack(call, userID)) return;
    return onJoin(ctx, call, message, round);
  }
  if (round < member.record.round || !isPending(member.record)) {
    if (call.phase === 'in' && message.type !== 'sync') respondWithState(ctx, call, message);
    return;
  }
  if (!member.answers.has(deviceID)) member.answers.set(deviceID, message.customData ?? '');
}

/**
 * A device that was reported as lost, and whose user is invited again, reports that it is in: this accepts the
 * invitation.
 */
export function onReturn(
  ctx: TransitionContext,
  call: Call,
  { from, customData }: Delivered<MessageOf<'sync'>>,
): void {
  const answers = call.members.get(from.userID)?.answers;
  if (isCoordinator(ctx, call, from.userID) && !answers?.has(from.deviceID))
    answers?.set(from.deviceID, customData ?? '');
}

/**
 * The coordinator opens a round for a user who joins. If another device of that user is in, it sends the state instead.
 */
function onJoin(ctx: TransitionContext, call: Call, message: Answer, requested: number): void {
  const { userID, deviceID } = message.from;
  const record = recordOf(call, userID);
  if (call.phase !== 'in' || !record) return;
  // A page that was reloaded replaces its former device.
  const replaces = message.type === 'accept' ? undefined : message.replaces;
  const present = isIn(call, userID) && (replaces === undefined || replaces !== record.device);
  if (present || coordinatorOf(ctx, call, userID) !== ctx.me) {
    if (present && message.type !== 'sync') respondWithState(ctx, call, message);
    return;
  }
  const round = Math.min(Math.max(record.round + 1, requested), record.round + MAX_ROUNDS_AHEAD);
  select(ctx, call, { user: userID, round, state: 'in', device: deviceID, inviter: ctx.me });
}

/** Another device of this user has declined an invitation: an earlier one to this call was not missed then. */
function onOtherDeviceDecline(ctx: TransitionContext, call: Call, round: number): void {
  if (round >= (ctx.reportedMissed.get(call.id) ?? Infinity)) takeBackMissed(ctx, call);
}

export function onDecline(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'decline'>>,
): void {
  const { userID, deviceID } = message.from;
  const member = call.members.get(userID);
  if (userID === ctx.me && message.reason === 'declined')
    return onOtherDeviceDecline(ctx, call, message.round);
  if (!member || message.round !== member.record.round || userID === ctx.me) return;
  if (message.reason === 'declined') {
    member.answers.clear();
    // The device was selected, and its user has hung up before it knew: the state makes it send `leave`.
    const { state, device } = member.record;
    if (call.phase === 'in' && state === 'in' && device === deviceID)
      respondWithState(ctx, call, message);
    return;
  }
  if (member.rejectingDevices.includes(deviceID)) return;
  member.rejectingDevices.push(deviceID);
  member.isBusy ||= message.reason === 'busy';
  if (!isParticipating(call) || !isPending(member.record)) return;
  const { round } = member.record;
  ctx.startTimer(call, { kind: 'busy', user: userID, round }, durations.BUSY_WAIT_MS);
  concludeBusy(ctx, call, userID, false);
}
