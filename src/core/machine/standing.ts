import type { Delivered } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { everybodyElse, recordOf, records } from './call.js';
import type { Draft } from './draft.js';
import type { Call } from './types.js';

/*
 * Asking how a call stands, and saying it: what brings a device that was away to the truth.
 */

/** Asks everybody how the call stands, and says how it stands here. */
export function sync(d: Draft, call: Call): void {
  const joining = call.phase === 'accepting' ? call.joining : undefined;
  const round = joining ?? recordOf(call, d.me)?.round;
  d.say(
    call,
    [...everybodyElse(call, d.me), d.me],
    {
      type: 'sync',
      phase: call.phase,
      ...(round === undefined ? {} : { round }),
      ...(joining === undefined ? {} : { join: true }),
      ...(call.replaces === undefined ? {} : { replaces: call.replaces }),
    },
    joining === undefined ? records(call) : [],
  );
}

/** Says how the call stands here, to the one device that asked or erred. */
export function reply(d: Draft, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  const round = recordOf(call, d.me)?.round;
  d.sayAll(call, [userID], {
    type: 'state',
    toDevice: deviceID,
    phase: call.phase,
    ...(round === undefined ? {} : { round }),
    ...(call.acted ? { answered: true } : {}),
  });
}
