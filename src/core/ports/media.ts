import type { CallType } from '../protocol/vocabulary.js';
import type { MediaSettings, PictureSizes } from './media-settings.js';
import type { DeviceSlot } from './device-choices.js';
import type { ScreenOptions, SharedScreen } from './screen.js';

/**
 * Why a microphone or camera can't be used:
 *
 * - `denied`: the user does not allow this page to use it; `dismissed`: the user has closed the prompt
 * - `system`: the operating system does not allow the browser to use it
 * - `policy`: the page that embeds this one, or a Permissions Policy, does not allow it
 * - `insecure`: the page is not a secure context (https)
 * - `missing`: there is none; `busy`: another program uses it; `failed`: any other error
 */
export type DeviceProblem =
  'denied' | 'dismissed' | 'system' | 'policy' | 'insecure' | 'missing' | 'busy' | 'failed';

/** The media that this device sends. Streams are created once for each call and keep their identity. */
export interface LocalMedia {
  /** Microphone and camera; undefined while nothing is open. */
  readonly stream: MediaStream | undefined;
  /**
   * The camera alone, for an element that shows it: a browser opens an audio output for the sound of a muted video element too.
   * Default: `stream`.
   */
  readonly picture?: MediaStream | undefined;
  /** The picture of the shared screen; undefined while none is shared. Its sound is not in it: this device hears it already. */
  readonly screen: MediaStream | undefined;
  /**
   * `on`: captured; `off`: muted by the user; `unavailable`: denied or missing; `pending`: the browser's prompt is
   * open.
   */
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  /** Why the microphone is `unavailable`. */
  readonly microphoneProblem?: DeviceProblem | undefined;
  /** Why the camera is `unavailable`. */
  readonly cameraProblem?: DeviceProblem | undefined;
  /** The system, or a switch on the device, mutes the open microphone: it sends silence. */
  readonly microphoneMutedBySystem?: boolean;
  /** The system, or a cover of the device, mutes the open camera: it sends black frames. */
  readonly cameraMutedBySystem?: boolean;
  /** The user speaks while the microphone is off. */
  readonly speakingWhileMuted?: boolean;
  /** The direction of the open camera: `user` is the front camera of a phone. Undefined if it is unknown. */
  readonly facing?: Facing | undefined;
  /** Describes the shared screen; undefined while none is shared. */
  readonly sharedScreen?: SharedScreen | undefined;
}
export type Facing = 'user' | 'environment';
export type DeviceState = 'off' | 'on' | 'pending' | 'unavailable';

/** The media that another member sends, with the states of microphone and camera that they report. */
export interface RemoteMedia {
  /** Microphone and camera. */
  readonly stream: MediaStream | undefined;
  /**
   * The tracks of `stream` by kind. A browser plays the sound of a muted video element too, and decodes pictures for an audio
   * element, so an element is given only what it plays. Default: `stream`.
   */
  readonly sound?: MediaStream | undefined;
  readonly picture?: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
  readonly microphone: boolean;
  readonly camera: boolean;
  /** Whether they do not send a picture at present, to keep the sound clear. Default `false`. */
  readonly paused?: boolean;
  /** Whether this device does not send them a picture at present, for the same reason. Default `false`. */
  readonly sendingPaused?: boolean;
  /** Whether they have put the call on hold. Default `false`. */
  readonly onHold?: boolean;
  /** Describes the screen that they share; undefined while they share none, and from versions that do not describe it. */
  readonly sharedScreen?: SharedScreen | undefined;
}

/** The media devices that the user can select, and those in use. */
export interface DeviceList {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  readonly speakers: readonly MediaDeviceInfo[];
  /**
   * The device that is open; while none is open, the selected one, which is opened next. Undefined: the default device,
   * or one that the browser selects. A device that is unplugged is never listed.
   */
  readonly selected: Readonly<Partial<Record<DeviceSlot, string>>>;
}

/** The kinds of devices that can be selected. `ringer` is the audio output for the ringtone of incoming calls. */
export type SelectableKind = MediaDeviceKind | 'ringer';

/** Microphone and camera that are open for this user alone, for example before a call. Nothing of them is sent. */
export interface MediaPreview {
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /**
   * The current audio level of the microphone of the call or, if none is open there, of this preview: 0 to 1. Undefined
   * if none is open.
   */
  level(): number | undefined;
  /** Releases the devices. */
  close(): void;
}

/** A media failure that does not end the call: the call continues with the remaining media. */
export interface MediaFault {
  /** The source that could not be opened. If a selected device was unplugged, another one is in use already. */
  readonly kind: 'microphone' | 'camera' | 'screen' | 'speaker';
  /** Name of the DOMException: `NotAllowedError`, `NotFoundError`, `NotReadableError`, … */
  readonly name: string;
  readonly cause: unknown;
  /** Why a microphone or camera could not be opened. */
  readonly problem?: DeviceProblem;
  /** The device is open, but the processing of its track has failed: the track is used without this step. */
  readonly processing?: {
    /** The name of the effect; undefined: `config.media.processAudio` or `processVideo`. */
    readonly effect: string | undefined;
  };
}

/** How well a device is connected to a call. */
export type ConnectionLevel = 'good' | 'fair' | 'poor' | 'lost';

/** What this device observes of the link to a member, at most once a second. */
export interface LinkReport {
  /** By round-trip time and loss: 1 poor, 2 fair, 3 good; undefined while unknown. */
  readonly quality: 1 | 2 | 3 | undefined;
  /** Which packets are lost more often: those that this device sends, or those that it should receive. */
  readonly loses: 'sent' | 'received' | undefined;
  /** What the other device tells of its own connection. Earlier versions tell nothing. */
  readonly told: ConnectionLevel | undefined;
}

/** One of the 64 emoji of the verification. */
export interface VerificationEmoji {
  /** 0 to 63, for names in other languages. */
  readonly number: number;
  readonly symbol: string;
  /** In English. */
  readonly name: string;
}

/** Whether the link to a member can be verified, and what the two users have to compare. */
export interface Verification {
  /**
   * - `pending`: the link is not connected yet, or its devices have not exchanged the values for the emoji yet
   * - `ready`: both users have to compare `emoji`
   * - `unavailable`: the other device did not answer, because it uses an older version or somebody intercepts the link
   * - `failed`: the link was closed, because somebody may have been intercepting it
   */
  readonly state: 'pending' | 'ready' | 'unavailable' | 'failed';
  /** Seven emoji in the state `ready`, otherwise none. They change when the link is rebuilt. */
  readonly emoji: readonly VerificationEmoji[];
}

/**
 * Why a verification has failed. `fingerprint`: a session description has another certificate than the one before, or no
 * acceptable one. `certificate`: one end of the connection has another certificate than the session descriptions say.
 * `commitment`, `message`: the other device did not follow the exchange.
 */
export type VerificationFailure = 'fingerprint' | 'certificate' | 'commitment' | 'message';

export type MediaEvent =
  | { readonly type: 'local'; readonly media: LocalMedia }
  | { readonly type: 'remote'; readonly user: string; readonly media: RemoteMedia | undefined }
  | { readonly type: 'devices'; readonly devices: DeviceList }
  | { readonly type: 'fault'; readonly fault: MediaFault }
  /** Emitted when it changes. */
  | { readonly type: 'link-report'; readonly user: string; readonly report: LinkReport }
  /** A link that is up goes over another network of this device than before. */
  | { readonly type: 'route-changed' }
  /** `why` is set with the state `failed`. */
  | {
      readonly type: 'verification';
      readonly user: string;
      readonly verification: Verification | undefined;
      readonly why?: VerificationFailure;
    }
  /** `data` must be sent to the same link on the other device, by signalling. */
  | (LinkAddress & {
      readonly type: 'signal';
      readonly callID: string;
      readonly data: Record<string, unknown>;
    })
  /**
   * `link-progress`: not up yet, but something has arrived over it; `link-up`: media can flow; `link-down`: media
   * stopped, an ICE restart is under way; `link-failed`: link destroyed.
   */
  | (LinkAddress & {
      readonly type: 'link-progress' | 'link-up' | 'link-down' | 'link-failed';
      readonly callID: string;
      /** With `link-failed`: the verification failed, so the link must not be rebuilt. */
      readonly isIntercepted?: boolean;
    });

/** Identifies a link. Device IDs are unique only within a user, so the user is part of the address. */
export interface LinkAddress {
  readonly user: string;
  readonly device: string;
  /** Number of the link: higher each time the link to this device is rebuilt. */
  readonly link: number;
}

/** A link of one of the calls of this device. */
export interface CallLink extends LinkAddress {
  /** Default: the call whose media are reported. */
  readonly callID?: string;
}

export interface LinkRef extends LinkAddress {
  readonly callID: string;
  /** The user of this device. */
  readonly self: string;
  /** This side makes the SDP offer. */
  readonly initiator: boolean;
}

/**
 * All media of one device: capture, and the links of its calls. One call at a time is active; others are on hold.
 * Nothing is captured and no peer connection exists before `open` or `openLink`.
 */
export interface CallMedia {
  /** Sets the event handler. Called once; events are emitted only after it has returned. */
  listen(handle: (event: MediaEvent) => void): void;
  /** Sets where the page's settings are read. Called at most once, before anything is opened. */
  configure?(settings: () => MediaSettings): void;
  /**
   * Opens the sources with which the call starts. Links do not wait for it: an open permission prompt does not delay
   * the media of others. A source that is denied or missing causes a `fault` event; the call continues without it. With
   * `like`, the sources are those of that call, which is on hold: what is off there stays off.
   */
  open(
    callID: string,
    start: {
      readonly microphone: boolean;
      readonly camera: boolean;
      readonly callType: CallType;
      readonly like?: string;
    },
  ): void;
  openLink(link: LinkRef): void;
  /** Passes signalling data to a link. Does nothing if that link is not open. */
  signal(address: CallLink, data: Record<string, unknown>): void;
  closeLink(address: CallLink): void;
  /**
   * Restarts ICE on all links that have been up (RFC 8445 §9), because the network has changed. To be called while
   * signalling works. Media continue to flow over the old route until a new one is found.
   */
  restartLinks?(): void;
  /** Tells the members of the call how well this device is connected. */
  tellConnection?(level: ConnectionLevel | undefined): void;
  /**
   * Puts a call on hold: nothing is sent or received, and microphone and camera are released. Its links stay, and tell the
   * other devices. With `false`, it continues with the sources that were on.
   */
  hold?(callID: string, on: boolean): void;
  /**
   * Makes a call on hold the one whose media are reported, and that commands affect. The one that was opened last is it by
   * itself.
   */
  show?(callID: string): void;
  /** Stops all tracks and closes all peer connections of the call, within one second, also while a prompt is open. */
  close(callID: string): void;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /** @param options Default: with sound, for readable text */
  shareScreen(on: boolean, options?: ScreenOptions): Promise<void>;
  /** Pauses or continues the shared screen. Without one it does nothing. */
  pauseScreen?(on: boolean): void;
  /** Sets whether other members are asked for pictures. `true` at first; remembered from call to call. */
  setIncomingVideo?(on: boolean): void;
  /**
   * Tells other members at which sizes their pictures are shown here, by userID, so that they send no more than that.
   * Members who are not in the map are told nothing. Remembered until the call ends.
   */
  setPictureSizes?(sizes: ReadonlyMap<string, PictureSizes>): void;
  /**
   * Uses this device from now on; `''` means the default one. A source that is off is opened when it is next switched
   * on; a source that is on but unavailable is opened now. If the device can't be opened, a `fault` is emitted and the
   * previous device stays in use. Selections are remembered, and apply without a call too.
   */
  selectDevice(kind: SelectableKind, deviceId: string): Promise<void>;
  /** Uses the present stages of the settings for the open devices. */
  refreshProcessing?(): void;
  /** Changes from the front camera of a phone to the back camera, or back, for the rest of the call. */
  flipCamera(): Promise<void>;
  /**
   * Starts a preview, with nothing open. While there is one, the list of devices is watched without a call too.
   * @param changed called after each change, never during this call
   */
  preview(changed: (media: LocalMedia) => void): MediaPreview;
  /**
   * Quality of the link to this user by round-trip time and loss, 0 (no media) to 3 (good); undefined while unknown.
   */
  quality(user: string): Promise<0 | 1 | 2 | 3 | undefined>;
  /**
   * Current audio level of each user, 0 to 1, by userID. Users who can't be measured are left out.
   * @param self the user of this device, whose microphone is measured too
   */
  audioLevels(self: string): Promise<ReadonlyMap<string, number>>;
  destroy(): void;
}
