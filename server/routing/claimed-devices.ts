import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import type { MessageOf, Sender } from '../../src/core/protocol/messages.js';
import { isParticipating } from '../calls/call-knowledge.js';
import { hasLeftSince, replacedDevice } from '../calls/corrections.js';
import type { Relay } from '../calls/relayed.js';
import type { Stamped } from '../messages/stamp.js';
import { MAX_SELECTED_CALLS_PER_DEVICE } from '../limits/limits.js';
import { callsOf, type Presence } from '../presence/presence.js';
import type { ExpectedDevices } from './expected-devices.js';
import type { LostDeviceNotifier } from './lost-devices.js';
import { correction } from './correction-messages.js';

/** Maximum number of devices in a call that only its coordinators have reported. */
const MAX_CLAIMED_DEVICES = 16;

interface ClaimedDevicesDependencies {
  readonly presence: Presence;
  readonly lostDevices: LostDeviceNotifier;
  readonly expected: ExpectedDevices;
}

/** Devices that others report to be in a call. */
export class ClaimedDevices {
  readonly #parts: ClaimedDevicesDependencies;

  constructor(parts: ClaimedDevicesDependencies) {
    this.#parts = parts;
  }

  /**
   * Puts a device that a coordinator has selected into the call. It stays in its other calls, because the coordinator
   * does not decide about these: if the device has left one of them, it states that itself. The server waits for an unknown
   * device (at most one of each user): it has lost its connection since it accepted, or does not exist.
   */
  async track(device: Sender, callID: string): Promise<void> {
    if (device.deviceID === SERVER_DEVICE) return;
    const { presence } = this.#parts;
    const known = await presence.standing(device);
    if (known) {
      const calls = callsOf(known);
      if (calls.includes(callID) || calls.length >= MAX_SELECTED_CALLS_PER_DEVICE) return;
    } else {
      const devices = await presence.devicesIn(callID);
      const isOther = devices.some((one) => !one.connected && one.device.userID === device.userID);
      if (isOther || devices.length >= MAX_CLAIMED_DEVICES) return;
    }
    await presence.enter(known?.device ?? device, callID, true);
  }

  /** Answers a sync for devices that are not in the call any more, and starts to wait for devices that it does not know. */
  async responses({ sender, message, call, at }: Relay<MessageOf<'sync'>>): Promise<Stamped[]> {
    const { presence, lostDevices, expected } = this.#parts;
    const { callID } = message;
    const replies: Stamped[] = [];
    const isMember = isParticipating(call.members.get(sender.userID));
    // The sender asks all devices because it was offline.
    const wasOffline = message.toDevice === undefined;
    for (const record of message.records) {
      const { user, state, device } = record;
      if (state !== 'in' || device === undefined || user === sender.userID) continue;
      const named = { userID: user, userName: user, deviceID: device };
      const known = call.members.get(user);
      if (known && isMember) {
        if (wasOffline && hasLeftSince(record, known)) {
          const left = { ...named, deviceID: known.device ?? device };
          replies.push({ ...lostDevices.leftMessage(left, callID, known), to: [sender.userID] });
          continue;
        }
        const replaced = wasOffline ? replacedDevice(record, known) : undefined;
        if (replaced && !(await presence.isLost({ userID: user, deviceID: replaced.device })))
          replies.push(correction(sender, callID, [replaced], at));
        if (known.device !== device || known.state !== 'in') continue;
        if (await presence.isLost(named))
          replies.push({ ...lostDevices.lostMessage(named, callID), to: [sender.userID] });
        else await this.track(named, callID);
      } else if (message.phase === 'in' && call.named.has(sender.userID)) {
        expected.expect(sender.userID, named, callID);
      }
    }
    return replies;
  }
}
