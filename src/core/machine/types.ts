import type { Absence } from './absence.js';
import type { Joining } from './joining.js';
import type {
  CallType,
  CancelReason,
  CallUser,
  CallErrorCode,
  EndReason,
  NotificationTexts,
  Phase,
} from '../protocol/vocabulary.js';
import type { Hello, MemberRecord, Message, MessageOf } from '../protocol/messages.js';
import type { Claim, DeferredMessage } from './claim.js';
import type { HandledMessages } from './handled-messages.js';
import type { SAVED_FIELDS } from './saved-fields.js';
import type { MachineCallbacks } from './machine-callbacks.js';
import type { OtherDevice } from './user-wide.js';
import type { FormerCallEffect } from './missed-call.js';
import type { TimerRef } from './timer-ref.js';

/** The state of one user in a call, as this device knows it. All fields belong to the round of the record. */
export interface Member {
  record: MemberRecord;
  /** When the invitation times out, by this device's monotonic clock in ms. */
  deadline?: number;
  /** The timer of the invitation is running, with the length for the coordinator or for any other member. Only devices that are in the call run it. */
  timerAs: 'coordinator' | 'member' | undefined;
  /** Devices whose accept has arrived, in order of arrival, with the custom data of each accept. */
  answers: Map<string, string>;
  /** Devices that have answered busy or unsupported, and whether one of them has answered busy. */
  rejectingDevices: string[];
  /** Devices that have sent `ringing`. One that has answered busy since does not ring any more. */
  ringingDevices: string[];
  isBusy: boolean;
  /** What else the invitation states that this device has sent. */
  invitation?: Pick<MessageOf<'invite'>, 'replacesCall' | 'transferTo'>;
  /** The invitation was cancelled, regardless of later answers: the user can't join without a new invitation. */
  isTakenBack?: boolean;
  /**
   * Who has invited this user according to the user's own device. If two members have invited the user in the same
   * round, this device may know another inviter.
   */
  statedInviter?: { readonly device: string; readonly inviter: string };
  /** What was known of the user's previous round when this device invited the user, in case the server rejects the invitation. */
  previous?: Omit<Member, 'previous'>;
  /** The server has rejected the invitation of this device, and it knows no earlier round: nobody else knows this one. */
  isWithdrawn?: boolean;
  /** This device has ended the invitation, as its coordinator. */
  isEndedHere?: boolean;
  /** The last `select`, or `cancel` with its reason, that this device has sent about this user; and when it decided that. */
  decision?: {
    readonly messageID: string;
    readonly decidedAt: number;
    readonly reason?: CancelReason;
  };
  /** Number of devices to which the invitation was delivered; undefined before the acknowledgement. */
  reachedDevices?: number;
  /** Number of the `send` or `invite` command: its invitees time out in one callback. */
  batch?: number;
}

/** A media link to another device. Its number increases each time it is rebuilt. */
export interface Link {
  readonly user: string;
  readonly device: string;
  /** Undefined while this side waits for the first offer of the other side. */
  number: number | undefined;
  state: 'opening' | 'up' | 'down';
  /** This side makes the SDP offers. */
  isOfferer: boolean;
  /**
   * Both sides made offers, or neither did: the offerer was then determined by userID, and does not change any more.
   */
  isRoleFixed: boolean;
  /**
   * Number of the timer that runs while the link is not up; undefined while it is up. A rebuild does not restart it.
   */
  timerNumber: number | undefined;
  /** A `sync` was sent to find out whether the other device is still in the call, and is not answered yet. */
  isProbing: boolean;
  /** Somebody may be intercepting the link: it is not rebuilt while the device stays in the call. */
  isIntercepted: boolean;
}

/** A member gives the own place in a call to another user. */
export interface Transfer {
  readonly by: string;
  readonly to: string;
  readonly reason: string;
  /** The user has not come in. This is shown for some time. */
  readonly failed?: boolean;
  /** Number of the timer after which this device leaves, or the failure is not shown any more. */
  readonly timerNumber?: number;
}

/** One call on this device. */
export interface Call {
  readonly id: string;
  phase: Phase;
  type: CallType;
  initiator: string;
  endWithInitiator: boolean;
  group: boolean;
  /** Sender of the invitation that this device has received, and all its invitees. */
  caller: string;
  callees: string[];
  customData: string;
  resourceID: string | undefined;
  /** The caller's texts for the notification of the call. */
  notification: NotificationTexts | undefined;
  timeoutMs: number;
  /** Round of this user's invitation. */
  round: number;
  members: Map<string, Member>;
  names: Map<string, string>;
  /** Links by {@link deviceKey}. */
  links: Map<string, Link>;
  /** Devices that do not count as in the call any more, by {@link deviceKey}. */
  absent: Map<string, Absence>;
  /** Devices that have given way to another device of their user, each with the round. */
  gaveWay: Set<string>;
  /** Another user was in the call at the same time as this device. */
  hadPeer: boolean;
  /**
   * When this device reconnected while it was in the call, joined it, or was invited in a later round, by its monotonic clock in
   * ms: what it knew of the others may have been old. See `isBack`.
   */
  cameBackAt: number | undefined;
  /**
   * This device reconnected since it has accepted or entered the call: its offers may be lost, or it may have been considered
   * lost, and invited again.
   */
  reconnected: boolean;
  /** When the first link was up (without media: when another user came in), by this device's monotonic clock in ms. */
  startedAt: number | undefined;
  /** The call has rung on this device. */
  rang: boolean;
  /**
   * The call rings for its members, but not for this user, who does not want it to. It is neither the current nor the
   * waiting call.
   */
  isQuiet: boolean;
  /** The user has answered the invitation on this device, or has placed the call. A join answers no earlier invitation. */
  answeredHere: boolean;
  /** The custom data of the accept that this device has sent. */
  acceptData: string;
  /** The other device of this user that has answered, with the round. */
  answered: { round: number; device: string } | undefined;
  /** The other device of this user that has asked last to join, with the round. */
  joinElsewhere: { readonly round: number; readonly device: string } | undefined;
  /** The type of this user's own call, if this call is the survivor of a glare and was accepted automatically. */
  glareType: CallType | undefined;
  /** Of a glared call: the ID of this device's own call, which survives. */
  glareSurvivor: string | undefined;
  /** A pending `join` of this device. */
  joining: Joining | undefined;
  /** The round that the last `join` of this device has requested, also after it was decided. */
  requestedRound: number | undefined;
  /** A message of a member has arrived since the invitation. */
  isConfirmed: boolean;
  /** This device has reconnected since the invitation, and no message of a member has arrived since then. */
  isDoubtful: boolean;
  /** For an invitation from the inbox: until then it may ring although no member seems to be in, in ms. */
  trustedUntil: number;
  /** The call of this device that this one replaces, as the invitation states. */
  replacesCall: string | undefined;
  /** A member transfers the call to another user. */
  transfer: Transfer | undefined;
  /** This user has put the call on hold; the number orders the calls on hold. */
  holdNumber: number | undefined;
  /** The initiator has ended the call for all members. */
  ended: boolean;
  /** `onIncomingCallCanceled` or `onIncomingCallTimeout` was called. */
  endNotified: boolean;
  /** Invites that are not acknowledged yet: message ID to invitees. */
  unacknowledged: Map<string, string[]>;
  /** Messages that wait for others that prove their statements. */
  deferred: DeferredMessage[];
  /** Unconfirmed statements that a device is in the call. */
  claims: Map<string, Claim>;
  /** When a `sync` was last sent to a device, by {@link deviceKey}, in ms. */
  askedAt: Map<string, number>;
  /** Devices that were asked whether they have left, as another member has stated; by {@link deviceKey}. */
  leaveQueries: Set<string>;
  /** Devices that this one has selected, and that have sent nothing since, in a call without media; by {@link deviceKey}. */
  unheard: Set<string>;
  /** Request number of a `send` that waits for its acknowledgement. */
  request: number | undefined;
  /** While joining a call that this device does not know: the request, and the ID of the message to its members. */
  learning: { readonly request: number; readonly messageID: string } | undefined;
  /** Request number of a `join` that waits for the coordinator's decision. */
  joinRequest: number | undefined;
  /** How the last unanswered invitation of another member ended: the end reason if no other user is left. */
  lastOutcome: EndReason | undefined;
  /**
   * Why an unanswered invitation has stopped ringing, while it settles; `busy` also while this device, which has
   * answered busy, follows the invitation silently.
   */
  unansweredReason: 'canceled' | 'timeout' | 'busy' | undefined;
  /** The invitation settled while this device was disconnected: it settles again after the initial sync. */
  settleWaitsForSync: boolean;
  /** Why the call has ended on this device. */
  endReason: EndReason | undefined;
  /** When the phase last became `over` or `early`, by this device's monotonic clock in ms. */
  endedAt: number;
}

/** The user and device of this machine. */
export interface Self {
  readonly userID: string;
  readonly userName: string;
  /** Generated at each page load. */
  readonly deviceID: string;
  /** The device ID of this page before it was reloaded. */
  readonly replaces?: string;
  /** Without media no links are opened, and a call is active once it is accepted. */
  readonly media: boolean;
  /** `false` if the browser has no WebRTC: invites are answered `unsupported`. */
  readonly canTakeCalls: boolean;
}

/** Everything that this device knows about calls. It is deeply readonly: `transition` returns the next state. */
export interface MachineState {
  readonly self: Self;
  readonly online: boolean;
  readonly synced: boolean;
  readonly syncedAt: number;
  readonly calls: ReadonlyMap<string, Call>;
  /** The call that this device is in, or that rings on it. It may be on hold; any other call that it is in is on hold. */
  readonly current: string | undefined;
  /** The second call, which rings while this device is in the current one. */
  readonly waiting: string | undefined;
  /** Whether a second call rings, instead of being answered busy. */
  readonly callWaiting: boolean;
  /** The call that another page of this browser is in, with the same user. */
  readonly busyInOtherTab: string | undefined;
  /** The other devices of this user that are in calls, by device ID. */
  readonly otherDevices: ReadonlyMap<string, OtherDevice>;
  /** Whether the server knows which devices of this user are in calls. */
  readonly sharesCalls: boolean;
  /** The calls that this device has stated to be in, and by which message; undefined if the server may know others. */
  readonly stated: { readonly messageID: string; readonly callIDs: readonly string[] } | undefined;
  /** The user wants no calls to ring. */
  readonly doNotDisturb: boolean;
  /** The users whose calls do not ring, and are not missed calls. */
  readonly blocked: ReadonlySet<string>;
  /** The ended call that pages still show. */
  readonly shownEnd: string | undefined;
  /** Reported missed calls: callID to round. */
  readonly reportedMissed: ReadonlyMap<string, number>;
  readonly handled: HandledMessages;
  /** Server time of the last message of each device, by {@link deviceKey}. */
  readonly lastMessageAt: ReadonlyMap<string, number>;
  readonly sweptAt: number;
  /** Counter for the numbers of messages, links and timers. */
  readonly serial: number;
}

/** The data of the current call that a page saves before a reload. Its `startedAt` is in ms since the epoch. */
export type SavedCall = Pick<Call, (typeof SAVED_FIELDS)[number]> & {
  /**
   * Whether the user has answered or placed the call on this page, instead of joining it. Earlier builds have not saved it.
   * Default `true`.
   */
  readonly answeredHere?: boolean;
  readonly records: readonly MemberRecord[];
  readonly names: readonly (readonly [userID: string, userName: string])[];
  readonly microphone: boolean;
  readonly camera: boolean;
};

/** An effect of the machine. Effects run in order: callbacks come before the messages and media that they announce. */
export type Effect =
  | {
      [K in keyof MachineCallbacks]: {
        readonly type: 'callback';
        readonly name: K;
        readonly args: MachineCallbacks[K];
        /** The call that the callback is about, which is not always among its arguments. */
        readonly callID: string;
      };
    }[keyof MachineCallbacks]
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'send'; readonly message: Message }
  | { readonly type: 'start-timer'; readonly timer: TimerRef; readonly ms: number }
  /** Stops all timers of a call that is over. */
  | { readonly type: 'stop-timers'; readonly callID: string }
  /** Opens microphone and camera: when this user has placed a call (`sent`), or after the accept (`accepted`). */
  | {
      readonly type: 'open-media';
      readonly callID: string;
      readonly callType: CallType;
      readonly cause: 'sent' | 'accepted';
      /** The initial state of microphone and camera, if it is not the page's default. */
      readonly microphone?: boolean;
      readonly camera?: boolean;
      /** The call whose microphone and camera are continued: what is off there is off here. */
      readonly like?: string;
    }
  | { readonly type: 'close-media'; readonly callID: string }
  /** Stops all media of a call in both directions and releases its devices, or continues them. Its links stay. */
  | { readonly type: 'hold-media'; readonly callID: string; readonly on: boolean }
  /** Another call is the current one: its media are shown. */
  | { readonly type: 'show-media'; readonly callID: string }
  | {
      readonly type: 'open-link';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      /** This device makes the SDP offer. */
      readonly initiator: boolean;
    }
  | {
      readonly type: 'close-link';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
    }
  | {
      readonly type: 'signal-link';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      readonly data: Record<string, unknown>;
    }
  | FormerCallEffect
  /** The result of the command with this request number. */
  | {
      readonly type: 'reply';
      readonly request: number;
      readonly result:
        | { readonly ok: true; readonly value: boolean | SendResult }
        | { readonly ok: false; readonly code: CallErrorCode };
    }
  /** A message was dropped because its sender has no authority to send it. */
  | { readonly type: 'dropped'; readonly messageType: string; readonly why: string };

export interface SendResult {
  readonly callID: string;
  readonly unreachable: readonly CallUser[];
}
