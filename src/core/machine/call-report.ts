import type { MessageOf } from '../protocol/messages.js';
import { everybodyElse, recordOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/*
 * The call report: what a device states about itself in `sync` and `state`. It brings devices that were disconnected up
 * to date.
 */

/** @returns this device's phase and round, whether it wants to join, and which device it replaces */
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
    // Repeats the custom data of the accept, which may have been lost.
    ...(phase === 'accepting' && acceptData ? { customData: acceptData } : {}),
  };
}

/** Sends a `sync` to all users: requests their state, and reports that of this device. */
export function sync(ctx: TransitionContext, call: Call): void {
  ctx.sendAll(call, [...everybodyElse(call, ctx.me), ctx.me], {
    type: 'sync',
    ...callReport(ctx, call),
  });
}
