import type { MediaFault } from '../ports/media.js';
import { faultOf } from './capture.js';
import type { MediaDevicesSource } from './devices.js';

export interface ScreenCaptureOptions {
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/** The shared screen of one call (W3C Screen Capture). The user can also end sharing in the browser's own interface. */
export class ScreenCapture {
  readonly #options: ScreenCaptureOptions;
  #track: MediaStreamTrack | undefined;
  #wanted = false;
  #request: Promise<void> | undefined;
  #closed = false;

  constructor(options: ScreenCaptureOptions) {
    this.#options = options;
  }

  get track(): MediaStreamTrack | undefined {
    return this.#track;
  }

  /**
   * Asks the user which screen or window to share, or ends sharing. Browsers require a user gesture (transient
   * activation). Resolves when it is done or has failed. Never rejects: a denial is a fault.
   */
  async set(on: boolean): Promise<void> {
    if (this.#closed) return;
    this.#wanted = on;
    if (!on) this.#drop();
    else if (!this.#track) await (this.#request ??= this.#ask());
  }

  close(): void {
    this.#closed = true;
    this.#wanted = false;
    this.#drop();
  }

  async #ask(): Promise<void> {
    try {
      const devices = this.#options.mediaDevices();
      if (!devices?.getDisplayMedia) {
        throw new DOMException(
          'This browser does not support screen sharing.',
          'NotSupportedError',
        );
      }
      const stream = await devices.getDisplayMedia({ video: true });
      const [track, ...others] = stream.getTracks();
      for (const other of others) other.stop();
      if (!this.#wanted) {
        track?.stop();
      } else if (track) {
        this.#track = track;
        track.addEventListener('ended', this.#drop);
        this.#options.changed();
      }
    } catch (error) {
      if (!this.#closed) this.#options.fault(faultOf('screen', error));
    } finally {
      this.#request = undefined;
    }
  }

  readonly #drop = (): void => {
    const track = this.#track;
    if (!track) return;
    track.removeEventListener('ended', this.#drop);
    track.stop();
    this.#track = undefined;
    if (!this.#closed) this.#options.changed();
  };
}
