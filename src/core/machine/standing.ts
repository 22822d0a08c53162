import type { MessageOf } from '../protocol/messages.js';
import { everybodyElse, recordOf } from './call.js';
import type { Draft } from './draft.js';
import type { Call } from './types.js';

/*
 * Asking how a call stands, and saying it: what brings a device that was away to the truth.
 */

/** Where this device stands: also that it wants to come (back) in, and in whose place. */
export function callReport(
  d: Draft,
  call: Call,
): Pick<MessageOf<'sync'>, 'phase' | 'round' | 'join' | 'replaces' | 'customData'> {
  const { phase, joining, replaces, acceptData } = call;
  const round = joining ?? recordOf(call, d.me)?.round;
  return {
    phase,
    ...(round === undefined ? {} : { round }),
    ...(joining === undefined ? {} : { join: true }),
    ...(replaces === undefined ? {} : { replaces }),
    // An accept that was lost is made good for by this.
    ...(phase === 'accepting' && acceptData ? { customData: acceptData } : {}),
  };
}

/** Asks everybody how the call stands, and says how it stands here. */
export function sync(d: Draft, call: Call): void {
  d.sayAll(call, [...everybodyElse(call, d.me), d.me], { type: 'sync', ...callReport(d, call) });
}
