import type { ReadableAtom } from 'nanostores';
import type { CallType, CallUser } from '../protocol/vocabulary.js';
import type {
  CallHistory,
  CallHistoryEntry,
  CallHistoryHost,
  CallHistoryState,
} from '../ports/call-history.js';
import type { SavedCall, SendResult } from '../machine/types.js';
import type { MissedCallEntry, MissedCalls, MissedCallsHost } from '../ports/missed-calls.js';
import type {
  CallMedia,
  DeviceList,
  MediaPreview,
  SelectableKind,
  Verification,
} from '../ports/media.js';
import type { EffectState } from '../ports/media-effects.js';
import type { PictureSizes } from '../ports/media-settings.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { CallSilence } from '../ports/call-silence.js';
import type { NetworkEvents } from '../ports/network-events.js';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import type { PreferenceStorage } from '../ports/preference-storage.js';
import type { SignalTransport } from '../ports/signal-transport.js';
import type {
  Connection,
  CallSnapshot,
  LocalMediaSnapshot,
  RemoteMediaSnapshot,
} from './snapshots.js';
import type { ScreenConfig, CallConfig } from './call-config.js';
import type { InvitationEvents, CallbackMap, CallbackName } from './callback-types.js';

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
  /**
   * Title of the notification that each callee sees while no page of theirs is visible: 1–64 characters. Default: localized.
   * The name of the caller is shown in any case: with a title of your own, in front of the message.
   */
  notificationTitle?: string;
  /** Text of that notification: 1–256 characters. Default: localized. */
  notificationMessage?: string;
}

export interface AcceptOptions {
  /** At most 1,024 bytes of UTF-8. The other members receive it. Default `''`. */
  customData?: string;
  /** Whether the microphone is on at the start. Default: `config.defaults.microphoneOn`. */
  microphone?: boolean;
  /** Whether the camera is on at the start: `false` answers a video call by voice. Default: `config.defaults.cameraOn`. */
  camera?: boolean;
  /** What happens to the running call if this one waits: it is put on hold (default) or ended. */
  runningCall?: 'hold' | 'end';
}

export interface CancelOptions {
  /** Users, or their userIDs, whose invitations are cancelled. Default: the whole call. */
  callees?: readonly (string | CallUser)[];
  /** At most 1,024 bytes of UTF-8. The users whose invitations are cancelled receive it. Default `''`. */
  customData?: string;
}

export interface InviteOptions {
  /** Users, or their userIDs: at least one, without duplicates, without this user. */
  invitees: readonly (string | CallUser)[];
  /** 1–600 seconds. Default: `config.invitationTimeoutSeconds`. */
  timeoutSeconds?: number;
}

export interface TransferOptions {
  /** Shown to the others: why they talk to somebody else now. At most 1,024 bytes (UTF-8). Default: none. */
  reason?: string;
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
  /** The second call, which rings during `$call` (`config.callWaiting`). `accept` and `decline` answer it. */
  readonly $waitingCall: ReadableAtom<CallSnapshot | undefined>;
  /** The calls on hold, the one that was put on hold last first. `$call` is among them while it is on hold. */
  readonly $heldCalls: ReadableAtom<readonly CallSnapshot[]>;
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
   * Calls of this user, newest first: at most 200, of the last 30 days. Empty without a `callHistory` in the environment, as
   * of a provider.
   */
  readonly $callHistory: ReadableAtom<readonly CallHistoryEntry[]>;
  /** Whether `$callHistory` is complete. */
  readonly $callHistoryState: ReadableAtom<CallHistoryState>;
  /** Whether do-not-disturb is on; `{ until }`: until then, in ms since the epoch by this device's clock. */
  readonly $doNotDisturb: ReadableAtom<boolean | { readonly until: number }>;
  /** The people whom this user has blocked, in that order. */
  readonly $blocked: ReadableAtom<readonly CallUser[]>;
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
  /**
   * Cancels a call that nobody has answered; with `callees`, only the open invitations of these users that this user
   * coordinates, also in a running call.
   * @returns whether there was something to cancel
   * @throws {CallError} `invalid-argument`
   */
  cancel(options?: CancelOptions): Promise<boolean>;
  /**
   * Accepts the incoming call once the media code is loaded; loading starts when the call starts to ring.
   * @throws {CallError} `media-failed` if that code can't be loaded: the call is not accepted and continues to ring, so
   * that the user can accept again or decline
   */
  accept(options?: AcceptOptions): Promise<boolean>;
  decline(options?: { customData?: string }): Promise<boolean>;
  /**
   * Silences the ringing of the incoming call, in all pages of this browser with this user. The call can still be
   * answered, and the caller does not learn of it.
   * @returns whether a call rings
   */
  silence(): boolean;
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
   * another call that is not on hold, or another device of the user is in this one; `not-connected`; `media-failed` (the media code can't
   * be loaded); `destroyed`
   */
  join(callID: string): Promise<boolean>;
  /**
   * Leaves the call in any state: also cancels an outgoing call, and declines an incoming one. Then the waiting call rings as
   * `$call`, or the call that was put on hold last continues.
   */
  hangUp(): Promise<boolean>;
  /**
   * Puts the running call on hold: nothing is sent or received, microphone and camera are released, and the others are told.
   * Then `send` and `join` may start another call.
   * @returns whether there was a running call
   */
  hold(): Promise<boolean>;
  /** Continues the call on hold that `$call` shows. @returns whether it was on hold */
  resume(): Promise<boolean>;
  /** Puts the call on hold, and continues the one that was put on hold last. @returns whether there were two calls */
  swap(): Promise<boolean>;
  /**
   * Makes one call of two: the user of the call that was put on hold last is invited to the running call, and that user's
   * device accepts by itself (`onCallReplaced`) with its microphone and camera as they are. The call on hold ends then.
   * If that fails, it stays on hold.
   * @returns whether there are a running call and one on hold with a single other user, who is not in both
   * @throws {CallError} `not-connected`, `too-many-members`, `destroyed`
   */
  merge(): Promise<boolean>;
  /**
   * Gives the own place in the running call to another user, who is invited to it; the user of a call on hold takes it
   * without being asked, as with `merge`. This user leaves two seconds after the other one has come in
   * (`onCallTransferred`). Until then the call goes on, also if the transfer fails (`onCallTransferFailed`). The others
   * are told who transfers the call, and why (`onCallTransferStarted`, `$call.transfer`).
   * @returns whether there is a running call without that user, and without another transfer
   * @throws {CallError} `invalid-argument`; `not-allowed` if the call would end when this user leaves
   * (`endCallWhenInitiatorLeave`); `not-connected`, `too-many-members`, `destroyed`
   * @example
   * ```ts
   * await service.transfer('carol', { reason: 'Carol knows about invoices.' });
   * ```
   */
  transfer(user: string | CallUser, options?: TransferOptions): Promise<boolean>;
  /**
   * Calls back after a missed call: one-to-one with a new invitation, a group by joining the call if it is still
   * ongoing. Resolves like `send` or `join`. If it fails, `onIncomingMissedCallDialBackFailed` is called as well.
   * @throws {CallError} as `send` and `join`; `call-over` for an unknown missed call
   */
  dialBack(callID: string): Promise<boolean>;
  /** Handles a click on a missed call: calls `onIncomingMissedCallClicked`, or calls back. */
  clickMissedCall(callID: string): Promise<boolean>;
  /**
   * Marks missed calls as seen, on all devices of this user.
   * @returns whether any of them was not
   * @throws {CallError} `invalid-argument`, `destroyed`
   * @example
   * ```ts
   * // The user calls Cleo back, and has so reacted to all calls from Cleo.
   * const missed = service.$missedCalls.get().filter(({ caller }) => caller.userID === 'cleo');
   * await service.markMissedCallsSeen(missed.map(({ callID }) => callID));
   * ```
   */
  markMissedCallsSeen(callIDs: readonly string[]): Promise<boolean>;
  /** Removes a missed call from the list, on all devices of this user. */
  dismissMissedCall(callID: string): Promise<boolean>;
  /**
   * Removes missed calls from the list, on all devices of this user.
   * @param callIDs default: all
   */
  dismissMissedCalls(callIDs?: readonly string[]): Promise<boolean>;
  /**
   * Calls the other people of a call of the history, with the same call type.
   * @throws {CallError} as `send`; `call-over` if the history has no such call
   */
  callAgain(callID: string): Promise<SendResult>;
  /**
   * Deletes calls from the history on all devices of this user, and from the missed calls: those with these callIDs, or
   * all. Nothing about them is kept. For ten minutes, this page can restore the last ones in the history.
   * @returns whether there were any
   */
  deleteHistory(calls: readonly string[] | 'all'): Promise<boolean>;
  /**
   * Restores calls that the last `deleteHistory` of this page has deleted. A missed call is not shown as missed again by
   * `$missedCalls`.
   * @returns whether there were any
   */
  restoreHistory(callIDs: readonly string[]): Promise<boolean>;
  /** Requests the calls again that could not be received (`$callHistoryState` is `failed`). @returns whether it succeeded */
  reloadHistory(): Promise<boolean>;
  /**
   * Asks the user for permission to show notifications. To be called during a user gesture.
   * @returns whether it was granted
   */
  enableNotifications(): Promise<boolean>;
  /**
   * Enters the call that the user has accepted in its notification, if `config.offline.autoEnterAcceptedOfflineCall` is
   * `false`: a page calls it when it is ready. Waits up to five seconds for that call: the click
   * on the notification may have opened the page.
   * @returns whether a call was accepted; `false` if none was accepted in its notification in this time, or if it has ended or
   * was answered otherwise
   * @example
   * service.config = { offline: { autoEnterAcceptedOfflineCall: false } };
   * await showWaitingRoom();
   * await service.enterAcceptedCall();
   */
  enterAcceptedCall(): Promise<boolean>;
  /**
   * Lets calls reach this browser by Web Push while no page is open. To be called during a user gesture.
   * @throws {CallError} `unsupported` without a service worker, Web Push or a server that pushes; `not-allowed` if the
   * user or the browser denies it; `not-connected`
   */
  enablePush(): Promise<boolean>;
  /** Ends Web Push for this user in this browser, for example when the user signs out. */
  disablePush(): Promise<boolean>;
  /**
   * While do-not-disturb is on, no invitation rings on any device of this user, and none is pushed. A caller gets the same
   * messages as from somebody who does not answer. The calls become missed calls. A call that rings already continues to
   * ring, and the user can place calls. The server keeps it for the user; with `local:`, the browser does.
   * @param value `true`, `false`, or until when: `{ until }` with a `Date` or a time in ms since the epoch
   * @returns whether the setting has changed; `false` also if no user is signed in
   * @throws {CallError} `invalid-argument` for another value or a time that is over; `not-connected`; `unavailable`
   *
   * @example
   * ```ts
   * import type { CallInvitationService } from 'ringkit';
   *
   * async function quietForAnHour(service: CallInvitationService): Promise<void> {
   *   await service.setDoNotDisturb({ until: Date.now() + 3_600_000 });
   * }
   * ```
   */
  setDoNotDisturb(value: DoNotDisturb): Promise<boolean>;
  /**
   * Blocks a person: invitations by this person ring on no device of this user, are not pushed, and are not missed calls.
   * The person gets the same messages as from somebody who does not answer. A running call continues. At most 500 people;
   * kept as do-not-disturb is.
   * @param user the userID, or also the name that `$blocked` shows. Default: the name in the calls that this page knows
   * @returns `false` if the person was blocked already, or no user is signed in
   * @throws {CallError} `invalid-argument` for a bad userID, the own one, or too many people; `not-connected`; `unavailable`
   */
  block(user: string | { userID: string; userName?: string }): Promise<boolean>;
  /**
   * Unblocks a person.
   * @returns `false` if the person was not blocked
   * @throws {CallError} `invalid-argument` for a bad userID; `not-connected`; `unavailable`
   */
  unblock(userID: string): Promise<boolean>;
  /**
   * How long the call has been active on this device, in ms by a monotonic clock; after its end, its total duration.
   * Undefined before it became active, and without a call.
   */
  callDuration(): number | undefined;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  /**
   * Asks the user which screen, window or tab to share, or ends sharing. To be called during a user gesture. If the user
   * refuses, `onError` gets `media-failed`.
   * @param options replace those of `config.screen`, until sharing ends
   * @throws {CallError} `call-over`; `not-allowed` with `config.media.audioOnly`; `invalid-argument`; `unsupported`;
   * `media-failed`
   */
  shareScreen(on: boolean, options?: ScreenConfig): Promise<void>;
  /**
   * Pauses the shared screen: the other members keep its last picture, and hear no sound of it. Does nothing while no screen
   * is shared.
   * @throws {CallError} `call-over`, `unsupported`, `media-failed`
   */
  pauseScreen(on: boolean): Promise<void>;
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
  /**
   * The call that has ended last, if this user was in it or has placed it: for `config.endScreenSeconds` after its end, unless
   * a new call starts or `dismissEndedCall` is called. Not a call that this user has cancelled, or that is answered or
   * declined at another device.
   */
  readonly $endedCall: ReadableAtom<CallSnapshot | undefined>;
  /**
   * Calls the members of `$endedCall` again, with its type and custom data. A group call that is still running is joined.
   * @returns whether there was an ended call
   * @throws {CallError} as `send` and `join`
   */
  redialEndedCall(): Promise<boolean>;
  /** Clears `$endedCall`. If `$call` has the status `ended`, it becomes `idle`. @returns whether there was an ended call */
  dismissEndedCall(): boolean;
  /**
   * Keeps `$endedCall`, for a page that shows the end of a call, while the user reads or uses it. It is still cleared by a new
   * call and by `dismissEndedCall`. Without an ended call, nothing happens.
   * @returns releases it. After everybody who keeps it has released it, its time starts anew. A second call does nothing
   * @example
   * ```ts
   * let release = () => {};
   * endCard.addEventListener('pointerenter', () => (release = service.keepEndedCall()));
   * endCard.addEventListener('pointerleave', () => release());
   * ```
   */
  keepEndedCall(): () => void;
  /** The same call as `$endedCall`, if it was running and ended because a connection was lost. */
  readonly $lostCall: ReadableAtom<CallSnapshot | undefined>;
  /** As `redialEndedCall`, only for a call whose connection was lost. */
  redialLostCall(): Promise<boolean>;
  /** Clears `$lostCall`. @returns whether there was one */
  dismissLostCall(): boolean;
  /** Whether the device settings are open. */
  readonly $settingsOpen: ReadableAtom<boolean>;
  /** Opens the device settings: the provider shows a `<call-settings>`, before and during a call. */
  openSettings(): void;
  closeSettings(): void;
  /** Quality of the media link to one member, 0 (no media) to 3 (good); undefined while unknown. */
  quality(userID: string): Promise<0 | 1 | 2 | 3 | undefined>;
  /**
   * Recent audio level of each user in the call, this one included, 0 to 1, by userID: an average over up to a second. Unmeasurable
   * ones are left out.
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
  /** Loads the call history, once for each session. Without it calls are not recorded. */
  callHistory?: (host: CallHistoryHost) => Promise<CallHistory>;
  /** Observes the network of this device. Without it, lost connections are found by time-outs. */
  networkEvents?: NetworkEvents;
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
}

/** Whether do-not-disturb is on; `{ until }` for a limited time: a `Date`, or ms since the epoch. */
export type DoNotDisturb = boolean | { until: number | Date };

/** Options of a session: the time from a `start` to the next `start` or `stop`, with one user and one transport. */
export interface Session {
  user: string | { userID: string; userName?: string };
  transport: SignalTransport;
  /** Makes the user busy in all tabs of a browser. Without it, each page is busy only while it is in a call itself. */
  line?: CrossTabBusy;
  /** Keeps in this browser which calls ring, if the server does not. Without it, that lasts as long as the session. */
  preferences?: PreferenceStorage;
  /** Silences a call in all pages of a browser. Without it, `silence` affects this page alone. */
  callSilence?: CallSilence;
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
