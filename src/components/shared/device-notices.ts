import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { DeviceList } from '../../core/ports/media.js';
import { LISTS } from './device-lists.js';

/** How long a notice is shown, in ms. */
const SHOWN_MS = 8_000;

/** A device has replaced another one. */
export type DeviceNotice =
  | { readonly type: 'replaced'; readonly lost: string; readonly used: string | undefined }
  | { readonly type: 'returned'; readonly used: string };

/** The devices that are used in a call. */
const SLOTS = ['microphone', 'camera', 'speaker'] as const;
type Slot = (typeof SLOTS)[number];

/** A device in use, and the devices that were plugged in when it was first used. */
interface Use {
  readonly device: MediaDeviceInfo | undefined;
  readonly present: ReadonlySet<string>;
}

/**
 * Detects from the lists of devices that another device is used because one was unplugged, or plugged in again. A device
 * that the user selects was in the list before, so it is no notice.
 */
export class DeviceChanges {
  readonly #uses = new Map<Slot, Use>();

  /** @returns notices for what has changed since the last list */
  update(devices: DeviceList): DeviceNotice[] {
    return SLOTS.flatMap((slot) => this.#change(slot, devices) ?? []);
  }

  #change(slot: Slot, devices: DeviceList): DeviceNotice | undefined {
    const list = devices[LISTS[slot]];
    const device = list.find(({ deviceId }) => deviceId === devices.selected[slot]);
    const before = this.#uses.get(slot);
    // Between two devices, none is open. No selected speaker means the default one.
    if (!device && (slot !== 'speaker' || !before)) return undefined;
    const isListed = (id: string | undefined): boolean =>
      list.some(({ deviceId }) => deviceId === id);
    const present = new Set(list.map(({ deviceId }) => deviceId));
    if (device?.deviceId === before?.device?.deviceId) {
      // A device that was unplugged meanwhile counts as plugged in again when it is back.
      const stillPresent = new Set([...(before?.present ?? present)].filter(isListed));
      this.#uses.set(slot, { device, present: stillPresent });
      return undefined;
    }
    this.#uses.set(slot, { device, present });
    if (!before) return undefined;
    if (before.device?.label && !isListed(before.device.deviceId))
      return { type: 'replaced', lost: before.device.label, used: device?.label };
    return device?.label && !before.present.has(device.deviceId)
      ? { type: 'returned', used: device.label }
      : undefined;
  }
}

/** Shows for some seconds that another device is used. */
export class DeviceNotices implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #changes = new DeviceChanges();
  #devices: DeviceList | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: readonly DeviceNotice[] = [];

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  get shown(): readonly DeviceNotice[] {
    return this.#shown;
  }

  /** Must be called in each update. @param devices undefined outside of a call: forgets everything */
  watch(devices: DeviceList | undefined): void {
    if (devices === this.#devices) return;
    this.#devices = devices;
    if (!devices) return this.hostDisconnected();
    const notices = this.#changes.update(devices);
    if (!notices.length) return;
    this.#shown = notices;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#shown = [];
      this.#host.requestUpdate();
    }, SHOWN_MS);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#shown = [];
    this.#devices = undefined;
    this.#changes = new DeviceChanges();
  }
}
