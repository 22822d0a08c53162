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

/** The devices to choose from, and those that are chosen. Watched while a call is open; the choice outlives it. */
export class Devices {
  readonly #source: () => MediaDevicesSource | undefined;
  readonly #changed: (devices: DeviceList) => void;
  #watched: MediaDevicesSource | undefined;
  #known: readonly MediaDeviceInfo[] = [];
  #selected: DeviceList['selected'] = {};

  constructor(
    source: () => MediaDevicesSource | undefined,
    changed: (devices: DeviceList) => void,
  ) {
    this.#source = source;
    this.#changed = changed;
  }

  get selected(): DeviceList['selected'] {
    return this.#selected;
  }

  watch(): void {
    this.#watched = this.#source();
    this.#watched?.addEventListener('devicechange', this.#onChange);
    void this.#refresh();
  }

  unwatch(): void {
    this.#watched?.removeEventListener('devicechange', this.#onChange);
    this.#watched = undefined;
  }

  /** Notes the device that is used from now on (undefined: whichever the browser takes) and tells the list. */
  select(kind: MediaDeviceKind, deviceId: string | undefined): void {
    const { [SLOTS[kind]]: _, ...others } = this.#selected;
    this.#selected = deviceId ? { ...others, [SLOTS[kind]]: deviceId } : others;
    // Names of devices are readable only once one of them has been granted.
    void this.#refresh();
  }

  readonly #onChange = (): void => void this.#refresh();

  async #refresh(): Promise<void> {
    const watched = this.#watched;
    if (!watched) return;
    try {
      this.#known = await watched.enumerateDevices();
    } catch {
      this.#known = []; // not allowed here: nothing to choose from
    }
    if (watched !== this.#watched) return;
    const of = (kind: MediaDeviceKind): MediaDeviceInfo[] =>
      this.#known.filter((device) => device.kind === kind && device.deviceId !== '');
    this.#changed({
      microphones: of('audioinput'),
      cameras: of('videoinput'),
      speakers: of('audiooutput'),
      selected: this.#selected,
    });
  }
}
