import type { MessageOf } from '../protocol/messages.js';
import { everybodyElse, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * Asking how a call stands, and saying it: what brings a device that was away to the truth.
 */

/** Where this device stands: also that it wants to come (back) in, and in whose place. */
export function callReport(
  ctx: TransitionContext,
  call: Call,
): Pick<MessageOf<'sync'>, 'phase' | 'round' | 'join' | 'replaces' | 'customData'> {
  const { phase, joining, acceptData } = call;
  const round = joining?.round ?? recordOf(call, ctx.me)?.round;
  return {
    phase,
    ...(round === undefined ? {} : { round }),
    ...(joining && { join: true }),
    ...(joining?.replaces !== undefined && { replaces: joining.replaces }),
    // An accept that was lost is made good for by this.
    ...(phase === 'accepting' && acceptData ? { customData: acceptData } : {}),
  };
}

/** Asks everybody how the call stands, and says how it stands here. */
export function sync(ctx: TransitionContext, call: Call): void {
  ctx.sendAll(call, [...everybodyElse(call, ctx.me), ctx.me], {
    type: 'sync',
    ...callReport(ctx, call),
  });
}
