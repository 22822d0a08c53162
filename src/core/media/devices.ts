import { DEVICE_SLOTS } from '../ports/device-choices.js';
import type {
  DeviceChoice,
  DeviceChoices,
  DeviceChoiceStorage,
  DeviceSlot,
} from '../ports/device-choices.js';
import type { DeviceList, SelectableKind } from '../ports/media.js';
import { findRemembered } from './remembered-device.js';

/** The part of `navigator.mediaDevices` that is used. It exists only in secure contexts. */
export type MediaDevicesSource = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
> &
  Partial<Pick<MediaDevices, 'getDisplayMedia' | 'getSupportedConstraints'>>;

/** The devices that are captured. */
export type CaptureSlot = 'microphone' | 'camera';

const KINDS: Readonly<Record<DeviceSlot, MediaDeviceKind>> = {
  microphone: 'audioinput',
  camera: 'videoinput',
  speaker: 'audiooutput',
  ringer: 'audiooutput',
};
const CAPTURED = ['microphone', 'camera'] as const;

export const slotOf = (kind: SelectableKind): DeviceSlot =>
  kind === 'ringer' ? kind : (DEVICE_SLOTS.find((slot) => KINDS[slot] === kind) ?? 'speaker');

/** A capture that uses the devices. */
export interface DeviceUser {
  /**
   * The selected device was plugged in: uses it instead of the one that replaced it.
   * @returns false if it could not be opened yet; then this is called again after the next change of the list
   */
  restore(slot: CaptureSlot): Promise<boolean>;
  /** A device was plugged in: opens it if the source is on and there was none. */
  retry(slot: CaptureSlot): void;
}

export interface DevicesOptions {
  readonly source: () => MediaDevicesSource | undefined;
  readonly storage: DeviceChoiceStorage;
  readonly changed: (devices: DeviceList) => void;
  /** Called once when the selected speaker is unplugged. */
  readonly speakerLost: () => void;
}

/**
 * The list of media devices, those that the user has selected, and those in use: the only owner of this data. A selected
 * device that is unplugged stays selected, but is not in use. Selections are remembered in this browser. The list is
 * watched while somebody uses it: during a call, and during a preview.
 */
export class Devices {
  readonly #options: DevicesOptions;
  readonly #users = new Set<DeviceUser>();
  #watched: MediaDevicesSource | undefined;
  #known: readonly MediaDeviceInfo[] = [];
  /** Whether the list was read since it is watched. */
  #isRead = false;
  #chosen: DeviceChoices;
  /** The open devices of each user, the newest last. */
  #open: { readonly user: object; readonly slot: CaptureSlot; readonly deviceId: string }[] = [];
  /** Selected microphones and cameras that were in the last list. */
  readonly #present = new Set<CaptureSlot>();
  /** ID of the selected speaker that was reported as unplugged. */
  #lostSpeaker: string | undefined;
  /** Number of the newest enumeration: results of older ones are discarded. */
  #enumeration = 0;
  /** Number of changes that the browser has reported. */
  #changes = 0;

  constructor(options: DevicesOptions) {
    this.#options = options;
    this.#chosen = options.storage.read();
  }

  /** ID of the device that the user has selected; undefined: the browser selects one. */
  chosen(slot: DeviceSlot): string | undefined {
    return (this.#find(slot) ?? this.#chosen[slot])?.deviceId;
  }

  /** Watches the list for this user. @returns a function that stops it */
  watch(user: DeviceUser): () => void {
    if (!this.#users.size) {
      // Another page may have changed them.
      this.#chosen = this.#options.storage.read();
      this.#isRead = false;
      this.#present.clear();
      this.#watched = this.#options.source();
      this.#watched?.addEventListener('devicechange', this.#onChange);
    }
    this.#users.add(user);
    this.refresh();
    return () => {
      if (!this.#users.delete(user) || this.#users.size) return;
      this.#watched?.removeEventListener('devicechange', this.#onChange);
      this.#watched = undefined;
    };
  }

  /**
   * Records that the user has selected a device; undefined: the default one.
   * @returns a function that restores the previous selection, unless the user has selected another device since
   */
  choose(slot: DeviceSlot, deviceId: string | undefined): () => void {
    const previous = this.#chosen[slot];
    const known = this.#of(KINDS[slot]).find((device) => device.deviceId === deviceId);
    const choice = deviceId ? { deviceId, label: known?.label ?? '' } : undefined;
    this.#choose(slot, choice);
    return () => {
      if (this.#chosen[slot]?.deviceId === choice?.deviceId) this.#choose(slot, previous);
    };
  }

  /** Records that a device was opened by this user; undefined: that none of its kind is open. */
  use(user: object, slot: CaptureSlot, deviceId: string | undefined): void {
    this.#open = this.#open.filter((open) => open.user !== user || open.slot !== slot);
    if (deviceId) this.#open.push({ user, slot, deviceId });
    // Device labels are readable only after access to a device was granted.
    this.refresh();
  }

  /** Reads the list again, and reports it. */
  refresh(): void {
    void this.#refresh(this.#watched);
  }

  readonly #onChange = (): void => {
    this.#changes++;
    this.refresh();
  };

  #choose(slot: DeviceSlot, choice: DeviceChoice | undefined): void {
    this.#store(slot, choice);
    if (slot === 'speaker') this.#lostSpeaker = undefined;
    // The capture opens it now. Only a device that is plugged in later is restored.
    else if (slot !== 'ringer') this.#present.add(slot);
    void this.#refresh(this.#watched ?? this.#options.source(), !this.#watched);
  }

  #store(slot: DeviceSlot, choice: DeviceChoice | undefined): void {
    const { [slot]: _, ...others } = this.#chosen;
    this.#chosen = choice ? { ...others, [slot]: choice } : others;
    this.#options.storage.write(this.#chosen);
  }

  /** @param once also if the list is not watched */
  async #refresh(source: MediaDevicesSource | undefined, once = false): Promise<void> {
    if (!source) return;
    const enumeration = ++this.#enumeration;
    let known: readonly MediaDeviceInfo[] | undefined;
    try {
      known = await source.enumerateDevices();
    } catch {
      // Not allowed in this document: the list is empty.
    }
    if (enumeration !== this.#enumeration || (this.#watched !== source && !once)) return;
    const before = this.#isRead ? this.#known : undefined;
    this.#known = known ?? [];
    for (const slot of DEVICE_SLOTS) this.#updateChoice(slot);
    this.#options.changed({
      microphones: this.#of('audioinput'),
      cameras: this.#of('videoinput'),
      speakers: this.#of('audiooutput'),
      selected: this.#selected,
    });
    if (!known || !this.#watched) return;
    this.#isRead = true;
    this.#checkSpeaker();
    for (const slot of CAPTURED) this.#checkCaptured(slot, before);
  }

  #of(kind: MediaDeviceKind): MediaDeviceInfo[] {
    return this.#known.filter((device) => device.kind === kind && device.deviceId !== '');
  }

  /** The selected device, if it is in the list. */
  #find(slot: DeviceSlot): MediaDeviceInfo | undefined {
    return findRemembered(this.#chosen[slot], this.#of(KINDS[slot]));
  }

  /** Remembers the present ID and label of a selected device. */
  #updateChoice(slot: DeviceSlot): void {
    const choice = this.#chosen[slot];
    const device = this.#find(slot);
    if (!choice || !device) return;
    const { deviceId, label } = device;
    if (deviceId !== choice.deviceId || (label && label !== choice.label))
      this.#store(slot, { deviceId, label: label || choice.label });
  }

  /** The devices in use: an open device, else the selected one if it is in the list. */
  get #selected(): DeviceList['selected'] {
    const selected: Partial<Record<DeviceSlot, string>> = {};
    for (const slot of DEVICE_SLOTS) {
      const open = this.#open.findLast((one) => one.slot === slot);
      const deviceId = open?.deviceId ?? this.#find(slot)?.deviceId;
      if (deviceId) selected[slot] = deviceId;
    }
    return selected;
  }

  /** Detects that the selected speaker was unplugged. For microphones and cameras their tracks fire `ended`. */
  #checkSpeaker(): void {
    const { speaker } = this.#chosen;
    if (!speaker || this.#find('speaker')) this.#lostSpeaker = undefined;
    else if (this.#lostSpeaker !== speaker.deviceId) {
      this.#lostSpeaker = speaker.deviceId;
      this.#options.speakerLost();
    }
  }

  /** Detects microphones and cameras that were plugged in. */
  #checkCaptured(slot: CaptureSlot, before: readonly MediaDeviceInfo[] | undefined): void {
    if (!this.#find(slot)) this.#present.delete(slot);
    else if (!this.#present.has(slot)) {
      this.#present.add(slot);
      for (const user of this.#users) void this.#restore(user, slot);
    }
    const isNew = ({ deviceId }: MediaDeviceInfo): boolean =>
      !before?.some((device) => device.deviceId === deviceId && device.kind === KINDS[slot]);
    if (before && this.#of(KINDS[slot]).some(isNew))
      for (const user of this.#users) user.retry(slot);
  }

  async #restore(user: DeviceUser, slot: CaptureSlot): Promise<void> {
    const changes = this.#changes;
    if (await user.restore(slot)) return;
    this.#present.delete(slot);
    if (changes !== this.#changes) this.refresh();
  }
}
