import type { Notice, NoticeClick, Notifier } from '../ports/notifier.js';
import {
  readNoticeData,
  readWorkerMessage,
  type NoticeData,
  type NotificationText,
  type SignedIn,
} from '../protocol/notices.js';
import { createPageVisibility } from '../tabs/page-visibility.js';

export interface BrowserNotifierOptions {
  /** Identifies whose notifications these are: signalling address and userID. */
  readonly account: string;
  /** The page's service worker. Without it notifications have no actions, and close with the page. */
  readonly worker: Promise<ServiceWorkerRegistration> | undefined;
  /** Returns the absolute URL that a click opens. */
  readonly page: () => string;
  /** Returns the localized texts of a notification. */
  readonly textsFor: (notice: Notice) => NotificationText;
}

/** Shows notifications with the Notifications API, through the page's service worker if there is one. */
export function createBrowserNotifier(options: BrowserNotifierOptions): Notifier {
  const { account, worker, page, textsFor } = options;
  const { Notification } = globalThis as Partial<typeof globalThis>;
  const { serviceWorker } = navigator as Partial<Navigator>;
  const visibility = createPageVisibility(account);
  /** Notifications that were shown without a worker, by callID. */
  const own = new Map<string, Notification>();
  let lastTurn: Promise<unknown> = Promise.resolve();
  let onClick: ((click: NoticeClick) => void) | undefined;
  let isConnected = (): boolean => false;

  const onWorkerMessage = (event: MessageEvent): void => {
    const message = readWorkerMessage(event.data);
    if (message?.ringkit === 'who') answer(event.ports[0]);
    else if (message?.ringkit === 'click' && message.account === account) onClick?.(message);
  };

  const answer = (port: MessagePort | undefined): void => {
    const signedIn: SignedIn = { account, connected: isConnected() };
    port?.postMessage(signedIn);
  };

  /** Runs jobs one after the other: `getNotifications` of Chromium omits a notification that is just being shown. */
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(job);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  /** @returns the notifications of this user; only those of the call or kind, if it is given */
  const shown = async (callID?: string, kind?: string): Promise<Notification[]> => {
    const registration = await worker?.catch(() => undefined);
    const all = (await registration?.getNotifications()) ?? [];
    return [...all, ...own.values()].filter(({ data }) => {
      const known = readNoticeData(data);
      return (
        known?.account === account &&
        (callID === undefined || known.callID === callID) &&
        (kind === undefined || known.ringkit === kind)
      );
    });
  };

  const close = (callID?: string, kind?: Notice['kind']): Promise<void> =>
    inTurn(async () => {
      // If listing them fails, the page or worker is shutting down, and its notifications close with it.
      for (const notification of await shown(callID, kind).catch(() => [])) notification.close();
    });

  /** @throws {TypeError} if the browser does not allow notifications without a worker (Chrome for Android) */
  const showOwn = (notice: Notice, title: string, init: NotificationOptions): void => {
    if (!Notification) return;
    const notification = new Notification(title, init);
    own.set(notice.callID, notification);
    notification.onclose = () => {
      if (own.get(notice.callID) === notification) own.delete(notice.callID);
    };
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick?.({ kind: notice.kind, callID: notice.callID, action: 'open' });
    };
  };

  return {
    get permission() {
      return Notification?.permission ?? 'denied';
    },
    async request() {
      return (await Notification?.requestPermission()) === 'granted';
    },
    async show(notice) {
      if (Notification?.permission !== 'granted') return false;
      const { title, body, actions, ...language } = textsFor(notice);
      const { kind, callID, resourceID, at } = notice;
      const data: NoticeData = {
        ...{ ringkit: kind, callID, account, page: page() },
        ...(resourceID !== undefined && { resourceID }),
      };
      const init = {
        ...language,
        ...{ body, data, tag: callID, requireInteraction: kind === 'incoming' },
        ...(at !== undefined && { timestamp: at }),
      };
      try {
        const registration = await worker?.catch(() => undefined);
        if (!registration) showOwn(notice, title, init);
        else
          await inTurn(() => registration.showNotification(title, { ...init, actions } as never));
        return true;
      } catch {
        return false;
      }
    },
    close,
    closeAll: () => close(),
    badge(count) {
      if (!('setAppBadge' in navigator)) return;
      const badge = count ? navigator.setAppBadge(count) : navigator.clearAppBadge();
      badge.catch(() => {
        // Only installed apps have a badge.
      });
    },
    isSeen: () => visibility.isAnyPageVisible(),
    open(handleClick, onVisibilityChange, connected) {
      onClick = handleClick;
      isConnected = connected;
      visibility.open(onVisibilityChange);
      serviceWorker?.addEventListener('message', onWorkerMessage);
      serviceWorker?.startMessages();
    },
    stop() {
      onClick = undefined;
      visibility.close();
      serviceWorker?.removeEventListener('message', onWorkerMessage);
    },
  };
}
