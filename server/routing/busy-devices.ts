import type {
  Acknowledgement,
  InboxReport,
  MessageOf,
  Sender,
} from '../../src/core/protocol/messages.js';
import { ofServer, stamped, type Stamp } from '../messages/stamp.js';
import type { DeviceKey, Presence } from '../presence/presence.js';
import { publishLate, type Bus } from './bus.js';

interface BusyDevicesDependencies {
  readonly presence: Presence;
  readonly bus: Bus;
  readonly stamp: Stamp;
}

/**
 * Makes a user busy on all devices while one of them is in a call: what a device states about its own calls is stored,
 * relayed to the other devices of its user, and reported to those that connect later. Only the device itself can state
 * it, so nobody else can make a user busy.
 */
export class BusyDevices {
  readonly #parts: BusyDevicesDependencies;

  constructor(parts: BusyDevicesDependencies) {
    this.#parts = parts;
    parts.presence.whenFree((device) => this.free(device));
  }

  /** A device states the calls that it is in. */
  async state(sender: Sender, message: MessageOf<'busy'>, at: number): Promise<Acknowledgement> {
    const { userID, deviceID } = sender;
    await this.#parts.presence.state(sender, message.callIDs);
    const { toDevice: _, ...rest } = message;
    const relayed = stamped({ ...rest, to: [userID] }, sender, at);
    await this.#publish({ userID, deviceID }, relayed);
    return { reached: [] };
  }

  /** The devices of the user that are in calls, other than this one. */
  async report({ userID, deviceID }: DeviceKey): Promise<NonNullable<InboxReport['busy']>> {
    const busy = await this.#parts.presence.busyDevicesOf(userID);
    return busy.flatMap((one) =>
      one.deviceID === deviceID ? [] : [{ device: one.deviceID, callIDs: [...one.callIDs] }],
    );
  }

  /** Tells the other devices of a user that this one is lost, and in no call any more. */
  async free(device: DeviceKey): Promise<void> {
    const { userID, deviceID } = device;
    const body = {
      type: 'busy' as const,
      callID: deviceID.slice(0, 64),
      to: [userID],
      records: [],
    };
    const message = { ...body, callIDs: [], device: deviceID };
    await this.#publish(device, ofServer(message, { userID, userName: '' }, this.#parts.stamp()));
  }

  #publish({ userID, deviceID }: DeviceKey, message: Record<string, unknown>): Promise<void> {
    return publishLate(this.#parts.bus, userID, { message, exceptDevice: deviceID });
  }
}
