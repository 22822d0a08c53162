import type { ReadableAtom } from 'nanostores';
import type {
  CallStatus,
  CallType,
  CallUser,
  EndReason,
  MemberState,
} from '../protocol/vocabulary.js';
import type { MachineCallbacks, SavedCall, SendResult } from '../machine/types.js';
import type {
  MissedCallClicked,
  MissedCallConfig,
  MissedCallEntry,
  MissedCalls,
  MissedCallsHost,
} from '../ports/missed-calls.js';
import type {
  CallMedia,
  DeviceList,
  LocalMedia,
  MediaPreview,
  SelectableKind,
  Verification,
} from '../ports/media.js';
import type { EffectState, MediaEffect, ProcessTrack } from '../ports/media-effects.js';
import type { PictureSizes } from '../ports/media-settings.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import type { SignalTransport } from '../ports/signal-transport.js';

/**
 * State of the signalling connection. `offline`: reconnecting, with growing delays. `refused`: the server rejects this
 * user; no further attempt until the page sets another token or calls `reconnect`.
 */
export type Connection = 'connecting' | 'connected' | 'offline' | 'refused';

/** A user in a call. For the user of this device, `microphone` and `camera` are the actual states of the sources. */
export interface Member extends CallUser {
  readonly state: MemberState;
  /** Whether this is the user of this device. */
  readonly self: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
  /** Whether they do not send their picture to this device at present, to keep the sound clear. */
  readonly picturePaused: boolean;
  /** Whether this device does not send its picture to them at present, to keep the sound clear. */
  readonly ownPicturePaused: boolean;
}

/** The call of this device at one moment. While `idle`, IDs are `''` and lists are empty. */
export interface CallSnapshot {
  readonly status: CallStatus;
  readonly callID: string;
  readonly callType: CallType;
  readonly customData: string;
  /** Whether it is a group call: it has, or had, more than two members. */
  readonly group: boolean;
  /** Who placed the call. */
  readonly initiator: CallUser | undefined;
  /** Who invited this user; undefined for the initiator. */
  readonly inviter: CallUser | undefined;
  /** All users who are in the call or invited, this user included. */
  readonly members: readonly Member[];
  /** Set only with the status `ended`. */
  readonly endReason: EndReason | undefined;
  /**
   * When the call became active on this device, in ms since the epoch by the time of day at that moment. To get its
   * duration use `callDuration`: the time of day may have been set since.
   */
  readonly startedAt: number | undefined;
  /** Identifies the app's own notification resources, as sent by the caller. */
  readonly resourceID?: string | undefined;
}

/** Microphone, camera and screen of this device. */
export interface LocalMediaSnapshot extends LocalMedia {}

export interface RemoteMediaSnapshot {
  readonly stream: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
}

/** Limits and processing of the media of calls. An invalid value is reported to `onError`, and its default is used. */
export interface MediaConfig {
  /** Highest bitrate of each picture that is sent to each member, 30–20,000 kbit/s. Default 1,500. */
  maxVideoBitrateKbps?: number;
  /** Bitrate of the sound that is sent to each member, 16–510 kbit/s. Default 40. */
  maxAudioBitrateKbps?: number;
  /** Most lines of the camera's picture, 90–2,160. Default 720. */
  maxFrameHeight?: number;
  /** Whether no picture is sent or received, also in video calls. Default `false`. */
  audioOnly?: boolean;
  /** Whether the browser removes the echo of the speakers from the microphone's sound. Default `true`. */
  echoCancellation?: boolean;
  /** Whether the browser reduces background noise. Default `true`. */
  noiseSuppression?: boolean;
  /** Whether the browser evens out the volume of the microphone. Default `true`. */
  autoGainControl?: boolean;
  /**
   * Makes another track from that of the microphone, for each device and each time it is opened. If it fails, or takes
   * more than ten seconds, the microphone's own track is sent, and `onError` gets a `media-failed`. Runs after `effects`.
   */
  processAudio?: ProcessTrack;
  /** The same for the camera. */
  processVideo?: ProcessTrack;
  /** Ways to process sound and picture that the user can switch on and off. They run in this order. */
  effects?: readonly MediaEffect[];
}

/** Options for all calls. They are read at each use: setting a new object does not restart anything. */
export interface CallConfig {
  /**
   * Ends the call for everyone when its initiator leaves or is lost. Default `false`. The initiator's value applies.
   */
  endCallWhenInitiatorLeave?: boolean;
  /** Time-out of invitations, 1–600 seconds. Default 60. */
  invitationTimeoutSeconds?: number;
  ringtone?: {
    /** A URL, or `false` for silence. Default: a built-in tone. */
    incoming?: string | false;
    outgoing?: string | false;
  };
  defaults?: {
    /** Whether the microphone is on at the start of a call. Default `true`. */
    microphoneOn?: boolean;
    /** Whether the camera is on at the start of a call. Default: only in video calls. */
    cameraOn?: boolean;
  };
  inCalling?: {
    /** Whether members may invite more users into an ongoing call. Default `false`. */
    canInvitingInCalling?: boolean;
    /** Whether only the initiator may do so. Default `false`. */
    onlyInitiatorCanInvite?: boolean;
  };
  /** Most members of a call (a full mesh), the initiator included. Default 8. */
  maxMembers?: number;
  missedCall?: MissedCallConfig;
  /**
   * Keyboard shortcuts in a call: Alt (Option on a Mac) with M for the microphone, V for the camera, and H to hang up.
   * They are off while the user types. Default `true`.
   */
  shortcuts?: boolean;
  /** Bitrates, size of pictures, and processing of sound. */
  media?: MediaConfig;
  page?: PageConfig;
}

/** What calls may change at their page, outside of the elements. Each is done by default; `false` switches it off. */
export interface PageConfig {
  /** Marks the title of the page while a call rings and during a call. */
  markTitle?: boolean;
  /** Replaces the icon of the page while a call rings and during a call. */
  markIcon?: boolean;
  /** Vibrates while a call rings, on devices that can. */
  vibrate?: boolean;
  /** Keeps the screen on while a call has video. */
  wakeLock?: boolean;
  /** Shows the call in the media controls of the browser and of the operating system. */
  mediaSession?: boolean;
  /** Lets the browser ask before the user leaves the page during a call. */
  confirmClose?: boolean;
  /** Opens the small window of the call when the user switches to another tab, in browsers that support it. */
  autoPictureInPicture?: boolean;
}

/**
 * Callbacks of the page, all optional. Each is called at most once for the same event. If a callback throws or rejects,
 * the error is passed to `onError`, and the call goes on. Callbacks may call the service.
 */
export type InvitationEvents = {
  [K in keyof MachineCallbacks]?: (...args: MachineCallbacks[K]) => unknown;
} & {
  /**
   * The user has clicked a missed call, in its notification or in the list. If this callback is set, the default action
   * does not run automatically: `defaultAction` calls back (joins a group call if it is still ongoing), at most once.
   * It settles when the call was placed or has failed, and never rejects. With `enableDialBack: false` it does nothing.
   */
  onIncomingMissedCallClicked?: (...args: MissedCallClicked) => unknown;
  /** Calling back failed, for any reason; or a missed group call could not be joined. */
  onIncomingMissedCallDialBackFailed?: () => unknown;
  /** The status of this device's call changed. */
  onCallStateChanged?: (call: CallSnapshot) => unknown;
  /** A callback threw or rejected, an action of an element failed, or a media source could not be opened. */
  onError?: (error: unknown) => unknown;
};

/** Names and arguments of all callbacks of `invitationEvents` and `listen`. */
export type CallbackMap = MachineCallbacks & {
  onIncomingMissedCallClicked: MissedCallClicked;
  onIncomingMissedCallDialBackFailed: [];
  onCallStateChanged: [call: CallSnapshot];
  onError: [error: unknown];
};
export type CallbackName = keyof CallbackMap;

export interface SendOptions {
  /** Users, or their userIDs: at least one, without duplicates, without this user. */
  invitees: readonly (string | CallUser)[];
  callType: CallType;
  /** At most 1,024 bytes of UTF-8. Default `''`. */
  customData?: string;
  /** 1–64 characters, never used before. Default: generated. */
  callID?: string;
  /** 1–600 seconds. Default: `config.invitationTimeoutSeconds`. */
  timeoutSeconds?: number;
  /** Identifies the app's own notification resources. */
  resourceID?: string;
}

export interface InviteOptions {
  /** Users, or their userIDs: at least one, without duplicates, without this user. */
  invitees: readonly (string | CallUser)[];
  /** 1–600 seconds. Default: `config.invitationTimeoutSeconds`. */
  timeoutSeconds?: number;
}

/**
 * The call invitations of one user on one device.
 *
 * A command settles when it has been processed. It resolves to `false` if there is nothing to do, and rejects with a
 * `CallError`. Stores and callbacks report what happens afterwards.
 *
 * @example
 * ```ts
 * import type { CallInvitationService } from 'ringkit';
 *
 * async function callBob(service: CallInvitationService): Promise<void> {
 *   const stop = service.$call.subscribe((call) => console.log(call.status, call.endReason));
 *   const { callID, unreachable } = await service.send({ invitees: ['bob'], callType: 'voice' });
 *   if (unreachable.length > 0) console.log(`Call ${callID} could not reach:`, unreachable);
 *   await service.cancel();
 *   stop();
 * }
 * ```
 */
export interface CallInvitationService {
  /** Undefined while no user is signed in (a provider without `user-id`). */
  readonly user: CallUser | undefined;
  /** Device ID of this page; generated at each start. */
  readonly deviceID: string;
  readonly $connection: ReadableAtom<Connection>;
  readonly $call: ReadableAtom<CallSnapshot>;
  readonly $localMedia: ReadableAtom<LocalMediaSnapshot>;
  readonly $remoteMedia: ReadableAtom<ReadonlyMap<string, RemoteMediaSnapshot>>;
  readonly $devices: ReadableAtom<DeviceList>;
  /** The effects of `config.media.effects`, with their switches. Read anew when a call or a preview starts. */
  readonly $effects: ReadableAtom<readonly EffectState[]>;
  /**
   * For each other member to whom there is, or was, a link: whether its users can verify that nobody intercepts it. Empty
   * before a call. After a call it keeps its last value until the end is no longer shown.
   */
  readonly $verification: ReadableAtom<ReadonlyMap<string, Verification>>;
  /** Whether pictures of other members are received, as set by `setIncomingVideo`. */
  readonly $incomingVideo: ReadableAtom<boolean>;
  /** Missed calls of this user, newest first: at most 200, of the last 30 days. */
  readonly $missedCalls: ReadableAtom<readonly MissedCallEntry[]>;
  /**
   * Connects now, after `refused` or instead of waiting for the next attempt; the token is requested again. Does
   * nothing while connected or without a user. At most one attempt per second.
   */
  reconnect(): void;
  /**
   * Invites users to a new call. Resolves when the server has accepted the invitation, with the callID and with the
   * invitees of whom no device could be reached. While `connecting`, waits for the connection for up to ten seconds.
   * @throws {CallError} `invalid-argument`, `not-connected`, `busy`, `too-many-members`, `unsupported`, `destroyed`
   */
  send(options: SendOptions): Promise<SendResult>;
  cancel(options?: { customData?: string }): Promise<boolean>;
  /**
   * Accepts the incoming call once the media code is loaded; loading starts when the call starts to ring.
   * @throws {CallError} `media-failed` if that code can't be loaded: the call is not accepted and continues to ring, so
   * that the user can accept again or decline
   */
  accept(options?: { customData?: string }): Promise<boolean>;
  decline(options?: { customData?: string }): Promise<boolean>;
  /**
   * Invites more users to the ongoing call, with its type and custom data. Resolves to `false` if all of them are in
   * the call or invited already.
   * @throws {CallError} `invalid-argument`, `not-allowed` (by the configuration), `call-over`, `too-many-members`,
   * `not-connected`, `destroyed`
   */
  invite(options: InviteOptions): Promise<boolean>;
  /** Cancels an open invitation that this user coordinates. The call continues. */
  cancelInvitee(userID: string): Promise<boolean>;
  /**
   * Joins (or rejoins) an ongoing group call to which this user was invited. Resolves to `true` when a member has
   * admitted this device, and to `false` if the user has hung up before.
   * @throws {CallError} `call-over`, also if no member answers within eight seconds; `busy` if this device is in
   * another call, or another device of the user is in this one; `not-connected`; `media-failed` (the media code can't
   * be loaded); `destroyed`
   */
  join(callID: string): Promise<boolean>;
  /** Leaves the call in any state: also cancels an outgoing call, and declines an incoming one. */
  hangUp(): Promise<boolean>;
  /**
   * Calls back after a missed call: one-to-one with a new invitation, a group by joining the call if it is still
   * ongoing. Resolves like `send` or `join`. If it fails, `onIncomingMissedCallDialBackFailed` is called as well.
   * @throws {CallError} as `send` and `join`; `call-over` for an unknown missed call
   */
  dialBack(callID: string): Promise<boolean>;
  /** Handles a click on a missed call: calls `onIncomingMissedCallClicked`, or calls back. */
  clickMissedCall(callID: string): Promise<boolean>;
  /** Removes a missed call from the list, on all devices of this user. */
  dismissMissedCall(callID: string): Promise<boolean>;
  /** Removes all missed calls from the list, on all devices of this user. */
  dismissMissedCalls(): Promise<boolean>;
  /**
   * Asks the user for permission to show notifications. To be called during a user gesture.
   * @returns whether it was granted
   */
  enableNotifications(): Promise<boolean>;
  /**
   * Lets calls reach this browser by Web Push while no page is open. To be called during a user gesture.
   * @throws {CallError} `unsupported` without a service worker, Web Push or a server that pushes; `not-allowed` if the
   * user or the browser denies it; `not-connected`
   */
  enablePush(): Promise<boolean>;
  /** Ends Web Push for this user in this browser, for example when the user signs out. */
  disablePush(): Promise<boolean>;
  /**
   * While do-not-disturb is on, no invitation rings in this page: the page answers `busy`, and the call becomes a
   * missed call unless another device of the user answers. A call that rings already continues to ring, and the user
   * can place calls. Off at each start of a session: after a reload, and when a new user, `signaling` or transport is
   * set.
   * @returns whether the setting has changed; `false` also if no user is signed in
   */
  setDoNotDisturb(on: boolean): Promise<boolean>;
  /**
   * How long the call has been active on this device, in ms by a monotonic clock; after its end, its total duration.
   * Undefined before it became active, and without a call.
   */
  callDuration(): number | undefined;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  shareScreen(on: boolean): Promise<void>;
  /**
   * The verification of the link to one member: its state, and the emoji that the two users compare. Undefined without a
   * link. `$verification` has the same values.
   *
   * @example
   * ```ts
   * import type { CallInvitationService } from 'ringkit';
   *
   * function emojiOf(service: CallInvitationService, userID: string): string {
   *   const { state, emoji } = service.verification(userID) ?? { state: 'pending', emoji: [] };
   *   return state === 'ready' ? emoji.map(({ symbol, name }) => `${symbol} ${name}`).join(', ') : state;
   * }
   * ```
   */
  verification(userID: string): Verification | undefined;
  /**
   * Receives pictures of other members, or only their sound, to save data. Applies to cameras and shared screens, in
   * this call and the next ones, until it is set again or the page is reloaded. Members with an older version of
   * ringkit send pictures all the same.
   * @throws {CallError} `destroyed`
   */
  setIncomingVideo(on: boolean): Promise<void>;
  /**
   * Tells the other members at which sizes the page shows their pictures, by userID, so that they send no more than
   * that, and nothing that is not shown. For pages that show pictures without `<ongoing-call-view>`, which does this
   * itself. Does nothing without a call.
   */
  setPictureSizes(sizes: ReadonlyMap<string, PictureSizes>): void;
  /**
   * Uses this device from now on; `''` means the default one. It is remembered in this browser, by its ID and its label,
   * and may be called before a call. `ringer` is the audio output that plays the ringtone of incoming calls.
   * @throws {CallError} `unsupported` without media; `media-failed` if the media code can't be loaded
   */
  selectDevice(kind: SelectableKind, deviceId: string): Promise<void>;
  /**
   * Switches an effect of `config.media.effects` on or off, in this call and the next ones, until the page is reloaded.
   * May be called before a call.
   * @throws {CallError} `invalid-argument` if there is no effect of that name, `destroyed`
   */
  setEffect(name: string, on: boolean): Promise<void>;
  /**
   * Changes from the front camera of a phone to the back camera, or back, for the rest of the call. Does nothing while
   * the camera is off. If there is no other camera, the same one stays in use, and `onError` gets `media-failed`.
   * @throws {CallError} `call-over`, `unsupported`, `media-failed`
   */
  flipCamera(): Promise<void>;
  /**
   * Starts a preview of microphone and camera for this user alone, with both off. `$devices` is updated while there is
   * a preview. It must be closed.
   * @param changed called with the media of the preview, after each change
   * @throws {CallError} `unsupported` without media; `media-failed` if the media code can't be loaded
   */
  preview(changed: (media: LocalMediaSnapshot) => void): Promise<MediaPreview>;
  /** Whether the device settings are open. */
  readonly $settingsOpen: ReadableAtom<boolean>;
  /** Opens the device settings: the provider shows a `<call-settings>`, before and during a call. */
  openSettings(): void;
  closeSettings(): void;
  /** Quality of the media link to one member, 0 (no media) to 3 (good); undefined while unknown. */
  quality(userID: string): Promise<0 | 1 | 2 | 3 | undefined>;
  /**
   * Current audio level of each user in the call, this one included, 0 to 1, by userID. Unmeasurable ones are left out.
   */
  audioLevels(): Promise<ReadonlyMap<string, number>>;
  /**
   * Adds a listener, which is called after the page's callback of the same name. A listener of
   * `onIncomingMissedCallClicked` prevents the default action by returning false.
   * @returns a function that stops listening
   */
  listen<K extends CallbackName>(name: K, handle: (...args: CallbackMap[K]) => unknown): () => void;
  /** Passes an error to `onError`, as elements do when an action fails. */
  report(error: unknown): void;
  /** Leaves the call as closing the tab would, and releases all resources. Further commands reject with `destroyed`. */
  destroy(): void;
}

/** Options that stay the same for all sessions. Functions return the current value, since a page may replace it. */
export interface ServiceEnvironment {
  config?: () => CallConfig;
  invitationEvents?: () => InvitationEvents;
  /**
   * Without it no media flows, and a call is active as soon as it is accepted. A function is called once, when the
   * first call is placed or rings, so that a page loads no media code before it needs it.
   */
  media?: CallMedia | (() => Promise<CallMedia>);
  /** `false` if the browser has no WebRTC: invitations are answered `unsupported`. Default `true`. */
  canTakeCalls?: boolean;
  /**
   * Loads the missed-call manager, once for each session: at the first connection, or when a command needs it. Without
   * it missed calls are not recorded.
   */
  missedCalls?: (host: MissedCallsHost) => Promise<MissedCalls>;
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
}

/** Options of a session: the time from a `start` to the next `start` or `stop`, with one user and one transport. */
export interface Session {
  user: string | { userID: string; userName?: string };
  transport: SignalTransport;
  /** Makes the user busy in all tabs of a browser. Without it, each page is busy only while it is in a call itself. */
  line?: CrossTabBusy;
  token?: string | (() => string | Promise<string>);
  /** The device that this one replaces, after a reload of the page. */
  replaces?: string;
  /** The call that this page was in before a reload, as returned by `saved()`. */
  resume?: SavedCall;
}

/** Options of `createCallInvitationService`. */
export interface ServiceOptions
  extends Session, Omit<ServiceEnvironment, 'config' | 'invitationEvents'> {
  config?: CallConfig;
  invitationEvents?: InvitationEvents;
}

export type { PictureSizes, SavedCall, SendResult };
