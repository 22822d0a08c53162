import type {
  CallType,
  CallUser,
  CallErrorCode,
  CallStatus,
  EndReason,
  MemberState,
  Phase,
} from '../protocol/vocabulary.js';
import type {
  Delivered,
  InboxReport,
  ForeignInvite,
  Hello,
  MemberRecord,
  Message,
} from '../protocol/messages.js';
import type { Claim, DeferredMessage } from './claim.js';
import type { HandledMessages } from './handled-messages.js';
import type { SAVED_FIELDS } from './saved-fields.js';
import type { MissedCall } from './missed-call.js';
import type { TimerRef } from './timer-ref.js';

/** What this device knows about one user of a call, beside the record: all of it is of the record's round. */
export interface Member {
  record: MemberRecord;
  /** When the invitation stops ringing, by this device's clock in ms. */
  deadline?: number;
  /** Its timer runs, at one who is in. */
  isTimerRunning: boolean;
  /** Devices whose accept was heard, in order of arrival, with the custom data of each accept. */
  answers: Map<string, string>;
  /** Devices that said busy or unsupported, and whether one of them said busy. */
  rejectingDevices: string[];
  isBusy: boolean;
  /** Its invitation was taken back, whatever the user answered since: they come in by a new one alone. */
  isTakenBack?: boolean;
  /** How many devices the invitation went to, once it is acknowledged. */
  reachedDevices?: number;
  /** Goes up with each `send` or `invite` of this device: what belongs together in one callback. */
  batch?: number;
}

/** A media link of this device to another one. Its number goes up each time it is built anew. */
export interface Link {
  readonly user: string;
  readonly device: string;
  /** Undefined while this side waits for the first offer. */
  number: number | undefined;
  state: 'opening' | 'up' | 'down';
  /** This side makes the offers. */
  isOfferer: boolean;
  /** Both sides made offers, or neither did: which of them does is settled. */
  isRoleFixed: boolean;
  /** Identifies the timer that runs while the link is not up; undefined while it is. It outlives a rebuild of the link. */
  timerNumber: number | undefined;
  /** A `sync` was sent to find out whether the other device still has this call, and is not answered. */
  isProbing: boolean;
}

/**
 * Why a device counts as absent. `lost`: the server reported that it lost its connection, or it said that it gave up,
 * at that time of the server, in ms since the epoch; a message from it that is not older ends the absence.
 * `unresponsive`: it answered no question, and no media came. `moved`: it invited to another call, so it left this one by
 * itself. Any message from it ends these two.
 */
export type Absence =
  | { readonly type: 'lost'; readonly at: number }
  | { readonly type: 'unresponsive' }
  | { readonly type: 'moved' };

/** A request to come (back) into a call. */
export interface Joining {
  /** The round that the coordinator is to open for this user. */
  readonly round: number;
  /** After a reload: the device whose place this one takes. */
  readonly replaces: string | undefined;
  /** A member has answered that another device of this user is in. */
  readonly isRefused: boolean;
}

/** One call at this device. */
export interface Call {
  readonly id: string;
  phase: Phase;
  type: CallType;
  initiator: string;
  endWithInitiator: boolean;
  group: boolean;
  /** Who sent the invitation that this device holds, and all that it names. */
  caller: string;
  callees: string[];
  customData: string;
  resourceID: string | undefined;
  timeoutMs: number;
  /** The round of this user's own invitation that this device holds. */
  round: number;
  members: Map<string, Member>;
  names: Map<string, string>;
  /** By {@link deviceKey}. */
  links: Map<string, Link>;
  /** Devices that count as not in the call any more, by {@link deviceKey}. */
  absent: Map<string, Absence>;
  /** Somebody else was in the call while this device was. */
  hadPeer: boolean;
  /** This device was in when it lost its connection, and has come back: the others may have counted it out. */
  cameBack: boolean;
  /** When the first link was up (without media: the first company), by this device's clock in ms. */
  startedAt: number | undefined;
  /** It rang here. */
  rang: boolean;
  /** This user answered here, or placed the call. */
  answeredHere: boolean;
  /** The custom data of the accept that this device has sent. */
  acceptData: string;
  /** Another device of this user that answered, and which round. */
  answered: { round: number; device: string } | undefined;
  /** Accepted by itself, as the survivor of a glare, with the media of the own call: its type. */
  glareType: CallType | undefined;
  /** In a glare: this device's own call, which survives this one. */
  glareSurvivor: string | undefined;
  /** A `join` from here that is not decided. */
  joining: Joining | undefined;
  /** The round of the last join from here, also when it is decided. */
  requestedRound: number | undefined;
  /** Some member of the call was heard since the invitation came. */
  isConfirmed: boolean;
  /** It came out of the inbox: so long it may ring although nobody seems to be in. */
  trustedUntil: number;
  /** The initiator ended the call for all. */
  ended: boolean;
  /** `onIncomingCallCanceled` or `onIncomingCallTimeout` was told. */
  endNotified: boolean;
  /** Invites that were not acknowledged: message ID to the invitees. */
  unacknowledged: Map<string, string[]>;
  /** Messages that wait for what would prove them. */
  deferred: DeferredMessage[];
  /** What is said of devices that are in, until it is confirmed. */
  claims: Map<string, Claim>;
  /** When which device was asked how the call stands, by {@link deviceKey}, in ms. */
  askedAt: Map<string, number>;
  /** Devices that are said to have left and were asked, by {@link deviceKey}. */
  leaveQueries: Set<string>;
  /** The request of `send` that waits for the acknowledgement. */
  request: number | undefined;
  /** A call to join that this device does not know: the request, and the message that asks its members about it. */
  learning: { readonly request: number; readonly messageID: string } | undefined;
  /** The request of `join` that waits for the members' decision. */
  joinRequest: number | undefined;
  lastOutcome: EndReason | undefined;
  /** Why an unanswered invitation stopped, while it settles. */
  unansweredReason: 'canceled' | 'timeout' | 'busy' | undefined;
  settleWaitsForSync: boolean;
  reason: EndReason | undefined;
  endedAt: number;
}

/** Who this device is. */
export interface Self {
  readonly userID: string;
  readonly userName: string;
  /** Drawn at each page load. */
  readonly deviceID: string;
  /** The device ID of the page that this one replaces. */
  readonly replaces?: string;
  /** Without media no links are made, and a call is active at the accept. */
  readonly media: boolean;
  /** False where the browser has no WebRTC: invites are answered `unsupported`. */
  readonly canTakeCalls: boolean;
}

/** All that this device knows of calls. Treat it as deeply readonly: only `transition` makes the next one. */
export interface MachineState {
  readonly self: Self;
  readonly online: boolean;
  readonly synced: boolean;
  readonly syncedAt: number;
  readonly calls: ReadonlyMap<string, Call>;
  /** The call that this device is busy with. */
  readonly current: string | undefined;
  /** The call that another page of this browser is in, for the same user. */
  readonly busyInOtherTab: string | undefined;
  /** The user does not want to be rung here. */
  readonly doNotDisturb: boolean;
  /** The call whose end is still shown. */
  readonly shownEnd: string | undefined;
  /** Missed calls that were reported: callID to round. */
  readonly reportedMissed: ReadonlyMap<string, number>;
  readonly handled: HandledMessages;
  /** The server's time of each device's last message, by {@link deviceKey}. */
  readonly lastMessageAt: ReadonlyMap<string, number>;
  readonly sweptAt: number;
  /** Numbers messages and links. */
  readonly serial: number;
}

/** What a page keeps over a reload of the call that it is in: plain data. `startedAt` is in ms since the epoch there. */
export type SavedCall = Pick<Call, (typeof SAVED_FIELDS)[number]> & {
  readonly records: readonly MemberRecord[];
  readonly names: readonly (readonly [userID: string, userName: string])[];
  readonly microphone: boolean;
  readonly camera: boolean;
};

/** What happens to a machine. `now` is this device's monotonic clock in ms: only differences mean something. */
export type MachineEvent = { readonly now: number } & (
  | {
      readonly type: 'user.send';
      readonly request: number;
      readonly callID: string;
      readonly callType: CallType;
      readonly invitees: readonly CallUser[];
      readonly customData: string;
      readonly timeoutMs: number;
      readonly endWithInitiator: boolean;
      readonly resourceID?: string;
    }
  | {
      readonly type: 'user.invite';
      readonly request: number;
      readonly invitees: readonly CallUser[];
      readonly timeoutMs: number;
    }
  | {
      readonly type: 'user.accept' | 'user.decline' | 'user.cancel';
      readonly request: number;
      readonly customData: string;
      readonly invitees?: never;
    }
  | { readonly type: 'user.hang-up'; readonly request: number }
  | { readonly type: 'user.cancel-invitee'; readonly request: number; readonly userID: string }
  /** Rings no more from now on, or does again. */
  | { readonly type: 'user.do-not-disturb'; readonly request: number; readonly on: boolean }
  | { readonly type: 'user.join'; readonly request: number; readonly callID: string }
  /** This page was reloaded, and was in a call. */
  | { readonly type: 'user.resume'; readonly saved: SavedCall }
  /** The page gives this user up (`destroy()`, taken out of the document): leave or cancel, decline nothing. */
  | { readonly type: 'user.leave' }
  /** Another page of this browser is in a call, for the same user; or none is any more. */
  | { readonly type: 'other-tab.busy'; readonly callID: string | undefined }
  | { readonly type: 'transport.online' | 'transport.offline' }
  | { readonly type: 'transport.synced'; readonly inbox: InboxReport }
  | { readonly type: 'transport.message'; readonly message: Delivered | ForeignInvite }
  | {
      readonly type: 'transport.acknowledged';
      readonly callID: string;
      readonly messageID: string;
      readonly reached: readonly { readonly user: string; readonly devices: number }[];
    }
  /** The server refused a message. A lost connection is no refusal: the message goes again. */
  | {
      readonly type: 'transport.refused';
      readonly callID: string;
      readonly messageID: string;
      readonly code: CallErrorCode;
    }
  | { readonly type: 'timer'; readonly timer: TimerRef }
  | {
      readonly type: 'link.up' | 'link.down' | 'link.failed';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
    }
  | {
      readonly type: 'link.signal';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      readonly data: Record<string, unknown>;
    }
);

export interface MemberSnapshot extends CallUser {
  readonly state: MemberState;
  /** This is the user of this device. */
  readonly self: boolean;
}

/** What the stores show of the machine: the current call, or the one that has just ended. */
export interface MachineSnapshot {
  readonly status: CallStatus;
  readonly callID: string;
  readonly callType: CallType;
  readonly customData: string;
  readonly initiator: CallUser | undefined;
  readonly inviter: CallUser | undefined;
  readonly group: boolean;
  readonly members: readonly MemberSnapshot[];
  readonly endReason: EndReason | undefined;
  /** When this device's first link was up (without media: the first accept), by this device's clock in ms. */
  readonly startedAt: number | undefined;
  /** Names the app's own notification resources, as its caller sent it. */
  readonly resourceID?: string | undefined;
}

export interface MemberUpdate {
  readonly userID: string;
  readonly state: MemberState;
  readonly customData: string;
}

/** Arguments of the callbacks that the machine decides on (`onCallStateChanged` and `onError` are the service's). */
export interface MachineCallbacks {
  onIncomingCallReceived: [
    callID: string,
    caller: CallUser,
    callType: CallType,
    callees: CallUser[],
    customData: string,
  ];
  onIncomingCallCanceled: [callID: string, caller: CallUser, customData: string];
  onIncomingCallTimeout: [callID: string, caller: CallUser];
  onIncomingCallDeclineButtonPressed: [];
  onIncomingCallAcceptButtonPressed: [];
  onOutgoingCallCancelButtonPressed: [];
  onOutgoingCallAccepted: [callID: string, callee: CallUser];
  onOutgoingCallDeclined: [callID: string, callee: CallUser, customData: string];
  onOutgoingCallRejectedCauseBusy: [callID: string, callee: CallUser, customData: string];
  onOutgoingCallTimeout: [callID: string, callees: CallUser[], isVideoCall: boolean];
  onInvitationUserStateChanged: [users: MemberUpdate[]];
}

/** What a machine wants done, in this order: callbacks come before the messages and the media they cause. */
export type Effect =
  | {
      [K in keyof MachineCallbacks]: {
        readonly type: 'callback';
        readonly name: K;
        readonly args: MachineCallbacks[K];
        /** The call that it is about, also where the arguments do not say. */
        readonly callID: string;
      };
    }[keyof MachineCallbacks]
  | { readonly type: 'hello'; readonly hello: Hello }
  | { readonly type: 'send'; readonly message: Message }
  | { readonly type: 'start-timer'; readonly timer: TimerRef; readonly ms: number }
  /** The call is over: its timers fit nothing any more. */
  | { readonly type: 'stop-timers'; readonly callID: string }
  /** Open microphone and camera. `sent`: by this user's own call; `accepted`: after accept, never before. */
  | {
      readonly type: 'open-media';
      readonly callID: string;
      readonly callType: CallType;
      readonly cause: 'sent' | 'accepted';
      /** What is on at first, where that is not the page's default. */
      readonly microphone?: boolean;
      readonly camera?: boolean;
    }
  | { readonly type: 'close-media'; readonly callID: string }
  | {
      readonly type: 'open-link';
      readonly callID: string;
      readonly user: string;
      readonly device: string;
      readonly link: number;
      /** This device makes the offer. */
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
  | { readonly type: 'missed'; readonly missed: MissedCall }
  /** It was answered after all: no missed call any more. */
  | { readonly type: 'unmissed'; readonly callID: string }
  /** This user has handled missed calls on another device. */
  | {
      readonly type: 'seen';
      readonly callIDs: readonly string[];
      /** They are to be forgotten, not only known. */
      readonly dismissed: boolean | undefined;
    }
  /** Answers the command that came with this request number. */
  | {
      readonly type: 'reply';
      readonly request: number;
      readonly result:
        | { readonly ok: true; readonly value: boolean | SendResult }
        | { readonly ok: false; readonly code: CallErrorCode };
    }
  /** A message that its sender may not say was dropped. */
  | { readonly type: 'dropped'; readonly messageType: string; readonly why: string };

export interface SendResult {
  readonly callID: string;
  readonly unreachable: readonly CallUser[];
}
