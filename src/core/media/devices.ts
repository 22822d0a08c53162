import type { DeviceList } from '../ports/media.js';

/** The part of `navigator.mediaDevices` that is used. It exists only in secure contexts. */
export type MediaDevicesSource = Pick<
  MediaDevices,
  'getUserMedia' | 'enumerateDevices' | 'addEventListener' | 'removeEventListener'
> &
  Partial<Pick<MediaDevices, 'getDisplayMedia'>>;

type Slot = keyof DeviceList['selected'];

const SLOTS: Readonly<Record<MediaDeviceKind, Slot>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
  audiooutput: 'speaker',
};

type Selected = DeviceList['selected'];
/** @returns a copy with another device for one kind */
const withDevice = (
  of: Selected,
  kind: MediaDeviceKind,
  deviceId: string | undefined,
): Selected => {
  const { [SLOTS[kind]]: _, ...others } = of;
  return deviceId ? { ...others, [SLOTS[kind]]: deviceId } : others;
};

/**
 * The list of media devices, those that the user has selected, and those in use. A selected device that is unplugged
 * stays selected, but is not in use. The list is watched during a call; selections outlive the call.
 */
export class Devices {
  readonly #source: () => MediaDevicesSource | undefined;
  readonly #changed: (devices: DeviceList) => void;
  readonly #speakerLost: () => void;
  #watched: MediaDevicesSource | undefined;
  #known: readonly MediaDeviceInfo[] = [];
  #chosen: Selected = {};
  #open: Selected = {};
  /** The selected speaker that was reported as unplugged. */
  #lostSpeaker: string | undefined;
  /** Number of the newest enumeration: results of older ones are discarded. */
  #enumeration = 0;

  constructor(
    source: () => MediaDevicesSource | undefined,
    changed: (devices: DeviceList) => void,
    speakerLost: () => void,
  ) {
    this.#source = source;
    this.#changed = changed;
    this.#speakerLost = speakerLost;
  }

  /** The devices that the user has selected. A missing one: the browser selects a device. */
  get chosen(): Selected {
    return this.#chosen;
  }

  watch(): void {
    this.#watched = this.#source();
    this.#watched?.addEventListener('devicechange', this.#onChange);
    this.refresh();
  }

  unwatch(): void {
    this.#watched?.removeEventListener('devicechange', this.#onChange);
    this.#watched = undefined;
  }

  /** Records that the user has selected a device; undefined: the default one. */
  choose(kind: MediaDeviceKind, deviceId: string | undefined): void {
    this.#chosen = withDevice(this.#chosen, kind, deviceId);
    this.#lostSpeaker = undefined;
    this.refresh();
  }

  /** Records that a device was opened; undefined: that none of its kind is open. */
  use(kind: 'audioinput' | 'videoinput', deviceId: string | undefined): void {
    this.#open = withDevice(this.#open, kind, deviceId);
    // Device labels are readable only after access to a device was granted.
    this.refresh();
  }

  /** Reads the list again, and reports it. */
  refresh(): void {
    void this.#refresh();
  }

  readonly #onChange = (): void => this.refresh();

  async #refresh(): Promise<void> {
    const watched = this.#watched;
    if (!watched) return;
    const enumeration = ++this.#enumeration;
    let known: readonly MediaDeviceInfo[] | undefined;
    try {
      known = await watched.enumerateDevices();
    } catch {
      // Not allowed in this document: the list is empty.
    }
    if (watched !== this.#watched || enumeration !== this.#enumeration) return;
    this.#known = known ?? [];
    this.#changed({
      microphones: this.#of('audioinput'),
      cameras: this.#of('videoinput'),
      speakers: this.#of('audiooutput'),
      selected: this.#selected,
    });
    if (known) this.#checkSpeaker();
  }

  #of(kind: MediaDeviceKind): MediaDeviceInfo[] {
    return this.#known.filter((device) => device.kind === kind && device.deviceId !== '');
  }

  /** The devices in use: an open device, else the selected one if it is in the list. */
  get #selected(): Selected {
    let selected: Selected = {};
    for (const [kind, slot] of Object.entries(SLOTS) as [MediaDeviceKind, Slot][]) {
      const chosen = this.#of(kind).find(({ deviceId }) => deviceId === this.#chosen[slot]);
      selected = withDevice(selected, kind, this.#open[slot] ?? chosen?.deviceId);
    }
    return selected;
  }

  /** Detects that the selected speaker was unplugged. For microphones and cameras their tracks fire `ended`. */
  #checkSpeaker(): void {
    const { speaker } = this.#chosen;
    const isThere = this.#of('audiooutput').some(({ deviceId }) => deviceId === speaker);
    if (isThere || speaker === undefined) this.#lostSpeaker = undefined;
    else if (this.#lostSpeaker !== speaker) {
      this.#lostSpeaker = speaker;
      this.#speakerLost();
    }
  }
}
