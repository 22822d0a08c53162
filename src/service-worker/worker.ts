/**
 * The service worker that shows notifications of calls and handles clicks on them (`dist/ringkit-worker.js`). A page
 * with its own worker imports this script there: it ignores pushes and notifications that are not from this library.
 */
import { saveClick } from '../core/storage/database.js';
import { readNoticeData, type NoticeClicked, type NoticeData } from '../core/protocol/notices.js';
import { handOver, pageOf } from './pages.js';
import { declineBy, handlePush, readPush } from './push.js';
import { scope } from './scope.js';

scope.addEventListener('push', (event) => {
  const push = readPush(event.data);
  if (push) event.waitUntil(handlePush(push));
});

scope.addEventListener('notificationclick', (event) => {
  const { notification, action } = event;
  const data = readNoticeData(notification.data);
  if (!data) return;
  notification.close();
  event.waitUntil(onClick(data, action));
});

export type { PushedCall, WorkerOptions } from './notifications.js';

async function onClick(data: NoticeData, pressed: string): Promise<void> {
  const { ringkit: kind, account, callID, page: url, server, ticket } = data;
  const action = pressed === 'accept' || pressed === 'decline' ? pressed : 'open';
  const click: NoticeClicked = { ringkit: 'click', account, kind, callID, action };
  const page = await pageOf(account);
  if (page) return handOver(page, click);
  if (action === 'decline') {
    if (server !== undefined && ticket !== undefined) await declineBy({ server, ticket });
    return;
  }
  // If the click can't be stored, the page is opened all the same.
  await saveClick(click).catch(() => {});
  await scope.clients.openWindow(url);
}
