import type { LocalMedia, MediaPreview } from '../ports/media.js';
import type { Capture } from './capture.js';
import { LocalCapture, type LocalCaptureOptions } from './local-media.js';
import type { LevelOf } from './track-level.js';

export interface PreviewOptions extends Omit<LocalCaptureOptions, 'changed'> {
  readonly changed: (media: LocalMedia) => void;
  /** The microphone of the call, if it is open. */
  readonly callMicrophone: () => MediaStreamTrack | undefined;
  readonly closed: () => void;
}

/** Microphone and camera that are open for this user alone. Nothing of them is sent. */
export class Preview implements MediaPreview {
  readonly local: LocalCapture;
  readonly #options: PreviewOptions;
  #measured: MediaStreamTrack | undefined;
  #level: ReturnType<LevelOf>;
  #isClosed = false;

  constructor(options: PreviewOptions) {
    this.#options = options;
    this.local = new LocalCapture({
      ...options,
      changed: () => options.changed(this.local.media),
    });
  }

  setMicrophone(on: boolean): Promise<void> {
    return this.#set(this.local.microphone, on);
  }

  setCamera(on: boolean): Promise<void> {
    return this.#set(this.local.camera, on);
  }

  level(): number | undefined {
    if (!this.#isClosed)
      this.#measure(this.#options.callMicrophone() ?? this.local.microphone.track);
    return this.#level?.read();
  }

  /** Ends the measurement, for example of a call's microphone that is released. The next `level()` starts another one. */
  endMeasurement(): void {
    this.#measure(undefined);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.local.close();
    this.endMeasurement();
    this.#options.closed();
  }

  /** Off releases a microphone too: nobody waits for it to be unmuted. */
  async #set(capture: Capture, on: boolean): Promise<void> {
    if (this.#isClosed) return;
    if (on) return capture.set(true);
    capture.close();
    if (capture === this.local.microphone) this.endMeasurement();
    this.#options.changed(this.local.media);
  }

  #measure(track: MediaStreamTrack | undefined): void {
    if (track === this.#measured) return;
    this.#measured = track;
    this.#level?.close();
    this.#level = track && this.#options.levelOf(track);
  }
}
