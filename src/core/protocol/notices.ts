/*
 * What pages and their service worker say to each other about notifications. Both are of one origin; what is not of
 * this shape belongs to somebody else.
 */

/** The `data` of each notification that the kit shows. */
export interface NoticeData {
  readonly ringkit: 'incoming' | 'missed';
  readonly callID: string;
  /** Names the app's own notification resources. */
  readonly resourceID?: string;
  /** Whose it is: the signalling address and the userID. */
  readonly account: string;
  /** Where a click opens a page. */
  readonly page: string;
  /** From a push: what declines the call without a page. */
  readonly server?: string;
  readonly ticket?: string;
}

/** The parts of a notification that are in the user's language. */
export interface NotificationText {
  readonly title: string;
  readonly body: string;
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly actions: readonly { readonly action: string; readonly title: string }[];
}

/** A notification was clicked. */
export interface NoticeClicked {
  readonly ringkit: 'click';
  readonly account: string;
  readonly kind: NoticeData['ringkit'];
  readonly callID: string;
  readonly action: 'open' | 'accept' | 'decline';
}

/** The worker asks a page who is signed in there; each provider answers, by the message's port, as {@link SignedIn}. */
export interface PresenceQuery {
  readonly ringkit: 'who';
}

export interface SignedIn {
  readonly account: string;
  /** Its connection stands: what rings, rings there. */
  readonly connected: boolean;
}

export type WorkerMessage = NoticeClicked | PresenceQuery;

/** @returns nothing for a notification that is not the kit's */
export function readNoticeData(data: unknown): NoticeData | undefined {
  const { ringkit, callID, account, page } = Object(data) as Partial<Record<string, unknown>>;
  const known = ringkit === 'incoming' || ringkit === 'missed';
  const named = [callID, account, page].every((text) => typeof text === 'string');
  return known && named ? (data as NoticeData) : undefined;
}

/** @returns nothing for a message that is not the kit's */
export function readWorkerMessage(data: unknown): WorkerMessage | undefined {
  const { ringkit } = Object(data) as { ringkit?: unknown };
  return ringkit === 'click' || ringkit === 'who' ? (data as WorkerMessage) : undefined;
}

/** @returns nothing for an answer that is not the kit's */
export function readSignedIn(data: unknown): SignedIn | undefined {
  const { account, connected } = Object(data) as Partial<Record<string, unknown>>;
  return typeof account === 'string' ? { account, connected: connected === true } : undefined;
}
