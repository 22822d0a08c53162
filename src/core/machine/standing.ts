import type { Delivered, MessageOf } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { everybodyElse, recordOf } from './call.js';
import type { Draft } from './draft.js';
import type { Call } from './types.js';

/*
 * Asking how a call stands, and saying it: what brings a device that was away to the truth.
 */

/** Where this device stands: also that it wants to come (back) in, and in whose place. */
export function standing(
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
  d.sayAll(call, [...everybodyElse(call, d.me), d.me], { type: 'sync', ...standing(d, call) });
}

/** What the invitation of a call says beside its records. */
function about({ type, initiator, endWithInitiator, group, customData }: Call) {
  return { callType: type, initiator, endWithInitiator, group, customData };
}

/** Says how the call stands here, to the one device that asked or erred. */
export function reply(d: Draft, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  d.sayAll(call, [userID], {
    type: 'state',
    toDevice: deviceID,
    ...standing(d, call),
    ...(call.acted ? { answered: true } : {}),
    ...(message.type === 'sync' && message.learn && call.phase === 'in'
      ? { about: about(call) }
      : {}),
  });
}
