import type { Sender } from '../../src/core/protocol/messages.js';
import type { Bus } from './bus.js';
import type { DeviceKey, Presence } from '../presence/presence.js';
import type { ReturnWait } from '../presence/return-wait.js';
import type { Stamped } from '../messages/stamp.js';

interface ExpectedDevicesDependencies {
  readonly presence: Pick<Presence, 'call'>;
  readonly bus: Pick<Bus, 'publish'>;
  /** The message that a device of this call is lost. */
  readonly lostMessage: (device: Sender, callID: string) => Stamped;
  readonly wait: Pick<ReturnWait, 'begin'>;
}

/** Devices that one user may have the server expect in a call. */
const MAX_EXPECTED = 16;

/**
 * After a restart, a device tells who should be in its call with it. Those may come back, and say the same; if not,
 * the one who waits for them is told that they are lost. Nobody else hears of it, and whether they are connected makes no
 * difference: nothing can be found out in this way about devices that are not in a call with the one who asks.
 */
export class ExpectedDevices {
  readonly #parts: ExpectedDevicesDependencies;
  /** What stops the timers, by who waits in which call, and for whom. */
  readonly #waiting = new Map<string, Map<string, () => void>>();

  constructor(parts: ExpectedDevicesDependencies) {
    this.#parts = parts;
  }

  /** @param by who says that the device is in this call */
  expect(by: string, device: DeviceKey, callID: string): void {
    // There is no white space in a userID.
    const key = `${by} ${callID}`;
    const waiting = this.#waiting.get(key) ?? new Map<string, () => void>();
    if (waiting.has(device.userID) || waiting.size >= MAX_EXPECTED) return;
    const stop = this.#parts.wait.begin(false, () => {
      waiting.delete(device.userID);
      if (waiting.size === 0) this.#waiting.delete(key);
      // What can't be told now is asked again by the one who waits.
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
    const isThere = devices.some(
      ({ device }) => device.userID === userID && device.deviceID === deviceID,
    );
    const hasNamed = named.get(userID)?.has(by) || (members.has(userID) && members.has(by));
    if (isThere && hasNamed) return;
    const message = lostMessage({ userID, userName: userID, deviceID }, callID);
    await bus.publish(by, { message: { ...message, to: [by] }, mayBeLate: true });
  }
}
