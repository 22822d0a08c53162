import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { MAX_ROUNDS_MISSED } from './authority.js';
import { hasAskedToBeIn, newCall, recordOf } from './call.js';
import { isRejected, wasIn } from './record-order.js';
import { sendStaleEntryLeft } from './review.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/** Whether a record states that this device is in the call. */
export const isThisDevice = (ctx: TransitionContext, record: MemberRecord): boolean =>
  record.user === ctx.me && record.state === 'in' && record.device === ctx.self.deviceID;

/**
 * Answers a stale entry: a record that states that this device is in a call that is over here. If this device has asked
 * to be in by that round and has not sent `leave` for it yet, all members get a `leave`; otherwise only the sender
 * does, and the user whom the sender lets in, who was not in when this device left. No record changes then.
 */
export function denyStaleEntry(ctx: TransitionContext, call: Call, message: Delivered): void {
  if (message.type === 'sync' || message.type === 'invite') return;
  const staleEntry = message.records.find((record) => isThisDevice(ctx, record));
  const own = recordOf(call, ctx.me);
  if (!staleEntry || !own || staleEntry.round > own.round + MAX_ROUNDS_MISSED) return;
  const { requestedRound } = call;
  // This device has left in an earlier round, regardless of what happened to this user since.
  const isEarlier = staleEntry.round < own.round;
  // A join after the invitation has ended asks only for later rounds: it does not answer that invitation.
  const isRequested =
    requestedRound === undefined
      ? staleEntry.round === own.round
      : staleEntry.round >= (isRejected(own) ? requestedRound : own.round);
  const hasRequested = hasAskedToBeIn(call) && !isEarlier && isRequested;
  const hasLeft = own.state === 'left' && own.round === staleEntry.round;
  if (hasRequested && !hasLeft) return sendStaleEntryLeft(ctx, call, staleEntry);
  // Another device of this user was in, or has answered, and states itself what became of that. A device in a record of an
  // open invitation means nothing.
  const isOtherIn = wasIn(own) && own.device !== undefined && own.device !== ctx.self.deviceID;
  if (!hasRequested && (isOtherIn || (call.answered?.round ?? 0) >= staleEntry.round)) return;
  const to = [
    message.from.userID,
    ...(message.type === 'select' && message.user !== ctx.me ? [message.user] : []),
  ];
  if (!isEarlier && !hasLeft) return deny(ctx, call, to);
  const left: MemberRecord = {
    ...staleEntry,
    state: 'left',
    reason: call.endReason ?? 'connection-lost',
  };
  ctx.send(call, to, { type: 'leave', reason: 'connection-lost' }, [left]);
}

/** Answers a stale entry in a call that this device does not know. */
export function denyUnknownCall(ctx: TransitionContext, { callID, from }: Delivered): void {
  if (from.userID !== ctx.me) deny(ctx, newCall(callID, 'over'), [from.userID]);
}

/**
 * Denies that this device is in, by a round in which it has never been. Without a record: an invitation by that round may be on
 * its way, and the server would take the record for its answer.
 */
const deny = (ctx: TransitionContext, call: Call, to: readonly string[]): void =>
  void ctx.send(call, to, { type: 'leave', reason: 'connection-lost', gaveUp: true });
