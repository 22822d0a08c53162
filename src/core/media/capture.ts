import type { DeviceState, MediaFault } from '../ports/media.js';
import type { MediaDevicesSource } from './devices.js';

export interface CaptureOptions {
  readonly kind: 'microphone' | 'camera';
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  /** The device that the user wants. Undefined: whichever the browser takes. */
  readonly chosen: () => string | undefined;
  readonly choose: (deviceId: string | undefined) => void;
  /** This device is open from now on; undefined: none is. */
  readonly use: (deviceId: string | undefined) => void;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/** @returns the fault that stands for what the browser rejected with */
export function faultOf(kind: MediaFault['kind'], cause: unknown): MediaFault {
  return { kind, name: cause instanceof Error ? cause.name : 'Error', cause };
}

/**
 * The microphone or the camera of one call: asks for it, switches it, gives it back.
 *
 * An open prompt can't be taken back by a page. So what it yields is looked at when it comes: a stream that is not
 * wanted any more is stopped at once.
 */
export class Capture {
  readonly #options: CaptureOptions;
  #track: MediaStreamTrack | undefined;
  /** The device of the track. */
  #device: string | undefined;
  /** The source is to be on: whether there is a track for it is another matter. */
  #wanted = false;
  #missing = false;
  /** The newest request; the answers to older ones are thrown away. */
  #request: Promise<boolean> | undefined;
  /** The device that ended by itself last: when the same one does so again, nothing more is tried. */
  #ended: { readonly device: string | undefined } | undefined;
  /** The chosen device that ended by itself, until another one stands in for it. */
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

  /** What the call starts with. A source that is off at the start is not asked for before it is switched on. */
  open(on: boolean): void {
    this.#missing = !this.#options.mediaDevices();
    if (on) void this.set(true);
  }

  /** Settles when it is so, or can't be. Never rejects: a refusal is a fault. */
  async set(on: boolean): Promise<void> {
    this.#wanted = on;
    this.#ended = this.#lost = undefined;
    if (on && !this.#track) {
      if (this.#request) this.#options.changed();
      await (this.#request ?? this.#ask());
      return;
    }
    // A camera that is off is given back, so that its light goes out. A muted microphone stays, to be back at once.
    if (!on && this.#options.kind === 'camera') this.#drop();
    else if (this.#track) this.#track.enabled = on;
    this.#options.changed();
  }

  /**
   * Changes to this device (`''`: to the default one) now if the source is on or open, else when it is next opened.
   * Where that fails, the device that was open before stays, or is opened again.
   */
  async select(deviceId: string): Promise<void> {
    const { chosen, choose, kind } = this.#options;
    const wish = deviceId || undefined;
    const before = chosen() ?? this.#device;
    const wasOpen = this.#track !== undefined;
    this.#ended = this.#lost = undefined;
    choose(wish);
    if (!wasOpen && !this.#wanted) return;
    // A phone opens one camera at a time.
    if (kind === 'camera') this.#drop();
    if (await this.#ask(wish)) return;
    // With nothing to go back to, the wish stands: it is tried again when the source is switched on.
    if (!wasOpen || chosen() !== wish) return;
    choose(before);
    if (this.#wanted && !this.#track) await this.#ask();
  }

  /** The track is stopped before this returns; one that comes later is stopped when it comes. */
  close(): void {
    this.#wanted = false;
    this.#missing = false;
    this.#request = undefined;
    this.#ended = this.#lost = undefined;
    this.#drop();
  }

  /** @returns false when it was refused; what is not wanted any more needs nothing further */
  #ask(exact?: string): Promise<boolean> {
    const request: Promise<boolean> = this.#open(exact).then(
      (stream) => this.#receive(stream, request),
      (error: unknown) => this.#refused(error, request),
    );
    this.#request = request;
    this.#options.changed();
    return request;
  }

  async #open(exact: string | undefined): Promise<MediaStream> {
    const devices = this.#options.mediaDevices();
    if (!devices) throw new DOMException('This page has no media devices.', 'NotSupportedError');
    const chosen = this.#options.chosen();
    const deviceId = exact ? { exact } : chosen && { ideal: chosen };
    const device: MediaTrackConstraints = deviceId ? { deviceId } : {};
    if (this.#options.kind === 'microphone') return devices.getUserMedia({ audio: device });
    const size = { width: { ideal: 1280 }, height: { ideal: 720 } };
    const facing = deviceId ? {} : { facingMode: 'user' };
    return devices.getUserMedia({ video: { ...size, ...facing, ...device } });
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
        new DOMException('The chosen device is gone: another one is used.', 'NotFoundError'),
      );
    return true;
  }

  #refused(error: unknown, request: Promise<boolean>): boolean {
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

  /** The device was unplugged or taken, or the permission withdrawn: another device may do. */
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
      if (this.#wanted) this.#fault(new DOMException('The device has ended.', 'NotReadableError'));
    }
  };
}
