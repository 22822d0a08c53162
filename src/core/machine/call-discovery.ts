import type { Delivered, MessageOf } from '../protocol/messages.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';
import * as durations from './durations.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Joins a call that this device does not know: the user was in it, or invited to it, on another device or before the
 * page was loaded. The members who are in the call describe it; then it is joined like any other.
 */

/** Asks the devices that are in the call to describe it. Only the server or transport knows these devices. */
export function askAboutCall(ctx: TransitionContext, request: number, callID: string): void {
  const call = ctx.add(callID, 'over');
  call.endedAt = ctx.now;
  const messageID = ctx.send(call, [], { type: 'sync', phase: 'over', learn: true });
  call.learning = { request, messageID };
  ctx.startTimer(call, { kind: 'learn' }, durations.SYNC_ANSWER_WAIT_MS);
}

/** A device in the call has described it; its records are merged already. @returns the pending request of `join` */
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

/** No device is in the call, or none has answered: rejects the request, and removes the call. */
export function onCallUnknown(ctx: TransitionContext, call: Call, code: CallErrorCode): void {
  if (!call.learning) return;
  ctx.rejectRequest(call.learning.request, code);
  ctx.calls.delete(call.id);
}
