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
import type { CallMedia, DeviceList, DeviceState } from '../ports/media.js';
import type { Clock } from '../ports/clock.js';
import type { Ids } from '../ports/ids.js';
import type { Logger } from '../ports/logger.js';
import type { CrossTabBusy } from '../ports/cross-tab-busy.js';
import type { SignalTransport } from '../ports/signal-transport.js';

/**
 * State of the signalling connection. `offline`: it is tried again and again. `refused`: the server does not take this
 * user; nothing is tried until the page sets another token or calls `reconnect`.
 */
export type Connection = 'connecting' | 'connected' | 'offline' | 'refused';

/** A person in a call. For oneself `microphone` and `camera` say what is really on. */
export interface Member extends CallUser {
  readonly state: MemberState;
  /** The user of this device. */
  readonly self: boolean;
  readonly microphone: boolean;
  readonly camera: boolean;
  readonly screen: boolean;
}

/** The call of this device at one moment. While `idle`, the IDs are `''` and the lists empty. */
export interface CallSnapshot {
  readonly status: CallStatus;
  readonly callID: string;
  readonly callType: CallType;
  readonly customData: string;
  /** More than two members. */
  readonly group: boolean;
  /** Who placed the call. */
  readonly initiator: CallUser | undefined;
  /** Who invited this user; undefined for the initiator. */
  readonly inviter: CallUser | undefined;
  /** Everybody in or invited, this user included. */
  readonly members: readonly Member[];
  /** With `ended` alone. */
  readonly endReason: EndReason | undefined;
  /**
   * When it became active here, in ms since the epoch by the time of day at that moment. For how long it has been, see
   * `callDuration`: the time of day may have been set since.
   */
  readonly startedAt: number | undefined;
  /** Names the app's own notification resources, as its caller sent it. */
  readonly resourceID?: string | undefined;
}

/** One's own microphone, camera and screen. */
export interface LocalMediaSnapshot {
  readonly stream: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
}

export interface RemoteMediaSnapshot {
  readonly stream: MediaStream | undefined;
  readonly screen: MediaStream | undefined;
}

/** Options that hold for all calls. They are read when next used: a new object restarts nothing. */
export interface CallConfig {
  /** The whole call ends when its initiator leaves or vanishes. Default `false`. The initiator's value holds. */
  endCallWhenInitiatorLeave?: boolean;
  /** How long an invitation rings, 1–600 seconds. Default 60. */
  invitationTimeoutSeconds?: number;
  ringtone?: {
    /** A URL, or `false` for silence. Default: a built-in tone. */
    incoming?: string | false;
    outgoing?: string | false;
  };
  defaults?: {
    /** Default `true`. */
    microphoneOn?: boolean;
    /** Default: on in a video call. */
    cameraOn?: boolean;
  };
  inCalling?: {
    /** Members may invite more people into a running call. Default `false`. */
    canInvitingInCalling?: boolean;
    /** Only the initiator may. Default `false`. */
    onlyInitiatorCanInvite?: boolean;
  };
  /** Members in one mesh call, the initiator included. Default 8. */
  maxMembers?: number;
  missedCall?: MissedCallConfig;
}

/**
 * Functions that the page gives, all optional. Each fires at most once for one fact. One that throws or rejects
 * reaches `onError` and breaks nothing; one that calls the service re-enters safely.
 */
export type InvitationEvents = {
  [K in keyof MachineCallbacks]?: (...args: MachineCallbacks[K]) => unknown;
} & {
  /**
   * A missed call was clicked, in its notification or the list. With this function the default does not run by itself:
   * `defaultAction` calls back (a group call: joins it if it still runs), at most once; it settles when the call was
   * placed or has failed, and never rejects. With `enableDialBack: false` it does nothing.
   */
  onIncomingMissedCallClicked?: (...args: MissedCallClicked) => unknown;
  /** A call back could not be placed, whatever the cause; a missed group call could not be joined. */
  onIncomingMissedCallDialBackFailed?: () => unknown;
  /** The status of this device's call changed. */
  onCallStateChanged?: (call: CallSnapshot) => unknown;
  /** A callback threw or rejected, an action of an element failed, or a media source could not be had. */
  onError?: (error: unknown) => unknown;
};

/** Names and arguments of everything that `invitationEvents` and `listen` can hear. */
export type CallbackMap = MachineCallbacks & {
  onIncomingMissedCallClicked: MissedCallClicked;
  onIncomingMissedCallDialBackFailed: [];
  onCallStateChanged: [call: CallSnapshot];
  onError: [error: unknown];
};
export type CallbackName = keyof CallbackMap;

export interface SendOptions {
  /** Users, or their userIDs. At least one, none twice, not oneself. */
  invitees: readonly (string | CallUser)[];
  callType: CallType;
  /** At most 1,024 bytes of UTF-8. Default `''`. */
  customData?: string;
  /** 1–64 characters, never used before. Default: drawn. */
  callID?: string;
  /** 1–600. Default: `config.invitationTimeoutSeconds`. */
  timeoutSeconds?: number;
  /** Names the app's own notification resources. */
  resourceID?: string;
}

export interface InviteOptions {
  /** Users, or their userIDs. At least one, none twice, not oneself. */
  invitees: readonly (string | CallUser)[];
  /** 1–600. Default: `config.invitationTimeoutSeconds`. */
  timeoutSeconds?: number;
}

/**
 * The call invitations of one user at one device.
 *
 * Commands settle when the call has taken them in; they resolve to `false` where there is nothing to do, and reject
 * with a `CallError`. What follows is told by the stores and the callbacks.
 *
 * @example
 * ```ts
 * import type { CallInvitationService } from 'ringkit';
 *
 * async function callBob(service: CallInvitationService): Promise<void> {
 *   const stop = service.$call.subscribe((call) => console.log(call.status, call.endReason));
 *   const { callID, unreachable } = await service.send({ invitees: ['bob'], callType: 'voice' });
 *   if (unreachable.length > 0) console.log(`Nobody is there for ${callID}.`);
 *   await service.cancel();
 *   stop();
 * }
 * ```
 */
export interface CallInvitationService {
  /** Undefined while no user is signed in (a provider without `user-id`). */
  readonly user: CallUser | undefined;
  /** This page's device: drawn at each start. */
  readonly deviceID: string;
  readonly $connection: ReadableAtom<Connection>;
  readonly $call: ReadableAtom<CallSnapshot>;
  readonly $localMedia: ReadableAtom<LocalMediaSnapshot>;
  readonly $remoteMedia: ReadableAtom<ReadonlyMap<string, RemoteMediaSnapshot>>;
  readonly $devices: ReadableAtom<DeviceList>;
  /** Calls that this user missed, newest first: at most 200, of the last 30 days. */
  readonly $missedCalls: ReadableAtom<readonly MissedCallEntry[]>;
  /**
   * Connects now, where it is `refused` or waits to try again: the token is asked for anew. Does nothing while connected
   * or without a user; at most one attempt a second.
   */
  reconnect(): void;
  /**
   * Rings the invitees. Resolves when the server has taken the invitation: with those of them whom no device could
   * be reached of. Waits up to ten seconds while `connecting`.
   * @throws {CallError} `invalid-argument`, `not-connected`, `busy`, `too-many-members`, `unsupported`, `destroyed`
   */
  send(options: SendOptions): Promise<SendResult>;
  cancel(options?: { customData?: string }): Promise<boolean>;
  /**
   * Accepts the call that rings, as soon as the code of the media is there: usually it was loaded when the call came.
   * @throws {CallError} `media-failed` when that code can't be loaded: nothing was accepted, and the call rings on, so
   * that the user may accept again or decline
   */
  accept(options?: { customData?: string }): Promise<boolean>;
  decline(options?: { customData?: string }): Promise<boolean>;
  /**
   * Rings more people, into the running call, with its type and custom data. `false` when all of them are in it or ring
   * already.
   * @throws {CallError} `invalid-argument`, `not-allowed` by the configuration, `call-over`, `too-many-members`,
   * `not-connected`, `destroyed`
   */
  invite(options: InviteOptions): Promise<boolean>;
  /** Takes back an invitation that this user may decide about, and nobody has answered yet. The call goes on. */
  cancelInvitee(userID: string): Promise<boolean>;
  /**
   * Comes (back) into a group call that still runs, and that this user was invited to. Resolves to `true` when its
   * members have let this device in, and to `false` when the user has hung up before.
   * @throws {CallError} `call-over`, also when no member answers within eight seconds; `busy` in another call, or where
   * another device of the user is in this one; `not-connected`; `media-failed` (its code
   * can't be loaded); `destroyed`
   */
  join(callID: string): Promise<boolean>;
  /** Leaves the call, whatever its state: also cancels what rings out, and declines what rings. */
  hangUp(): Promise<boolean>;
  /**
   * Calls back whom this user missed: one-to-one by a new invitation, a group by joining the call if it still runs.
   * Where that fails, `onIncomingMissedCallDialBackFailed` is told, too. Resolves as `send` and `join` do: of a group,
   * when its members have let this device in.
   * @throws {CallError} as `send` and `join`; `call-over` for a missed call that is not known
   */
  dialBack(callID: string): Promise<boolean>;
  /** What a click on a missed call does: tells `onIncomingMissedCallClicked`, or calls back. */
  clickMissedCall(callID: string): Promise<boolean>;
  /** Forgets a missed call, on all devices of this user. */
  dismissMissedCall(callID: string): Promise<boolean>;
  /** Forgets all missed calls, on all devices of this user. */
  dismissMissedCalls(): Promise<boolean>;
  /**
   * Asks the user whether notifications may be shown. To be called by a press.
   * @returns whether they may
   */
  enableNotifications(): Promise<boolean>;
  /**
   * Lets calls reach this browser by Web Push while no page is open. To be called by a press.
   * @throws {CallError} `unsupported` without a worker, Web Push or a server that pushes; `not-allowed` where the user
   * or the browser denies it; `not-connected`
   */
  enablePush(): Promise<boolean>;
  /** Ends that, as when a user signs out. */
  disablePush(): Promise<boolean>;
  /**
   * While it is on, no invitation rings at this page: it is answered as busy, and becomes a missed call unless another
   * device of the user answers. What rings already goes on, and own calls go out. Off at each
   * start, also at one that a new user, `signaling` or transport causes, and after a reload.
   * @returns whether that changes anything; `false` also when nobody is signed in
   */
  setDoNotDisturb(on: boolean): Promise<boolean>;
  /**
   * For how long the call has been active here, in ms by a monotonic clock; after its end, for how long it was. Undefined
   * before it became active, and without a call.
   */
  callDuration(): number | undefined;
  setMicrophone(on: boolean): Promise<void>;
  setCamera(on: boolean): Promise<void>;
  shareScreen(on: boolean): Promise<void>;
  selectDevice(kind: MediaDeviceKind, deviceId: string): Promise<void>;
  /** Quality of the media of one member, 0 (none) to 3 (good). */
  quality(userID: string): Promise<0 | 1 | 2 | 3 | undefined>;
  /** How loud everybody in the call is at the moment, oneself too: 0 to 1, by userID. Who can't be measured is missing. */
  audioLevels(): Promise<ReadonlyMap<string, number>>;
  /**
   * Reads every fact, after the page's function for it. One that returns false for `onIncomingMissedCallClicked`
   * prevents what would follow.
   * @returns a function that stops listening
   */
  listen<K extends CallbackName>(name: K, handle: (...args: CallbackMap[K]) => unknown): () => void;
  /** Reports a fault of an element's action, as `onError`. */
  report(error: unknown): void;
  /** Ends this device's part as closing the tab would, and releases everything. Further commands reject `destroyed`. */
  destroy(): void;
}

/** What lasts from one start to the next. Everything that a page may renew at any time is asked for when needed. */
export interface ServiceEnvironment {
  config?: () => CallConfig;
  invitationEvents?: () => InvitationEvents;
  /**
   * Without it no media flows, and a call is active at the accept. A function is called once, when a call is first
   * being placed or ringing: so a page loads no media code before it needs it.
   */
  media?: CallMedia | (() => Promise<CallMedia>);
  /** False where the browser has no WebRTC: calls are answered `unsupported`. Default `true`. */
  canTakeCalls?: boolean;
  /**
   * Loads what minds missed calls, once for each user's time: when its connection first stands, or a command asks for
   * it. Without it they are not kept.
   */
  missedCalls?: (host: MissedCallsHost) => Promise<MissedCalls>;
  logger?: Logger;
  clock?: Clock;
  ids?: Ids;
}

/** One user's time at this device: from a start to the next one, or to a stop. */
export interface Session {
  user: string | { userID: string; userName?: string };
  transport: SignalTransport;
  /** Without it each page is busy by its own calls alone. */
  line?: CrossTabBusy;
  token?: string | (() => string | Promise<string>);
  /** The device that this one replaces (a reload). */
  replaces?: string;
  /** The call that this page was in before a reload, as `saved()` gave it; then without `replaces`. */
  resume?: SavedCall;
}

/** Options of `createCallInvitationService`. */
export interface ServiceOptions
  extends Session, Omit<ServiceEnvironment, 'config' | 'invitationEvents'> {
  config?: CallConfig;
  invitationEvents?: InvitationEvents;
}

export type { SavedCall, SendResult };
