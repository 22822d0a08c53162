import type { Delivered } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { isBack, recordOf } from './call.js';
import type { DeferredMessage } from './claim.js';
import * as durations from './durations.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Defers messages that presuppose others which have not arrived yet. Any user can send such messages, so their number
 * is limited for each sender and in total.
 */

/** Number of calls that are stored because a message about them arrived before their invitation. */
const MAX_EARLY_CALLS = 50;
/** Number of them by one user, so that one user can't displace the calls of others. */
const MAX_EARLY_CALLS_OF_SENDER = 5;
/** Number of deferred messages of one call, and number of them by one user. */
const MAX_DEFERRED_MESSAGES = 64;
const MAX_DEFERRED_OF_SENDER = 16;

/** Stores a message until the messages that it presupposes have arrived. */
export function defer({ deferred }: Call, message: DeferredMessage): void {
  const { userID } = message.message.from;
  const ofSender = deferred.filter(({ message }) => message.from.userID === userID).length;
  if (deferred.length < MAX_DEFERRED_MESSAGES && ofSender < MAX_DEFERRED_OF_SENDER)
    deferred.push(message);
}

/** If a message was deferred, it is processed after those that were deferred before. */
export function keepOrder(ctx: TransitionContext, message: Delivered): void {
  const call = ctx.call(message.callID);
  if (call?.deferred[0]?.message !== message) return;
  const isNew = (deferred: DeferredMessage) => deferred.message === message;
  const others = call.deferred.filter((each) => !isNew(each));
  call.deferred = [...others, ...call.deferred.filter(isNew)];
}

type Deferred = Pick<DeferredMessage, 'message' | 'receivedAt' | 'wasPresent'>;

/** Whether a deferred message was sent before its sender came in, or long before: then it proves nothing about others. */
export const isOutdated = (ctx: TransitionContext, call: Call, deferred: Deferred): boolean =>
  !deferred.wasPresent &&
  (ctx.now - deferred.receivedAt >= durations.SYNC_ANSWER_WAIT_MS ||
    wasReceivedBeforeSelection(ctx, call, deferred));

/**
 * Whether this device has invited the sender, was not away, and has let the sender in after that message: nobody else has done
 * that before.
 */
function wasReceivedBeforeSelection(
  ctx: TransitionContext,
  call: Call,
  { message, receivedAt }: Deferred,
): boolean {
  const { record, decision } = call.members.get(message.from.userID) ?? {};
  return (
    record?.state === 'in' &&
    record.inviter === ctx.me &&
    decision !== undefined &&
    receivedAt <= decision.decidedAt &&
    !isBack(ctx, call)
  );
}

/** Whether a message answers or ends an invitation that has not arrived yet. */
export const isAhead = (ctx: TransitionContext, call: Call, message: Delivered): boolean =>
  message.from.userID !== ctx.me && (answersAhead(call, message) || endsAhead(ctx, call, message));

/** An answer of another member. A join opens a round itself. */
const answersAhead = (call: Call, message: Delivered): boolean =>
  (message.type === 'decline' || (message.type === 'accept' && !message.join)) &&
  call.phase !== 'over' &&
  message.round > (recordOf(call, message.from.userID)?.round ?? 0);

/**
 * The end of the next invitation of this user. Only the inviter proves whose invitation that was, so it counts with the
 * invitation, also if the call is over here until then.
 */
function endsAhead(ctx: TransitionContext, call: Call, message: Delivered): boolean {
  if (message.type !== 'cancel' || message.user !== ctx.me) return false;
  if (message.from.deviceID === SERVER_DEVICE || call.phase === 'in' || call.joining) return false;
  const known = recordOf(call, ctx.me)?.round ?? 0;
  return message.records.some(({ user, round }) => user === ctx.me && round > known);
}

/** Adds a call whose invitation has not arrived yet. Its deferred messages are processed with the invitation. */
export function addEarlyCall(ctx: TransitionContext, message: Delivered): Call {
  const early = [...ctx.calls.values()].filter((call) => call.phase === 'early');
  const { userID } = message.from;
  // The sender of the first message counts as the owner, so later messages of others do not use up their limit.
  const ofSender = early.filter(({ deferred: [first] }) => first?.message.from.userID === userID);
  if (ofSender.length >= MAX_EARLY_CALLS_OF_SENDER && ofSender[0]) ctx.calls.delete(ofSender[0].id);
  else if (early.length >= MAX_EARLY_CALLS && early[0]) ctx.calls.delete(early[0].id);
  const call = ctx.add(message.callID, 'early');
  call.endedAt = ctx.now;
  return call;
}
