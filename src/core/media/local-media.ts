import type { Clock } from '../ports/clock.js';
import type { LocalMedia, MediaFault } from '../ports/media.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings } from '../ports/media-settings.js';
import { Capture, faultOf } from './capture.js';
import { pictureConstraints, soundConstraints } from './capture-constraints.js';
import type { DeviceAccess } from './device-problem.js';
import type { CaptureSlot, Devices, DeviceUser, MediaDevicesSource } from './devices.js';
import { emptyStream, holdTracks } from './hold-tracks.js';
import { MutedSpeech } from './muted-speech.js';
import { ScreenCapture } from './screen-capture.js';
import { SoundMixer } from './sound-mixer.js';
import type { Outgoing } from './sources.js';
import type { LevelOf } from './track-level.js';
import { TrackProcessing } from './track-processing.js';

export interface LocalCaptureOptions {
  readonly mediaDevices: () => MediaDevicesSource | undefined;
  readonly access: (kind: CaptureSlot) => Promise<DeviceAccess>;
  readonly devices: Devices;
  /** Called at each request. Default: {@link DEFAULT_MEDIA_SETTINGS}. */
  readonly settings?: () => MediaSettings;
  readonly clock: Pick<Clock, 'after'>;
  readonly levelOf: LevelOf;
  readonly changed: () => void;
  readonly fault: (fault: MediaFault) => void;
}

/**
 * The sources that this device captures for one call or preview. Microphone and camera are requested separately, so that
 * denying one does not affect the other.
 */
export class LocalCapture implements DeviceUser {
  readonly microphone: Capture;
  readonly camera: Capture;
  readonly screen: ScreenCapture;
  readonly #main = emptyStream();
  readonly #picture = emptyStream();
  readonly #screen = emptyStream();
  readonly #processing: Readonly<Record<CaptureSlot, TrackProcessing>>;
  readonly #mutedSpeech: MutedSpeech;
  readonly #mixer: SoundMixer;
  readonly #stopWatching: () => void;
  readonly #options: Pick<LocalCaptureOptions, 'changed'>;
  #opened = false;
  /** The sources that continue after the hold; undefined while the call is not on hold. */
  #heldSources: { microphone: boolean; camera: boolean } | undefined;

  constructor(options: LocalCaptureOptions) {
    this.#options = {
      changed: () => {
        this.#update();
        options.changed();
      },
    };
    const { mediaDevices, access, devices, settings = () => DEFAULT_MEDIA_SETTINGS } = options;
    const fault = (what: MediaFault): void => {
      // Device labels are readable once access is granted, even if opening the device failed because it is in use.
      devices.refresh();
      options.fault(what);
    };
    const { changed } = this.#options;
    const capture = (slot: CaptureSlot): Capture =>
      new Capture({
        kind: slot,
        mediaDevices,
        constraints: () =>
          slot === 'microphone' ? soundConstraints(settings()) : pictureConstraints(settings()),
        access,
        chosen: () => devices.chosen(slot),
        choose: (deviceId) => devices.choose(slot, deviceId),
        use: (deviceId) => devices.use(this, slot, deviceId),
        changed,
        fault,
      });
    const processing = (slot: CaptureSlot): TrackProcessing =>
      new TrackProcessing({
        stages: () => settings().stages[slot],
        clock: options.clock,
        changed,
        failed: ({ effect }, cause) =>
          options.fault({ ...faultOf(slot, cause), processing: { effect } }),
      });
    this.#processing = { microphone: processing('microphone'), camera: processing('camera') };
    this.#mutedSpeech = new MutedSpeech(options.clock, options.levelOf, options.changed);
    this.microphone = capture('microphone');
    this.camera = capture('camera');
    this.screen = new ScreenCapture({ mediaDevices, changed, fault });
    this.#mixer = new SoundMixer(options.changed);
    this.#stopWatching = devices.watch(this);
  }

  /** Requests the sources with which the call starts. Further calls do nothing. Does not wait for the results. */
  open(start: { readonly microphone: boolean; readonly camera: boolean }): void {
    if (this.#opened) return;
    this.#opened = true;
    this.microphone.open(start.microphone);
    this.camera.open(start.camera);
  }

  /** The sources that are on, or will be when their devices are open or the hold is over. */
  get wanted(): { readonly microphone: boolean; readonly camera: boolean } {
    const { microphone, camera } = this;
    return this.#heldSources ?? { microphone: microphone.isWanted, camera: camera.isWanted };
  }

  /**
   * Switches a source on or off. While the call is on hold, off is for the time after it; on has no effect: the user could
   * not see that a source which is off now will be open.
   */
  async set(slot: CaptureSlot, on: boolean): Promise<void> {
    if (!this.#heldSources) await this[slot].set(on);
    else if (!on) this.#heldSources[slot] = false;
  }

  /** Releases microphone and camera, and opens them again after the hold if they were on, or would have been. */
  hold(on: boolean): void {
    if (on === (this.#heldSources !== undefined)) return;
    const held = this.#heldSources;
    if (held) {
      this.#heldSources = undefined;
      if (held.microphone) void this.microphone.set(true);
      if (held.camera) void this.camera.set(true);
      return;
    }
    this.#heldSources = { ...this.wanted };
    this.microphone.close();
    this.camera.close();
    this.#options.changed();
  }

  close(): void {
    this.#stopWatching();
    this.microphone.close();
    this.camera.close();
    this.screen.close();
    this.#update();
  }

  restore(slot: CaptureSlot): Promise<boolean> {
    return this[slot].restore();
  }

  retry(slot: CaptureSlot): void {
    this[slot].retry();
  }

  /** The media as stores publish it. The streams are the same objects for the whole call. */
  get media(): LocalMedia {
    const { microphone, camera } = this;
    const isHeld = camera.state === 'on' && this.#processing.camera.isHeld;
    return {
      stream: this.#main?.active ? this.#main : undefined,
      picture: this.#picture?.active ? this.#picture : undefined,
      screen: this.#screen?.active ? this.#screen : undefined,
      microphone: microphone.state,
      camera: isHeld ? 'pending' : camera.state,
      microphoneProblem: microphone.problem,
      cameraProblem: camera.problem,
      microphoneMutedBySystem: microphone.mutedBySystem,
      cameraMutedBySystem: camera.mutedBySystem,
      speakingWhileMuted: this.#mutedSpeech.speaks,
      facing: camera.facing,
      sharedScreen: this.screen.shared,
    };
  }

  /** Uses the present stages of the settings. */
  refreshProcessing(): void {
    this.#processing.microphone.refresh();
    this.#processing.camera.refresh();
  }

  /** The tracks, flags and streams that links send. A source that the system mutes counts as off. */
  get outgoing(): Outgoing {
    const { microphone, camera } = this;
    const { microphone: sound, camera: picture } = this.#processing;
    const { shared, picture: screen } = this.screen;
    return {
      tracks: {
        microphone: this.#mixer.track ?? sound.track ?? null,
        camera: picture.track ?? null,
        // Without a track, the other side keeps the last picture.
        screen: (!shared?.paused && screen) || null,
      },
      flags: {
        microphone: microphone.state === 'on' && !microphone.mutedBySystem && !sound.isHeld,
        camera: camera.state === 'on' && !camera.mutedBySystem && !picture.isHeld,
        screen: shared !== undefined,
      },
      streams: { main: this.#main, screen: this.#screen },
      share: shared,
    };
  }

  #update(): void {
    const { microphone, camera } = this;
    const { microphone: sound, camera: picture } = this.#processing;
    sound.update(microphone.track);
    picture.update(camera.track);
    holdTracks(this.#main, [sound.track, picture.track]);
    holdTracks(this.#picture, [picture.track]);
    holdTracks(this.#screen, [this.screen.picture]);
    this.#mixer.set(sound.track, this.screen.sound);
    const isMuted = microphone.state === 'off' && !microphone.mutedBySystem;
    this.#mutedSpeech.watch(isMuted ? microphone.track : undefined);
  }
}
