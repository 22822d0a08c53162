import type { MediaFault } from '../ports/media.js';
import { DEFAULT_SCREEN_OPTIONS, SCREEN_SURFACES } from '../ports/screen.js';
import type { ScreenOptions, ScreenSurface, SharedScreen } from '../ports/screen.js';
import { faultOf } from './capture.js';
import type { MediaDevicesSource } from './devices.js';

export interface ScreenCaptureOptions {
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/** Options of `getDisplayMedia` that TypeScript's library lacks (W3C Screen Capture). Browsers ignore unknown ones. */
interface DisplayMediaOptions {
  readonly video: MediaTrackConstraints;
  readonly audio: (MediaTrackConstraints & { readonly restrictOwnAudio?: boolean }) | false;
  readonly preferCurrentTab: boolean;
  readonly selfBrowserSurface: 'exclude';
  readonly surfaceSwitching: 'include';
  readonly systemAudio: 'include' | 'exclude';
  readonly windowAudio: 'window' | 'exclude';
}

/** The settings of a display track that are read here. */
interface DisplaySettings extends MediaTrackSettings {
  readonly restrictOwnAudio?: boolean;
}

/** Fired when the user shares something else in the same track. */
const SURFACE_CHANGE = 'configurationchange';

/**
 * The shared screen of one call (W3C Screen Capture), with its sound if the user shares it. The user can also end sharing
 * in the browser's own interface.
 *
 * The sound must not contain the call itself, or the others would hear themselves. So the tab of this page is not offered,
 * and sound that is not that of a tab is used only if the browser removes the sound of this page from it.
 */
export class ScreenCapture {
  readonly #options: ScreenCaptureOptions;
  #picture: MediaStreamTrack | undefined;
  #sound: MediaStreamTrack | undefined;
  #isPaused = false;
  #shared: SharedScreen | undefined;
  #wanted = false;
  #request: Promise<void> | undefined;
  /** Whether the sound could not be opened in this call: then the picture is shared without it. */
  #hasSoundFailed = false;
  #closed = false;

  constructor(options: ScreenCaptureOptions) {
    this.#options = options;
  }

  get picture(): MediaStreamTrack | undefined {
    return this.#picture;
  }

  /** The sound of the screen. Disabled while sharing is paused. */
  get sound(): MediaStreamTrack | undefined {
    return this.#sound;
  }

  /** What the other members are told about the shared screen; undefined while none is shared. */
  get shared(): SharedScreen | undefined {
    return this.#shared;
  }

  /**
   * Asks the user which screen, window or tab to share, or ends sharing. Browsers require a user gesture (transient
   * activation). Resolves when it is done or has failed. Never rejects: a denial is a fault.
   */
  async set(on: boolean, options: ScreenOptions = DEFAULT_SCREEN_OPTIONS): Promise<void> {
    if (this.#closed) return;
    this.#wanted = on;
    if (!on) this.#drop();
    else if (!this.#picture) await (this.#request ??= this.#ask(options));
  }

  /** Pauses or continues sharing. Without a shared screen it does nothing. */
  pause(on: boolean): void {
    if (!this.#picture || this.#isPaused === on) return;
    this.#isPaused = on;
    if (this.#sound) this.#sound.enabled = !on;
    this.#update();
  }

  close(): void {
    this.#closed = true;
    this.#wanted = false;
    this.#drop();
  }

  async #ask(options: ScreenOptions): Promise<void> {
    try {
      this.#receive(await this.#open(options.sound && !this.#hasSoundFailed), options);
    } catch (error) {
      if (!this.#closed) this.#options.fault(faultOf('screen', error));
    } finally {
      this.#request = undefined;
    }
  }

  async #open(withSound: boolean): Promise<MediaStream> {
    const devices = this.#options.mediaDevices();
    if (!devices?.getDisplayMedia) {
      throw new DOMException('This browser does not support screen sharing.', 'NotSupportedError');
    }
    try {
      return await devices.getDisplayMedia(displayMediaOptions(devices, withSound));
    } catch (error) {
      // The whole request fails if only the sound can't be opened. The user is asked again, at once if the browser
      // permits it.
      if (!withSound || (error as Error).name !== 'NotReadableError') throw error;
      this.#hasSoundFailed = true;
      const { userActivation } = navigator as { userActivation?: UserActivation };
      if (!this.#wanted || !userActivation?.isActive) throw error;
      return devices.getDisplayMedia(displayMediaOptions(devices, false));
    }
  }

  #receive(stream: MediaStream, { contentHint }: ScreenOptions): void {
    const [picture] = stream.getVideoTracks();
    const sound = stream.getAudioTracks().find((track) => picture && isWithoutCall(track, picture));
    const isUsed = this.#wanted && picture !== undefined;
    for (const track of stream.getTracks()) {
      if (!isUsed || (track !== picture && track !== sound)) track.stop();
    }
    if (!isUsed) return;
    this.#picture = picture;
    this.#sound = sound;
    // Safari has hints only in some versions.
    if ('contentHint' in picture) picture.contentHint = contentHint;
    picture.addEventListener('ended', this.#drop);
    picture.addEventListener(SURFACE_CHANGE, this.#onSurface);
    sound?.addEventListener('ended', this.#dropSound);
    this.#update();
  }

  #update(): void {
    const surface = this.#picture && surfaceOf(this.#picture);
    const sound = this.#sound !== undefined;
    this.#shared = this.#picture && { surface, sound, paused: this.#isPaused };
    if (!this.#closed) this.#options.changed();
  }

  /** The user shares something else now: its sound may contain the call. */
  readonly #onSurface = (): void => {
    const sound = this.#sound;
    if (sound && this.#picture && !isWithoutCall(sound, this.#picture)) this.#dropSound();
    else this.#update();
  };

  readonly #dropSound = (): void => {
    this.#sound?.removeEventListener('ended', this.#dropSound);
    this.#sound?.stop();
    this.#sound = undefined;
    this.#update();
  };

  readonly #drop = (): void => {
    const picture = this.#picture;
    if (!picture) return;
    picture.removeEventListener('ended', this.#drop);
    picture.removeEventListener(SURFACE_CHANGE, this.#onSurface);
    picture.stop();
    this.#picture = undefined;
    this.#isPaused = false;
    this.#dropSound();
  };
}

function displayMediaOptions(devices: MediaDevicesSource, withSound: boolean): DisplayMediaOptions {
  const restricts = 'restrictOwnAudio' in (devices.getSupportedConstraints?.() ?? {});
  // Music and voices must arrive as they are: the browser's processing is for microphones.
  const raw = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
  return {
    video: {},
    audio: withSound && { ...raw, ...(restricts && { restrictOwnAudio: true }) },
    preferCurrentTab: false,
    selfBrowserSurface: 'exclude',
    surfaceSwitching: 'include',
    systemAudio: withSound && restricts ? 'include' : 'exclude',
    windowAudio: withSound ? 'window' : 'exclude',
  };
}

function surfaceOf(picture: MediaStreamTrack): ScreenSurface | undefined {
  const { displaySurface } = picture.getSettings();
  return SCREEN_SURFACES.find((surface) => surface === displaySurface);
}

/** Whether the sound of a screen does not contain that of this page: it is that of another tab, or is filtered. */
function isWithoutCall(sound: MediaStreamTrack, picture: MediaStreamTrack): boolean {
  const { restrictOwnAudio }: DisplaySettings = sound.getSettings();
  return surfaceOf(picture) === 'browser' || restrictOwnAudio === true;
}
