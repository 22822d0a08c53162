import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallMessage } from '../calls/authority.js';
import type { CallKnowledge } from '../calls/call-knowledge.js';
import type { DeviceKey, Presence } from '../presence/presence.js';

/**
 * Adds the owners of those devices in a message that are not in the call yet, as far as they are known: the user whom the
 * record names, else the sender or another user of the call.
 */
export async function withOwners(
  sender: Sender,
  message: CallMessage,
  call: CallKnowledge,
  presence: Pick<Presence, 'standing' | 'devicesOf'>,
): Promise<CallKnowledge> {
  const owners: DeviceKey[] = [];
  const unknown = new Set<string>();
  for (const { user: userID, device: deviceID } of message.records) {
    if (deviceID === undefined || deviceID === sender.deviceID) continue;
    if (call.members.get(userID)?.device === deviceID) continue;
    if (call.devices.some(({ device }) => device.deviceID === deviceID)) continue;
    if (await presence.standing({ userID, deviceID })) owners.push({ userID, deviceID });
    else unknown.add(deviceID);
  }
  if (unknown.size > 0) {
    for (const userID of new Set([sender.userID, ...call.members.keys()])) {
      for (const deviceID of await presence.devicesOf(userID)) {
        if (unknown.has(deviceID)) owners.push({ userID, deviceID });
      }
    }
  }
  return owners.length === 0 ? call : { ...call, owners };
}
