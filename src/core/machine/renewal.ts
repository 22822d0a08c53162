import type { Delivered, MemberRecord, MessageOf } from '../protocol/messages.js';
import { isPresent, verdictOn } from './authority.js';
import { recordOf } from './call.js';
import type { DeferredMessage } from './claim.js';
import { isRejected, wasIn } from './record-order.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * The next round of a call on this device: when an invitation starts it, and with which knowledge.
 */

/**
 * Whether an invitation of a later round replaces an earlier one. If the earlier one is over on this device, any member
 * may invite again; if it is still open, only its coordinator may.
 */
export function isRenewed(
  ctx: TransitionContext,
  call: Call,
  message: Delivered<MessageOf<'invite'>>,
  mine: MemberRecord,
  deferred?: DeferredMessage,
): boolean {
  if (mine.round <= call.round) return false;
  // Another device of this user has answered that round, or this device tried to join by it.
  const own = recordOf(call, ctx.me);
  if (own && own.round >= mine.round && (wasIn(own) || own.state === 'declined')) return false;
  // The sender of an invitation that was deferred during a join may have left since.
  if (call.phase === 'over' || call.phase === 'settling')
    return !(deferred ? deferred.hadLeft : hasLeft(call, message));
  if (call.phase !== 'silent' && call.phase !== 'held') return false;
  return (
    isPresent(call, message.from) &&
    verdictOn(ctx, call, message, mine, deferred !== undefined) === 'admit'
  );
}

/** Whether the sender is known to have left in the round in which it states to be in: it may not invite any more. */
export function hasLeft(call: Call, { from, records }: Delivered): boolean {
  const known = recordOf(call, from.userID);
  const stated = records.find(({ user }) => user === from.userID);
  return known?.state === 'left' && !!stated && stated.round <= known.round;
}

/** Starts the next round of a call that is over on this device, or that it follows silently. */
export function renew(ctx: TransitionContext, call: Call): Call {
  ctx.effect({ type: 'stop-timers', callID: call.id });
  if (ctx.shownEnd === call.id) ctx.shownEnd = undefined;
  const next = ctx.add(call.id, 'early');
  next.members = new Map();
  for (const [user, member] of call.members) {
    // Members who were in may have left since, and are asked again.
    if (user === ctx.me || member.record.state !== 'in') next.members.set(user, member);
  }
  next.names = call.names;
  next.cameBackAt = ctx.now;
  next.answered = call.answered;
  next.joinElsewhere = call.joinElsewhere;
  // A member may have selected this device by that join, or still do so.
  const { requestedRound = 0 } = call;
  if (requestedRound > (recordOf(call, ctx.me)?.round ?? 0)) next.requestedRound = requestedRound;
  // Messages that were handled in the previous round may be outdated; the others may belong to this round.
  next.deferred = call.deferred.filter(({ isHandled }) => !isHandled);
  next.joinRequest = call.joinRequest;
  next.endedAt = ctx.now;
  return next;
}

/** Whether this device tried to join by the round of an invitation that has ended meanwhile, and the join by that. */
export function isJoinEnded(ctx: TransitionContext, call: Call, { round }: MemberRecord): boolean {
  const before = ctx.before.calls.get(call.id);
  const own = recordOf(call, ctx.me);
  const isOver = call.phase === 'over' || call.phase === 'settling';
  return !!before?.joining && isOver && !!own && isRejected(own) && own.round === round;
}
