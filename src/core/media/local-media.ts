import type { LocalMedia, MediaFault } from '../ports/media.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings } from '../ports/media-settings.js';
import { Capture } from './capture.js';
import { pictureConstraints, soundConstraints } from './capture-constraints.js';
import type { Devices, MediaDevicesSource } from './devices.js';
import { emptyStream, holdTracks } from './hold-tracks.js';
import { ScreenCapture } from './screen-capture.js';
import type { Outgoing } from './sources.js';

export interface LocalCaptureOptions {
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  readonly devices: Devices;
  /** Called at each request. Default: {@link DEFAULT_MEDIA_SETTINGS}. */
  readonly settings?: () => MediaSettings;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/**
 * The sources that this device captures for one call. Microphone and camera are requested separately, so that denying
 * one does not affect the other.
 */
export class LocalCapture {
  readonly microphone: Capture;
  readonly camera: Capture;
  readonly screen: ScreenCapture;
  readonly #main = emptyStream();
  readonly #screen = emptyStream();
  #opened = false;

  constructor(options: LocalCaptureOptions) {
    const { mediaDevices, devices, settings = () => DEFAULT_MEDIA_SETTINGS } = options;
    const fault = (what: MediaFault): void => {
      // Device labels are readable once access is granted, even if opening the device failed because it is in use.
      devices.refresh();
      options.fault(what);
    };
    const changed = (): void => {
      this.#hold();
      options.changed();
    };
    this.microphone = new Capture({
      kind: 'microphone',
      mediaDevices,
      constraints: () => soundConstraints(settings()),
      chosen: () => devices.chosen.microphone,
      choose: (deviceId) => devices.choose('audioinput', deviceId),
      use: (deviceId) => devices.use('audioinput', deviceId),
      changed,
      fault,
    });
    this.camera = new Capture({
      kind: 'camera',
      mediaDevices,
      constraints: () => pictureConstraints(settings()),
      chosen: () => devices.chosen.camera,
      choose: (deviceId) => devices.choose('videoinput', deviceId),
      use: (deviceId) => devices.use('videoinput', deviceId),
      changed,
      fault,
    });
    this.screen = new ScreenCapture({ mediaDevices, changed, fault });
  }

  /** Requests the sources with which the call starts. Further calls do nothing. Does not wait for the results. */
  open(start: { readonly microphone: boolean; readonly camera: boolean }): void {
    if (this.#opened) return;
    this.#opened = true;
    this.microphone.open(start.microphone);
    this.camera.open(start.camera);
  }

  close(): void {
    this.microphone.close();
    this.camera.close();
    this.screen.close();
    this.#hold();
  }

  /** The media as stores publish it. The streams are the same objects for the whole call. */
  get media(): LocalMedia {
    return {
      stream: this.#main?.active ? this.#main : undefined,
      screen: this.#screen?.active ? this.#screen : undefined,
      microphone: this.microphone.state,
      camera: this.camera.state,
    };
  }

  /** The tracks, flags and streams that links send. */
  get outgoing(): Outgoing {
    const screen = this.screen.track ?? null;
    return {
      tracks: {
        microphone: this.microphone.track ?? null,
        camera: this.camera.track ?? null,
        screen,
      },
      flags: {
        microphone: this.microphone.state === 'on',
        camera: this.camera.state === 'on',
        screen: screen !== null,
      },
      streams: { main: this.#main, screen: this.#screen },
    };
  }

  #hold(): void {
    holdTracks(this.#main, [this.microphone.track, this.camera.track]);
    holdTracks(this.#screen, [this.screen.track]);
  }
}
