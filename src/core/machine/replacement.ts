import { nameOf, othersIn, othersPending, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { makeCurrent, putOnHold, takeOffHold } from './hold.js';
import type { Call } from './types.js';
import { acceptCall, leave } from './user-events.js';

/*
 * The other user of a call continues it as another call, with more users: the invitation states which call it replaces
 * (RFC 3891). docs/protocol.md, rule 19.
 */

/**
 * Accepts an invitation of the user to whom this device is talking, if it replaces their call. Microphone and camera are
 * continued as they are. Any other invitation rings, or is answered busy.
 * @returns whether it was accepted
 */
export function acceptReplacement(ctx: TransitionContext, call: Call): boolean {
  const former = call.replacesCall === undefined ? undefined : ctx.call(call.replacesCall);
  if (!former || !isReplaceable(ctx, former, call)) {
    call.replacesCall = undefined;
    return false;
  }
  putOnHold(ctx, former);
  ctx.current = call.id;
  ctx.callback(call, 'onCallReplaced', call.id, former.id, nameOf(call, call.caller));
  acceptCall(ctx, call, '', { like: former.id });
  return true;
}

/** Whether this device talks in this call to the sender of the invitation, on the same device, and to nobody else. */
function isReplaceable(ctx: TransitionContext, former: Call, call: Call): boolean {
  if (former.id !== ctx.current || former.phase !== 'in' || former.holdNumber !== undefined)
    return false;
  if (ctx.waiting !== undefined || othersPending(former, ctx.me).length > 0) return false;
  const [other, ...more] = othersIn(former, ctx.me);
  const device = recordOf(former, call.caller)?.device;
  return other === call.caller && !more.length && recordOf(call, call.caller)?.device === device;
}

/** Ends a call that was replaced by one that this device has come into, or continues it if that has failed. */
export function settleReplacements(ctx: TransitionContext): void {
  for (const id of ctx.changedCalls) {
    const { phase, replacesCall } = ctx.calls.get(id) ?? {};
    const isAccepted = ctx.before.calls.get(id)?.phase === 'accepting';
    if (!isAccepted || replacesCall === undefined || phase === 'accepting') continue;
    const [call, former] = [ctx.call(id), ctx.call(replacesCall)];
    if (call) call.replacesCall = undefined;
    if (!call || former?.phase !== 'in') continue;
    if (call.phase === 'in' || call.endReason === 'hung-up') leave(ctx, former, '');
    else if (ctx.current === undefined) {
      makeCurrent(ctx, former);
      takeOffHold(ctx, former);
    }
  }
}
