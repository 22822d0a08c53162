import type { Sender } from '../../src/core/protocol/messages.js';
import type { Bus } from './bus.js';
import type { DeviceKey, Presence } from '../presence/presence.js';
import type { ReturnWait } from '../presence/return-wait.js';
import type { Stamped } from '../messages/stamp.js';

interface ExpectedDevicesDependencies {
  readonly presence: Pick<Presence, 'call'>;
  readonly bus: Pick<Bus, 'publish'>;
  /** Creates the message that a device of this call is lost. */
  readonly lostMessage: (device: Sender, callID: string) => Stamped;
  readonly wait: Pick<ReturnWait, 'begin'>;
}

/** Maximum number of devices that one user may have the server expect in a call. */
const MAX_EXPECTED = 16;

/**
 * After a restart, a device reports which devices should be in its call. If one of them does not confirm this in time, only
 * the reporting user is notified that it is lost. Whether the expected device is connected makes no difference, so a client
 * can't use this to find out about devices that are not in a call with it.
 */
export class ExpectedDevices {
  readonly #parts: ExpectedDevicesDependencies;
  /** Functions that cancel the waits, by reporting user and call, then by expected user. */
  readonly #waiting = new Map<string, Map<string, () => void>>();

  constructor(parts: ExpectedDevicesDependencies) {
    this.#parts = parts;
  }

  /** Starts to wait. @param by the user who reports that the device is in this call */
  expect(by: string, device: DeviceKey, callID: string): void {
    // User IDs contain no white space.
    const key = `${by} ${callID}`;
    const waiting = this.#waiting.get(key) ?? new Map<string, () => void>();
    if (waiting.has(device.userID) || waiting.size >= MAX_EXPECTED) return;
    const stop = this.#parts.wait.begin(false, () => {
      waiting.delete(device.userID);
      if (waiting.size === 0) this.#waiting.delete(key);
      // On failure, the device of the reporting user asks again.
      this.#sendLost(by, device, callID).catch(() => {});
    });
    this.#waiting.set(key, waiting.set(device.userID, stop));
  }

  close(): void {
    for (const waiting of this.#waiting.values()) for (const stop of waiting.values()) stop();
    this.#waiting.clear();
  }

  async #sendLost(by: string, { userID, deviceID }: DeviceKey, callID: string): Promise<void> {
    const { presence, bus, lostMessage } = this.#parts;
    const { devices, named, members } = await presence.call(callID);
    const isInCall = devices.some(
      ({ device }) => device.userID === userID && device.deviceID === deviceID,
    );
    const hasNamed = named.get(userID)?.has(by) || (members.has(userID) && members.has(by));
    if (isInCall && hasNamed) return;
    const message = lostMessage({ userID, userName: userID, deviceID }, callID);
    await bus.publish(by, { message: { ...message, to: [by] }, mayBeLate: true });
  }
}
