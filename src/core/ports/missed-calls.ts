import type { CallType, CallUser } from '../protocol/vocabulary.js';
import type { SignalTransport } from './signal-transport.js';

/** A call that this user missed, as pages see it. */
export interface MissedCallEntry {
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  /** All whom the invitation named, this user included, the caller not. */
  readonly callees: readonly CallUser[];
  readonly customData: string;
  /** When, in ms since the epoch by this device's time of day. It changes when that is found to be another one. */
  readonly at: number;
  readonly reason: 'canceled' | 'timeout' | 'busy';
  /** This user has handled it, on this device or on another one. */
  readonly seen: boolean;
}

/** A missed call as it is kept. Its `at` is by the server's time, which is the same on all devices. */
export interface MissedCallRecord extends MissedCallEntry {
  /** More than two members. */
  readonly group: boolean;
  /** Of the invitation: each is missed for itself. */
  readonly round: number;
  readonly resourceID: string | undefined;
}

/** What happened to missed calls, as the machine found. */
export type MissedCallEvent =
  | {
      readonly type: 'missed';
      readonly missed: Omit<MissedCallRecord, 'seen'> & {
        /** Nobody has told this user of it yet. */
        readonly fresh: boolean;
      };
    }
  | { readonly type: 'unmissed'; readonly callID: string }
  | {
      readonly type: 'seen';
      readonly callIDs: readonly string[];
      readonly dismissed: boolean | undefined;
    }
  /** The server's time was measured anew. */
  | { readonly type: 'time-measured' };

/** Options for missed calls: the page's `config.missedCall`. */
export interface MissedCallConfig {
  /** Show a notification for a missed call. Default `true`. */
  enabled?: boolean;
  /** A click calls back; else it only opens the page. Default `true`. */
  enableDialBack?: boolean;
  /** The notification's title; nothing, or a throw, gives the localized one. */
  notificationTitle?: (missedCall: MissedCallEntry) => string | null | undefined;
  /** The notification's text, likewise. */
  notificationMessage?: (missedCall: MissedCallEntry) => string | null | undefined;
  /** Names the app's own notification resources: goes with notifications and dial-back invitations. */
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

/** What is shown of the call at this device. */
export interface RingingCall {
  readonly status: string;
  readonly callID: string;
  readonly callType: CallType;
  readonly group: boolean;
  readonly inviter: CallUser | undefined;
  readonly resourceID?: string | undefined;
}

/** What the missed-call manager needs of the service, for one user's time at this device. */
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
    report(error: unknown): void;
  };
  readonly transport: Pick<SignalTransport, 'send' | 'ask'>;
  readonly serverTime: {
    now(): number;
    /** What is added to a time of the server to get that of this device, in ms. */
    readonly offset: number;
  };
  config(): { missedCall?: MissedCallConfig };
  /** @returns false when the page has a function of its own for it, or prevented its event */
  fire(
    fact:
      | { name: 'onIncomingMissedCallClicked'; args: MissedCallClicked }
      | { name: 'onIncomingMissedCallDialBackFailed'; args: [] },
  ): boolean;
  /** Shows the missed calls, newest first. */
  show(missed: readonly MissedCallEntry[]): void;
}

/** Manages the missed calls of one user's time at this device. */
export interface MissedCalls {
  handle(news: MissedCallEvent): void;
  click(callID: string): Promise<boolean>;
  dialBack(callID: string): Promise<boolean>;
  /** Without a callID: all. */
  dismiss(callID?: string): Promise<boolean>;
  enableNotifications(): Promise<boolean>;
  enablePush(): Promise<boolean>;
  disablePush(): Promise<boolean>;
  /** The user's time at this device is over. */
  stop(): void;
}
