import type { CallType, CallUser } from '../protocol/vocabulary.js';

/** What a notification is about: a call that rings, or one that was missed. */
export interface Notice {
  readonly kind: 'incoming' | 'missed';
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  readonly group: boolean;
  /** Names the app's own notification resources. */
  readonly resourceID?: string | undefined;
  /** When it was missed, ms since the epoch. */
  readonly at?: number;
  /** The page's own words, in place of the localized ones. */
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** A click calls back. */
  readonly dialBack: boolean;
}

/** What the user chose. `open`: the notification itself was clicked. */
export interface NoticeClick {
  readonly kind: Notice['kind'];
  readonly callID: string;
  readonly action: 'open' | 'accept' | 'decline';
}

/**
 * The platform's notifications, for one user at this device. One call has at most one: an incoming one is replaced by
 * the missed one.
 */
export interface Notifier {
  readonly permission: 'granted' | 'denied' | 'default';
  /** Asks the user, within a press. @returns whether notifications may be shown */
  request(): Promise<boolean>;
  /** Never rejects. @returns whether it is shown */
  show(notice: Notice): Promise<boolean>;
  /** Takes the notification of a call away; with `kind` only one of that kind. Never rejects. */
  close(callID: string, kind?: Notice['kind']): Promise<void>;
  /** Takes away all of this user. Never rejects. */
  closeAll(): Promise<void>;
  /** How many missed calls the user has not seen: on the app's icon, where there is one. */
  badge(count: number): void;
  /** Whether the user looks at a page of this user in this browser: what rings there needs no notification. */
  isSeen(): Promise<boolean>;
  /**
   * @param onLook called when `isSeen` may have changed
   * @param isConnected whether calls ring in this page
   */
  open(onClick: (click: NoticeClick) => void, onLook: () => void, isConnected: () => boolean): void;
  /** Tells nothing more. */
  stop(): void;
}
