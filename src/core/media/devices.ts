import type { DeviceList } from '../ports/media.js';

/** The part of `navigator.mediaDevices` that is used. A page without a secure context has none. */
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
/** A device for each slot that has one. */
const withDevice = (
  of: Selected,
  kind: MediaDeviceKind,
  deviceId: string | undefined,
): Selected => {
  const { [SLOTS[kind]]: _, ...others } = of;
  return deviceId ? { ...others, [SLOTS[kind]]: deviceId } : others;
};

/**
 * The devices to choose from; which of them the user wants, and which are in use: a chosen one that is unplugged stays
 * wanted and is not in use. Watched while a call is open; the choice outlives it.
 */
export class Devices {
  readonly #source: () => MediaDevicesSource | undefined;
  readonly #changed: (devices: DeviceList) => void;
  readonly #speakerLost: () => void;
  #watched: MediaDevicesSource | undefined;
  #known: readonly MediaDeviceInfo[] = [];
  #chosen: Selected = {};
  #open: Selected = {};
  /** The chosen speaker that was reported as lost. */
  #lostSpeaker: string | undefined;
  /** The newest look at the list: the results of older ones are thrown away. */
  #look = 0;

  constructor(
    source: () => MediaDevicesSource | undefined,
    changed: (devices: DeviceList) => void,
    speakerLost: () => void,
  ) {
    this.#source = source;
    this.#changed = changed;
    this.#speakerLost = speakerLost;
  }

  /** What the user wants. Undefined: whichever the browser takes. */
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

  /** The user wants this device from now on; undefined: the default one. */
  choose(kind: MediaDeviceKind, deviceId: string | undefined): void {
    this.#chosen = withDevice(this.#chosen, kind, deviceId);
    this.#lostSpeaker = undefined;
    this.refresh();
  }

  /** This device is open from now on; undefined: none of its kind is. */
  use(kind: 'audioinput' | 'videoinput', deviceId: string | undefined): void {
    this.#open = withDevice(this.#open, kind, deviceId);
    // Names of devices are readable only once one of them has been granted.
    this.refresh();
  }

  /** Reads the list anew, and tells it. */
  refresh(): void {
    void this.#refresh();
  }

  readonly #onChange = (): void => this.refresh();

  async #refresh(): Promise<void> {
    const watched = this.#watched;
    if (!watched) return;
    const look = ++this.#look;
    let known: readonly MediaDeviceInfo[] | undefined;
    try {
      known = await watched.enumerateDevices();
    } catch {
      // Not allowed here: nothing to choose from.
    }
    if (watched !== this.#watched || look !== this.#look) return;
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

  /** An open device says for itself that it is there; a chosen one is there while it is in the list. */
  get #selected(): Selected {
    let selected: Selected = {};
    for (const [kind, slot] of Object.entries(SLOTS) as [MediaDeviceKind, Slot][]) {
      const chosen = this.#of(kind).find(({ deviceId }) => deviceId === this.#chosen[slot]);
      selected = withDevice(selected, kind, this.#open[slot] ?? chosen?.deviceId);
    }
    return selected;
  }

  /** Microphones and cameras say themselves that they have ended; of a speaker only the list tells. */
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
