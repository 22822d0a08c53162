import type { DeviceState, MediaFault } from '../ports/media.js';
import type { MediaDevicesSource } from './devices.js';

export interface CaptureOptions {
  readonly kind: 'microphone' | 'camera';
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  /** Returns what is asked of the browser besides the device. */
  readonly constraints: () => MediaTrackConstraints;
  /** Returns the device that the user has selected; undefined: the browser selects one. */
  readonly chosen: () => string | undefined;
  readonly choose: (deviceId: string | undefined) => void;
  /** Called when a device was opened; with undefined, when it was closed. */
  readonly use: (deviceId: string | undefined) => void;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/** @returns the fault for an error of the browser */
export function faultOf(kind: MediaFault['kind'], cause: unknown): MediaFault {
  return { kind, name: cause instanceof Error ? cause.name : 'Error', cause };
}

/**
 * The microphone or the camera of one call: requests, switches and releases it.
 *
 * A page can't withdraw an open permission prompt. So a stream that is granted after it is no longer wanted is stopped
 * when it arrives.
 */
export class Capture {
  readonly #options: CaptureOptions;
  #track: MediaStreamTrack | undefined;
  /** The device of the track. */
  #device: string | undefined;
  /** Whether the source should be on, regardless of whether there is a track. */
  #wanted = false;
  #missing = false;
  /** The newest request; results of older ones are discarded. */
  #request: Promise<boolean> | undefined;
  /** The last device whose track has ended by itself. If the same device ends again, no other one is tried. */
  #ended: { readonly device: string | undefined } | undefined;
  /** The selected device whose track has ended by itself, until another device replaces it. */
  #lost: string | undefined;

  constructor(options: CaptureOptions) {
    this.#options = options;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  get state(): DeviceState {
    if (this.#track) return this.#wanted ? 'on' : 'off';
    if (this.#request && this.#wanted) return 'pending';
    return this.#missing ? 'unavailable' : 'off';
  }

  /** Sets the initial state in a call. A source that is off is requested only when it is switched on. */
  open(on: boolean): void {
    this.#missing = !this.#options.mediaDevices();
    if (on) void this.set(true);
  }

  /** Switches the source on or off. Resolves when it is done or has failed. Never rejects: a denial is a fault. */
  async set(on: boolean): Promise<void> {
    this.#wanted = on;
    this.#ended = this.#lost = undefined;
    if (on && !this.#track) {
      if (this.#request) this.#options.changed();
      await (this.#request ?? this.#ask());
      return;
    }
    // A camera that is off is released, so that its light goes out. A muted microphone stays open, to unmute without
    // delay.
    if (!on && this.#options.kind === 'camera') this.#drop();
    else if (this.#track) this.#track.enabled = on;
    this.#options.changed();
  }

  /**
   * Changes to this device (`''`: the default one): now if the source is on or open, else when it is next opened.
   * If that fails, the previous device stays in use, or is opened again.
   */
  async select(deviceId: string): Promise<void> {
    const { chosen, choose, kind } = this.#options;
    const selected = deviceId || undefined;
    const before = chosen() ?? this.#device;
    const wasOpen = this.#track !== undefined;
    this.#ended = this.#lost = undefined;
    choose(selected);
    if (!wasOpen && !this.#wanted) return;
    // Phones can open only one camera at a time.
    if (kind === 'camera') this.#drop();
    if (await this.#ask(selected)) return;
    // Without a previous device the selection stays: it is tried again when the source is switched on.
    if (!wasOpen || chosen() !== selected) return;
    choose(before);
    if (this.#wanted && !this.#track) await this.#ask();
  }

  /** Stops the track synchronously; a track that is granted later is stopped when it arrives. */
  close(): void {
    this.#wanted = false;
    this.#missing = false;
    this.#request = undefined;
    this.#ended = this.#lost = undefined;
    this.#drop();
  }

  /** @returns false if the request failed; true also if it is no longer wanted */
  #ask(exact?: string): Promise<boolean> {
    const request: Promise<boolean> = this.#open(exact).then(
      (stream) => this.#receive(stream, request),
      (error: unknown) => this.#onFailure(error, request),
    );
    this.#request = request;
    this.#options.changed();
    return request;
  }

  async #open(exact: string | undefined): Promise<MediaStream> {
    const devices = this.#options.mediaDevices();
    if (!devices)
      throw new DOMException('This page has no access to media devices.', 'NotSupportedError');
    const chosen = this.#options.chosen();
    const deviceId = exact ? { exact } : chosen && { ideal: chosen };
    const constraints = this.#options.constraints();
    const device: MediaTrackConstraints = deviceId ? { ...constraints, deviceId } : constraints;
    if (this.#options.kind === 'microphone') return devices.getUserMedia({ audio: device });
    const facing = deviceId ? {} : { facingMode: 'user' };
    return devices.getUserMedia({ video: { ...facing, ...device } });
  }

  #receive(stream: MediaStream, request: Promise<boolean>): boolean {
    const [track, ...others] = stream.getTracks();
    for (const other of others) other.stop();
    if (!track || this.#request !== request || !(this.#wanted || this.#track)) {
      track?.stop();
      this.#settle(request);
      return true;
    }
    this.#drop();
    this.#track = track;
    this.#device = track.getSettings().deviceId;
    this.#missing = false;
    track.enabled = this.#wanted;
    track.addEventListener('ended', this.#onEnded);
    this.#options.use(this.#device);
    this.#settle(request);
    const lost = this.#lost;
    this.#lost = undefined;
    if (lost !== undefined && lost !== this.#device)
      this.#fault(
        new DOMException(
          'The selected device was unplugged; another one is used.',
          'NotFoundError',
        ),
      );
    return true;
  }

  #onFailure(error: unknown, request: Promise<boolean>): boolean {
    if (this.#request !== request) return true;
    this.#missing = !this.#track;
    this.#lost = undefined;
    this.#settle(request);
    this.#fault(error);
    return false;
  }

  #fault(cause: unknown): void {
    this.#options.fault(faultOf(this.#options.kind, cause));
  }

  #settle(request: Promise<boolean>): void {
    if (this.#request !== request) return;
    this.#request = undefined;
    this.#options.changed();
  }

  #drop(): void {
    if (!this.#track) return;
    this.#track.removeEventListener('ended', this.#onEnded);
    this.#track.stop();
    this.#track = this.#device = undefined;
    this.#options.use(undefined);
  }

  /** The device was unplugged or taken by another app, or the permission was revoked: tries another device. */
  readonly #onEnded = (): void => {
    const device = this.#device;
    const isRepeated = this.#ended !== undefined && this.#ended.device === device;
    this.#drop();
    if (this.#wanted && !isRepeated) {
      this.#ended = { device };
      this.#lost = device === this.#options.chosen() ? device : undefined;
      void this.#ask();
    } else {
      this.#missing = this.#wanted;
      this.#options.changed();
      if (this.#wanted) this.#fault(new DOMException('The device stopped.', 'NotReadableError'));
    }
  };
}
