import type { Delivered, MessageOf } from '../protocol/messages.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';
import * as durations from './durations.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Joining a call that this device does not know: its user was in it, or was invited to it, at another device or before
 * the page was loaded. Those who are in the call tell what it is; then it is joined as any other.
 */

/** Asks the devices that are in the call. Only the transport knows which they are. */
export function askAboutCall(ctx: TransitionContext, request: number, callID: string): void {
  const call = ctx.add(callID, 'over');
  call.endedAt = ctx.now;
  const messageID = ctx.send(call, [], { type: 'sync', phase: 'over', learn: true });
  call.learning = { request, messageID };
  ctx.startTimer(call, { kind: 'learn' }, durations.SYNC_ANSWER_WAIT_MS);
}

/** A device that is in the call has answered: its records are known by now. @returns the request that waits */
export function onCallDescribed(
  call: Call,
  { about }: Delivered<MessageOf<'state'>>,
): number | undefined {
  const { learning } = call;
  if (!about || !learning) return undefined;
  const { callType, ...rest } = about;
  Object.assign(call, { ...rest, type: callType, caller: about.initiator, learning: undefined });
  return learning.request;
}

/** Nobody is in the call, or none of them answers: the call is as unknown as before. */
export function onCallUnknown(ctx: TransitionContext, call: Call, code: CallErrorCode): void {
  if (!call.learning) return;
  ctx.rejectRequest(call.learning.request, code);
  ctx.calls.delete(call.id);
}
