import type {
  CallStatus,
  CallType,
  CallUser,
  EndReason,
  MemberState,
  NotificationTexts,
} from '../protocol/vocabulary.js';

export interface MemberSnapshot extends CallUser {
  readonly state: MemberState;
  /** Whether this is the user of this device. */
  readonly self: boolean;
  /** Custom data of the user's answer: of the accept or of the decline. Empty before, and if there are none. */
  readonly customData: string;
}

/** The machine's state as the stores publish it: the current call, or the one that has just ended. */
export interface MachineSnapshot {
  readonly status: CallStatus;
  readonly callID: string;
  /** Whether this user has put the call on hold. */
  readonly onHold?: boolean;
  readonly callType: CallType;
  readonly customData: string;
  readonly initiator: CallUser | undefined;
  readonly inviter: CallUser | undefined;
  readonly group: boolean;
  readonly members: readonly MemberSnapshot[];
  /** A member gives the own place in this call to another user. */
  readonly transfer?: TransferSnapshot;
  readonly endReason: EndReason | undefined;
  /** When the first link was up (without media: at the first accept), by this device's monotonic clock in ms. */
  readonly startedAt: number | undefined;
  /** Identifies the app's own notification resources, as sent by the caller. */
  readonly resourceID?: string | undefined;
  /** The caller's texts for the notification of the call. */
  readonly notification?: NotificationTexts;
}

/** A member gives the own place in a call to another user. */
export interface TransferSnapshot {
  readonly by: CallUser;
  readonly to: CallUser;
  /** As the member has stated it. Empty: none. */
  readonly reason: string;
  /** That user has not come in, and the call goes on as before. Shown for eight seconds. */
  readonly failed: boolean;
}
