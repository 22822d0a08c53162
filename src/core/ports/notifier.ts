import type { CallType, CallUser } from '../protocol/vocabulary.js';

/** Content of a notification about an incoming or a missed call. */
export interface Notice {
  readonly kind: 'incoming' | 'missed';
  readonly callID: string;
  readonly caller: CallUser;
  readonly callType: CallType;
  readonly group: boolean;
  /** Identifies the app's own notification resources. */
  readonly resourceID?: string | undefined;
  /** When the call was missed, in ms since the epoch. */
  readonly at?: number;
  /** The page's own texts; undefined for the localized ones. */
  readonly title?: string | undefined;
  readonly message?: string | undefined;
  /** Whether a click on the notification calls back. */
  readonly dialBack: boolean;
}

/** A click on a notification. `action`: the pressed button; `open` for a click on the notification itself. */
export interface NoticeClick {
  readonly kind: Notice['kind'];
  readonly callID: string;
  readonly action: 'open' | 'accept' | 'decline';
}

/**
 * The platform's notifications for one user on this device. A call has at most one notification: that of a missed call
 * replaces that of the incoming call.
 */
export interface Notifier {
  readonly permission: 'granted' | 'denied' | 'default';
  /** Asks the user for permission; to be called during a user gesture. @returns whether notifications may be shown */
  request(): Promise<boolean>;
  /** Shows a notification. Never rejects. @returns whether it is shown */
  show(notice: Notice): Promise<boolean>;
  /** Closes the notification of a call; with `kind`, only one of that kind. Never rejects. */
  close(callID: string, kind?: Notice['kind']): Promise<void>;
  /** Closes all notifications of this user. Never rejects. */
  closeAll(): Promise<void>;
  /** Shows the number of unseen missed calls on the app's icon, if there is one. */
  badge(count: number): void;
  /** Whether a page of this user is visible in this browser, so that a ringing call needs no notification. */
  isSeen(): Promise<boolean>;
  /**
   * @param onVisibilityChange called when the result of `isSeen` may have changed
   * @param isConnected returns whether this page is connected, so that calls ring in it
   */
  open(
    onClick: (click: NoticeClick) => void,
    onVisibilityChange: () => void,
    isConnected: () => boolean,
  ): void;
  /** The handlers are not called any more. */
  stop(): void;
}
