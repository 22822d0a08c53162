import type { CallType, CallUser, NotificationTexts } from '../protocol/vocabulary.js';
import type { SignalTransport } from './signal-transport.js';

/** A call that this user missed, as pages see it. */
export interface MissedCallEntry {
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  /** All invited users, this user included, without the caller. */
  readonly callees: readonly CallUser[];
  readonly customData: string;
  /** When it was missed, in ms since the epoch by this device's time of day. Corrected when that time of day is set. */
  readonly at: number;
  readonly reason: 'canceled' | 'timeout' | 'busy';
  /** The user has handled it, on this or another device. */
  readonly seen: boolean;
}

/** A missed call as it is recorded. Its `at` is the server's time, which is the same for all devices. */
export interface MissedCallRecord extends MissedCallEntry {
  /** Whether it is a group call: more than two members. */
  readonly group: boolean;
  /** Round of the invitation. Each round of a call can be missed. */
  readonly round: number;
  readonly resourceID: string | undefined;
}

/** Events about missed calls. */
export type MissedCallEvent =
  | {
      readonly type: 'missed';
      readonly missed: Omit<MissedCallRecord, 'seen'> & {
        /** No device of the user has notified them of it yet. */
        readonly fresh: boolean;
      };
    }
  | { readonly type: 'unmissed'; readonly callID: string }
  | {
      readonly type: 'seen';
      readonly callIDs: readonly string[];
      readonly dismissed: boolean | undefined;
    }
  /** The server's time was measured again. */
  | { readonly type: 'time-measured' };

/** Options for missed calls: `config.missedCall`. */
export interface MissedCallConfig {
  /** Shows notifications of missed calls. Default `true`. */
  enabled?: boolean;
  /** A click calls back; with `false` it only opens the page. Default `true`. */
  enableDialBack?: boolean;
  /** Returns the notification's title. If it returns nothing or throws, the localized title is used. */
  notificationTitle?: (missedCall: MissedCallEntry) => string | null | undefined;
  /** Returns the notification's text. If it returns nothing or throws, the localized text is used. */
  notificationMessage?: (missedCall: MissedCallEntry) => string | null | undefined;
  /** Identifies the app's own notification resources; passed with notifications and dial-back invitations. */
  resourceID?: string;
  /** Time-out of the dial-back invitation, 1–600 seconds. Default 30. */
  timeoutSeconds?: number;
}

interface Readable<T> {
  get(): T;
  listen(handle: (value: T) => void): () => void;
}

/** Arguments of `onIncomingMissedCallClicked`. */
export type MissedCallClicked = [
  callID: string,
  caller: CallUser,
  callType: CallType,
  callees: readonly CallUser[],
  customData: string,
  defaultAction: () => Promise<void>,
];

/** The fields of the current call that notifications need. */
export interface RingingCall {
  readonly status: string;
  readonly callID: string;
  readonly callType: CallType;
  readonly group: boolean;
  readonly inviter: CallUser | undefined;
  readonly resourceID?: string | undefined;
  readonly notification?: NotificationTexts | undefined;
}

/** What the missed-call manager needs of the service, for one session (from sign-in to sign-out of a user). */
export interface MissedCallsHost {
  readonly service: {
    readonly user: CallUser | undefined;
    readonly deviceID: string;
    readonly $connection: Readable<string>;
    readonly $call: Readable<RingingCall>;
    send(options: {
      invitees: readonly CallUser[];
      callType: CallType;
      customData: string;
      timeoutSeconds: number;
      resourceID?: string;
    }): Promise<unknown>;
    join(callID: string): Promise<boolean>;
    accept(): Promise<boolean>;
    decline(): Promise<boolean>;
    silence(): boolean;
    report(error: unknown): void;
  };
  readonly transport: Pick<SignalTransport, 'send' | 'ask'>;
  readonly serverTime: {
    now(): number;
    /** Time of day of this device minus the server's time, in ms. */
    readonly offset: number;
  };
  config(): {
    missedCall?: MissedCallConfig;
    offline?: { autoEnterAcceptedOfflineCall?: boolean };
  };
  /** @returns false if the page has a callback for it, or prevented its event */
  fire(
    callback:
      | { name: 'onIncomingMissedCallClicked'; args: MissedCallClicked }
      | { name: 'onIncomingMissedCallDialBackFailed'; args: [] },
  ): boolean;
  /** Publishes the missed calls to the page, newest first. */
  show(missed: readonly MissedCallEntry[]): void;
}

/** Manages the missed calls of one user on this device, for one session. */
export interface MissedCalls {
  handle(event: MissedCallEvent): void;
  click(callID: string): Promise<boolean>;
  dialBack(callID: string): Promise<boolean>;
  /** Dismisses missed calls; without callIDs, all. */
  dismiss(callIDs?: readonly string[]): Promise<boolean>;
  /** Marks missed calls as seen. @returns whether any of them was not */
  markSeen(callIDs: readonly string[]): boolean;
  enableNotifications(): Promise<boolean>;
  enterAcceptedCall(): Promise<boolean>;
  enablePush(): Promise<boolean>;
  disablePush(): Promise<boolean>;
  /** Ends the session. */
  stop(): void;
}
