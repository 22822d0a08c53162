import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { MAX_ROUNDS_MISSED } from './authority.js';
import { recordOf } from './call.js';
import { sendStaleEntryLeft } from './review.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/** Whether a record names this device as being in the call. */
export const isThisDevice = (ctx: TransitionContext, record: MemberRecord): boolean =>
  record.user === ctx.me && record.state === 'in' && record.device === ctx.self.deviceID;

/**
 * Answers a message whose records name this device as being in a call that is over here: it has left. All members are told when
 * this device has asked for that round, and has not left by it yet; else only the sender, and nothing changes here.
 */
export function denyStaleEntry(ctx: TransitionContext, call: Call, message: Delivered): void {
  if (message.type === 'sync' || message.type === 'invite') return;
  const staleEntry = message.records.find((record) => isThisDevice(ctx, record));
  const own = recordOf(call, ctx.me);
  if (!staleEntry || !own || staleEntry.round > own.round + MAX_ROUNDS_MISSED) return;
  const { requestedRound = Infinity } = call;
  // Who declined a call that rang has asked for nothing.
  const hasAccepted = call.answeredHere && call.reason !== 'declined';
  // Of an earlier round it has left, whatever became of this user since.
  const isEarlier = staleEntry.round < own.round;
  const hasAsked =
    hasAccepted &&
    !isEarlier &&
    (staleEntry.round === own.round || staleEntry.round >= requestedRound);
  const hasSaid = own.state === 'left' && own.round === staleEntry.round;
  if (hasAsked && !hasSaid) return sendStaleEntryLeft(ctx, call, staleEntry);
  // Another device of this user was in, and answers for itself.
  if (!hasAsked && own.device !== undefined && own.device !== ctx.self.deviceID) return;
  const left: MemberRecord = {
    ...staleEntry,
    state: 'left',
    reason: call.reason ?? 'connection-lost',
  };
  ctx.send(call, [message.from.userID], { type: 'leave', reason: 'connection-lost' }, [left]);
}
