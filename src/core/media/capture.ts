import type { DeviceProblem, DeviceState, Facing, MediaFault } from '../ports/media.js';
import type { DeviceAccess } from './device-problem.js';
import { deviceProblemOf } from './device-problem.js';
import type { MediaDevicesSource } from './devices.js';
import { facingOf } from './facing.js';

export interface CaptureOptions {
  readonly kind: 'microphone' | 'camera';
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  /** Returns what is asked of the browser besides the device. */
  readonly constraints: () => MediaTrackConstraints;
  /** Tells which access the page has to devices of this kind; called when a device could not be opened. */
  readonly access: (kind: 'microphone' | 'camera') => Promise<DeviceAccess>;
  /** Returns the device that the user has selected; undefined: the browser selects one. */
  readonly chosen: () => string | undefined;
  /** Records that the user has selected a device. @returns a function that restores the previous selection */
  readonly choose: (deviceId: string | undefined) => () => void;
  /** Called when a device was opened; with undefined, when it was closed. */
  readonly use: (deviceId: string | undefined) => void;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/** What to open, other than the selected device. */
interface Wanted {
  /** This device, or none. */
  readonly exact?: string | undefined;
  /** This device if it is available. */
  readonly ideal?: string | undefined;
  /** Does not report a failure: another device is in use, or the failure was reported before. */
  readonly quiet?: boolean;
}

/** @returns the fault for an error of the browser */
export function faultOf(
  kind: MediaFault['kind'],
  cause: unknown,
  problem?: DeviceProblem,
): MediaFault {
  const name = cause instanceof Error ? cause.name : 'Error';
  return { kind, name, cause, ...(problem && { problem }) };
}

/**
 * Identifies the device of a track. The ID `default` stands for different devices over time; their groups differ.
 */
const identityOf = ({ deviceId, groupId }: MediaTrackSettings): string =>
  `${deviceId ?? ''} ${groupId ?? ''}`;

/** Whether a device could not be opened because there is none with this ID. */
const isMissing = (error: unknown): boolean =>
  error instanceof Error && ['NotFoundError', 'OverconstrainedError'].includes(error.name);

/**
 * The microphone or the camera of one call or preview: requests, switches and releases it.
 *
 * A page can't withdraw an open permission prompt. So a stream that is granted after it is no longer wanted is stopped
 * when it arrives.
 */
export class Capture {
  readonly #options: CaptureOptions;
  #track: MediaStreamTrack | undefined;
  /** The device of the track. */
  #device: string | undefined;
  /** The camera of a phone that the user has selected by its direction. */
  #facing: Facing | undefined;
  /** Whether the source should be on, regardless of whether there is a track. */
  #wanted = false;
  #problem: DeviceProblem | undefined;
  /** The newest request; results of older ones are discarded. */
  #request: Promise<boolean> | undefined;
  /** Identity of the last device whose track has ended by itself. If it ends again, no other one is tried. */
  #ended: string | undefined;
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
    return this.#problem ? 'unavailable' : 'off';
  }

  /** Why the source is unavailable. */
  get problem(): DeviceProblem | undefined {
    return this.state === 'unavailable' ? this.#problem : undefined;
  }

  /** Whether the system, or a switch on the device, mutes the open device. */
  get mutedBySystem(): boolean {
    return this.#track?.muted ?? false;
  }

  get facing(): Facing | undefined {
    return this.#track && facingOf(this.#track);
  }

  /** Sets the initial state in a call. A source that is off is requested only when it is switched on. */
  open(on: boolean): void {
    if (!this.#options.mediaDevices())
      this.#problem = globalThis.isSecureContext ? 'missing' : 'insecure';
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
    const selected = deviceId || undefined;
    const { choose, kind } = this.#options;
    const device = this.#device;
    const facing = this.#facing;
    const wasOpen = this.#track !== undefined;
    this.#ended = this.#lost = this.#facing = undefined;
    const undo = choose(selected);
    if (!wasOpen && !this.#wanted) return;
    // Phones can open only one camera at a time.
    if (kind === 'camera') this.#drop();
    if (await this.#ask({ exact: selected })) return;
    // Without a previous device the selection stays: it is tried again when the source is switched on.
    if (!wasOpen || this.#options.chosen() !== selected) return;
    undo();
    this.#facing = facing;
    if (this.#wanted && !this.#track) await this.#ask({ ideal: device });
  }

  /** Uses the selected device, which another capture of this page has opened. */
  async follow(): Promise<void> {
    this.#facing = undefined;
    if (!this.#track) return;
    const selected = this.#options.chosen();
    if (selected !== this.#device) await this.#ask({ exact: selected, quiet: true });
  }

  /** Changes from the front camera of a phone to the back camera, or back. If there is none, it keeps the camera. */
  async flip(): Promise<void> {
    if (!this.#wanted || this.#request) return;
    const before = this.#facing;
    const device = this.#device;
    this.#facing = this.facing === 'environment' ? 'user' : 'environment';
    this.#ended = this.#lost = undefined;
    this.#drop();
    if (await this.#ask()) return;
    this.#facing = before;
    if (this.state === 'unavailable') await this.#ask({ ideal: device });
  }

  /**
   * Changes back to the selected device, which was plugged in again.
   * @returns false if it could not be opened; the other device stays in use then
   */
  async restore(): Promise<boolean> {
    const selected = this.#options.chosen();
    if (this.#request) return false;
    const isOther = this.#track && selected !== undefined && selected !== this.#device;
    if (!isOther || this.#facing) return true;
    // It was plugged in again: the next time that it ends, another device is tried again.
    this.#ended = undefined;
    return this.#ask({ exact: selected, quiet: true });
  }

  /** Whether the user wants the source on, also if its device could not be opened. */
  get isWanted(): boolean {
    return this.#wanted;
  }

  /** Opens a device that was plugged in, if the source is on and there was none. */
  retry(): void {
    if (this.state !== 'unavailable' || !this.#wanted || this.#problem !== 'missing') return;
    this.#ended = undefined;
    void this.#ask({ quiet: true });
  }

  /** Stops the track synchronously; a track that is granted later is stopped when it arrives. */
  close(): void {
    this.#wanted = false;
    this.#problem = this.#request = this.#facing = undefined;
    this.#ended = this.#lost = undefined;
    this.#drop();
  }

  /** @returns false if the request failed; true also if it is no longer wanted */
  #ask(wanted: Wanted = {}): Promise<boolean> {
    const request: Promise<boolean> = this.#open(wanted).then(
      (stream) => this.#receive(stream, request),
      (error: unknown) => this.#onFailure(error, request, wanted.quiet ?? false),
    );
    this.#request = request;
    this.#options.changed();
    return request;
  }

  async #open({ exact, ideal }: Wanted): Promise<MediaStream> {
    const preferred = exact ?? ideal ?? this.#options.chosen();
    // Chromium ignores `ideal` for devices: it opens the first one.
    if (preferred !== undefined && (exact !== undefined || !this.#facing))
      try {
        return await this.#getMedia({ deviceId: { exact: preferred } });
      } catch (error) {
        const isUnwanted = !this.#wanted && !this.#track;
        if (exact !== undefined || !isMissing(error) || isUnwanted) throw error;
      }
    return this.#getMedia({});
  }

  async #getMedia(device: MediaTrackConstraints): Promise<MediaStream> {
    const devices = this.#options.mediaDevices();
    if (!devices)
      throw new DOMException('This page has no access to media devices.', 'NotSupportedError');
    const wanted = this.#options.constraints();
    if (this.#options.kind === 'microphone')
      return devices.getUserMedia({ audio: { ...wanted, ...device } });
    const facingMode = this.#facing ? { exact: this.#facing } : 'user';
    const camera = device.deviceId ? device : { facingMode };
    return devices.getUserMedia({ video: { ...wanted, ...camera } });
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
    this.#problem = undefined;
    track.enabled = this.#wanted;
    track.addEventListener('ended', this.#onEnded);
    track.addEventListener('mute', this.#options.changed);
    track.addEventListener('unmute', this.#options.changed);
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

  async #onFailure(error: unknown, request: Promise<boolean>, quiet: boolean): Promise<boolean> {
    if (!this.#isCurrent(request)) return true;
    const { access, kind } = this.#options;
    const { name = 'Error', message = '' } = Object(error) as Partial<Error>;
    const problem = deviceProblemOf({ name, message }, await access(kind));
    // Another request, or the end of the call, came meanwhile.
    if (!this.#isCurrent(request)) return true;
    // It was switched off before another device was tried.
    if (isMissing(error) && !this.#wanted && !this.#track) {
      this.#settle(request);
      return true;
    }
    this.#problem = this.#track ? undefined : problem;
    this.#lost = undefined;
    this.#settle(request);
    if (!quiet) this.#fault(error, problem);
    return false;
  }

  #fault(cause: unknown, problem?: DeviceProblem): void {
    this.#options.fault(faultOf(this.#options.kind, cause, problem));
  }

  #isCurrent(request: Promise<boolean>): boolean {
    return this.#request === request;
  }

  #settle(request: Promise<boolean>): void {
    if (!this.#isCurrent(request)) return;
    this.#request = undefined;
    this.#options.changed();
  }

  #drop(): void {
    if (!this.#track) return;
    this.#track.removeEventListener('ended', this.#onEnded);
    this.#track.removeEventListener('mute', this.#options.changed);
    this.#track.removeEventListener('unmute', this.#options.changed);
    this.#track.stop();
    this.#track = this.#device = undefined;
    this.#options.use(undefined);
  }

  /** The device was unplugged or taken by another app, or the permission was revoked: tries another device. */
  readonly #onEnded = (): void => {
    const device = this.#device;
    const identity = this.#track && identityOf(this.#track.getSettings());
    const isRepeated = this.#ended !== undefined && this.#ended === identity;
    this.#drop();
    if (this.#wanted && !isRepeated) {
      this.#ended = identity;
      this.#lost = device === this.#options.chosen() ? device : undefined;
      // The direction of a camera that is gone is no reason to have none.
      this.#facing = undefined;
      void this.#ask();
    } else {
      this.#problem = this.#wanted ? 'busy' : undefined;
      this.#options.changed();
      if (this.#wanted)
        this.#fault(new DOMException('The device stopped.', 'NotReadableError'), 'busy');
    }
  };
}
