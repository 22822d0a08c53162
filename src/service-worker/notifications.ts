import {
  readNoticeData,
  type NoticeData,
  type NotificationText,
} from '../core/protocol/notices.js';
import type { IncomingPush, MissedPush } from '../core/protocol/push.js';
import { claim, openStore } from '../core/storage/database.js';
import { noticeTexts } from '../locales/notices.js';
import { scope } from './scope.js';
import { incomingCallText, missedCallText } from '../locales/notification-text.js';

/** A missed call, as it is passed to the page's own worker. */
export type PushedCall = Pick<
  MissedPush,
  'callID' | 'caller' | 'callType' | 'group' | 'resourceID'
> & {
  /** When the call was missed, in ms since the epoch. */
  readonly at: number;
};

/** Options of a page's own worker: set `self.ringkit` when the worker starts. */
export interface WorkerOptions {
  /** Returns texts for a missed call. If it returns nothing or throws, the localized texts are used. */
  missedCallText?(missedCall: PushedCall): { title?: string; message?: string } | null | undefined;
}

/** @returns whether this notification was not claimed before; true if storage is not available */
export const claimNotification = (account: string, what: string, round: number): Promise<boolean> =>
  Promise.resolve()
    .then(() => claim(openStore(), account, what, round))
    .catch(() => true);

/** @returns the notification of a call, if it is shown */
export async function shownOf(account: string, callID: string): Promise<Notification | undefined> {
  const all = await scope.registration.getNotifications({ tag: callID });
  return all.find(({ data }) => readNoticeData(data)?.account === account);
}

export async function showIncoming(push: IncomingPush): Promise<void> {
  const { server, ticket } = push;
  const texts = incomingCallText(push, noticeTexts(push.lang), push.notification);
  await show(push, texts, { ...dataOf(push, 'incoming'), server, ticket }, Date.now());
}

/** Shows a missed call once for each round: a page may have shown it already, or a push may arrive twice. */
export async function showMissed(push: IncomingPush | MissedPush, at: number): Promise<void> {
  const { account, callID, round } = push;
  if (!(await claimNotification(account, callID, round))) {
    const shown = await shownOf(account, callID);
    if (readNoticeData(shown?.data)?.ringkit === 'incoming') shown?.close();
    return;
  }
  const texts = missedCallText(push, noticeTexts(push.lang), push.dialBack);
  const { title, message } = customText(push, at);
  const customized = { ...texts, title: title || texts.title, body: message || texts.body };
  await show(push, customized, dataOf(push, 'missed'), at);
}

const dataOf = (
  { callID, account, page, resourceID }: IncomingPush | MissedPush,
  ringkit: NoticeData['ringkit'],
): NoticeData => ({
  ...{ ringkit, callID, account, page },
  ...(resourceID !== undefined && { resourceID }),
});

function customText(
  { callID, caller, callType, group, resourceID }: IncomingPush | MissedPush,
  at: number,
): { title?: string; message?: string } {
  const ringkit = scope.ringkit as WorkerOptions | undefined;
  try {
    const call = { callID, caller, callType, group, at };
    const named = resourceID === undefined ? call : { ...call, resourceID };
    return ringkit?.missedCallText?.(named) ?? {};
  } catch {
    return {};
  }
}

async function show(
  { callID }: IncomingPush | MissedPush,
  { title, actions, ...texts }: NotificationText,
  data: NoticeData,
  timestamp: number,
): Promise<void> {
  // Not all browsers support actions and timestamps, and TypeScript's types lack them.
  const platform = { actions, timestamp };
  await scope.registration.showNotification(title, {
    ...texts,
    ...platform,
    ...{ data, tag: callID, requireInteraction: data.ringkit === 'incoming' },
  });
}
