import type { Delivered, MessageOf } from '../protocol/messages.js';
import { SERVER_DEVICE } from '../protocol/limits.js';
import { everybodyElse, recordOf } from './call.js';
import type { Draft } from './draft.js';
import { isPending } from './records.js';
import type { Call } from './types.js';

/*
 * Asking how a call stands, and saying it: what brings a device that was away to the truth.
 */

/** Where this device stands: also that it wants to come (back) in, and in whose place. */
export function callReport(
  d: Draft,
  call: Call,
): Pick<MessageOf<'sync'>, 'phase' | 'round' | 'join' | 'replaces'> {
  const { phase, joining, replaces } = call;
  const round = joining ?? recordOf(call, d.me)?.round;
  return {
    phase,
    ...(round === undefined ? {} : { round }),
    ...(joining === undefined ? {} : { join: true }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}

/** Asks everybody how the call stands, and says how it stands here. */
export function sync(d: Draft, call: Call): void {
  d.sayAll(call, [...everybodyElse(call, d.me), d.me], { type: 'sync', ...callReport(d, call) });
}

/**
 * Says how the call stands here, to the one device that asked or erred. Members who are in or still invited are told of
 * everybody. Anybody else is told how its own invitation ended, by its inviter alone, and nothing of the others.
 */
export function reply(d: Draft, call: Call, message: Delivered): void {
  const { userID, deviceID } = message.from;
  if (deviceID === SERVER_DEVICE) return;
  const record = recordOf(call, userID);
  const answered = call.acted ? { answered: true } : {};
  const body = { type: 'state', toDevice: deviceID, ...callReport(d, call), ...answered } as const;
  if (userID === d.me || (record && (isPending(record) || record.state === 'in')))
    d.sayAll(call, [userID], body);
  else if (record && (record.inviter === d.me || record.state === 'left'))
    d.say(call, [userID], { ...body, phase: 'over' }, [record]);
}
