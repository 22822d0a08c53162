import type { Delivered } from '../protocol/messages.js';
import type { DeferredMessage } from './claim.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Messages that wait for others that are on their way. Strangers can fill this, so it is bounded for each sender and in
 * all.
 */

/** Most calls that are kept because something was heard of them before their invitation. */
const MAX_EARLY_CALLS = 50;
/** Most of them by one user: a stranger takes no other's place. */
const MAX_EARLY_CALLS_OF_SENDER = 5;
/** Most messages of one call that are kept, and most of them by one user. */
const MAX_DEFERRED_MESSAGES = 64;
const MAX_DEFERRED_OF_SENDER = 16;
/** Keeps a message until what it presupposes is heard. */
export function defer({ deferred }: Call, message: DeferredMessage): void {
  const { userID } = message.message.from;
  const ofSender = deferred.filter(({ message }) => message.from.userID === userID).length;
  if (deferred.length < MAX_DEFERRED_MESSAGES && ofSender < MAX_DEFERRED_OF_SENDER)
    deferred.push(message);
}

/** Keeps what came for an unknown call: it is merged into the invitation when that comes. */
export function addEarlyCall(ctx: TransitionContext, message: Delivered): Call {
  const early = [...ctx.calls.values()].filter((call) => call.phase === 'early');
  const { userID } = message.from;
  // The first message decides whose it is: nobody counts another one's call as their own.
  const ofSender = early.filter(({ deferred: [first] }) => first?.message.from.userID === userID);
  if (ofSender.length >= MAX_EARLY_CALLS_OF_SENDER && ofSender[0]) ctx.calls.delete(ofSender[0].id);
  else if (early.length >= MAX_EARLY_CALLS && early[0]) ctx.calls.delete(early[0].id);
  const call = ctx.add(message.callID, 'early');
  call.endedAt = ctx.now;
  return call;
}
