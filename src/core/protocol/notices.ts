/*
 * Messages about notifications between pages and their service worker. Both have the same origin; a message of another
 * shape is not from this library, and is ignored.
 */

/** The `data` of each notification that this library shows. */
export interface NoticeData {
  readonly ringkit: 'incoming' | 'missed';
  readonly callID: string;
  /** Identifies the app's own notification resources. */
  readonly resourceID?: string;
  /** Identifies whose notification it is: signalling address and userID. */
  readonly account: string;
  /** URL that a click opens. */
  readonly page: string;
  /** Of a pushed call: with `server` and `ticket` the worker can decline it without a page. */
  readonly server?: string;
  readonly ticket?: string;
}

/** The localized parts of a notification. */
export interface NotificationText {
  readonly title: string;
  readonly body: string;
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
  readonly actions: readonly { readonly action: string; readonly title: string }[];
}

/** The worker reports a click on a notification to a page. */
export interface NoticeClicked {
  readonly ringkit: 'click';
  readonly account: string;
  readonly kind: NoticeData['ringkit'];
  readonly callID: string;
  readonly action: 'open' | 'accept' | 'decline';
}

/**
 * The worker asks a page which users are signed in. Each provider answers on the message's port with {@link SignedIn}.
 */
export interface PresenceQuery {
  readonly ringkit: 'who';
}

export interface SignedIn {
  readonly account: string;
  /** The page is connected to the server, so incoming calls ring there. */
  readonly connected: boolean;
}

export type WorkerMessage = NoticeClicked | PresenceQuery;

/** @returns undefined for the data of a notification that is not from this library */
export function readNoticeData(data: unknown): NoticeData | undefined {
  const { ringkit, callID, account, page } = Object(data) as Partial<Record<string, unknown>>;
  const known = ringkit === 'incoming' || ringkit === 'missed';
  const named = [callID, account, page].every((text) => typeof text === 'string');
  return known && named ? (data as NoticeData) : undefined;
}

/** @returns undefined for a message that is not from this library */
export function readWorkerMessage(data: unknown): WorkerMessage | undefined {
  const { ringkit } = Object(data) as { ringkit?: unknown };
  return ringkit === 'click' || ringkit === 'who' ? (data as WorkerMessage) : undefined;
}

/** @returns undefined for an answer that is not from this library */
export function readSignedIn(data: unknown): SignedIn | undefined {
  const { account, connected } = Object(data) as Partial<Record<string, unknown>>;
  return typeof account === 'string' ? { account, connected: connected === true } : undefined;
}
