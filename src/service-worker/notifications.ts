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

/** A missed call, as it is given to the page's own worker. */
export type PushedCall = Pick<
  MissedPush,
  'callID' | 'caller' | 'callType' | 'group' | 'resourceID'
> & {
  /** When, ms since the epoch. */
  readonly at: number;
};

/** What a page's own worker may say: set `self.ringkit` before a call is missed. */
export interface WorkerOptions {
  /** Words for a missed call; nothing, or a throw, gives the localized ones. */
  missedCallText?(missedCall: PushedCall): { title?: string; message?: string } | null | undefined;
}

/** Whether nobody has shown this before; where nothing can be kept: yes. */
export const claimNotification = (account: string, what: string, round: number): Promise<boolean> =>
  Promise.resolve()
    .then(() => claim(openStore(), account, what, round))
    .catch(() => true);

/** The notification of a call, as long as it is there. */
export async function shownOf(account: string, callID: string): Promise<Notification | undefined> {
  const all = await scope.registration.getNotifications({ tag: callID });
  return all.find(({ data }) => readNoticeData(data)?.account === account);
}

export async function showIncoming(push: IncomingPush): Promise<void> {
  const { server, ticket } = push;
  const words = incomingCallText(push, noticeTexts(push.lang));
  await show(push, words, { ...dataOf(push, 'incoming'), server, ticket }, Date.now());
}

/** Shows it once for each round of the call: a page may have shown it, or a push may come twice. */
export async function showMissed(push: IncomingPush | MissedPush, at: number): Promise<void> {
  const { account, callID, round } = push;
  if (!(await claimNotification(account, callID, round))) {
    const shown = await shownOf(account, callID);
    if (readNoticeData(shown?.data)?.ringkit === 'incoming') shown?.close();
    return;
  }
  const words = missedCallText(push, noticeTexts(push.lang), push.dialBack);
  const { title, message } = customText(push, at);
  const said = { ...words, title: title || words.title, body: message || words.body };
  await show(push, said, dataOf(push, 'missed'), at);
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
  { title, actions, ...words }: NotificationText,
  data: NoticeData,
  timestamp: number,
): Promise<void> {
  // Actions and the time are not in every browser, nor in TypeScript's types.
  const platform = { actions, timestamp };
  await scope.registration.showNotification(title, {
    ...words,
    ...platform,
    ...{ data, tag: callID, requireInteraction: data.ringkit === 'incoming' },
  });
}
