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
  /** Whose notifications these are. */
  readonly account: string;
  /** The page's worker, if it has one; without it notifications live as long as the page, and have no actions. */
  readonly worker: Promise<ServiceWorkerRegistration> | undefined;
  /** Where a click opens a page. Absolute. */
  readonly page: () => string;
  readonly words: (notice: Notice) => NotificationText;
}

/** The Web Notifications API, by the page's service worker where there is one. */
export function createBrowserNotifier(options: BrowserNotifierOptions): Notifier {
  const { account, worker, page, words } = options;
  const { Notification } = globalThis as Partial<typeof globalThis>;
  const { serviceWorker } = navigator as Partial<Navigator>;
  const look = createPageVisibility(account);
  /** Shown without a worker, by callID. */
  const own = new Map<string, Notification>();
  let lastTurn: Promise<unknown> = Promise.resolve();
  let tell: ((click: NoticeClick) => void) | undefined;
  let isConnected = (): boolean => false;

  const hear = (event: MessageEvent): void => {
    const message = readWorkerMessage(event.data);
    if (message?.ringkit === 'who') answer(event.ports[0]);
    else if (message?.ringkit === 'click' && message.account === account) tell?.(message);
  };

  const answer = (port: MessagePort | undefined): void => {
    const signedIn: SignedIn = { account, connected: isConnected() };
    port?.postMessage(signedIn);
  };

  /** One job after the other: Chromium forgets a notification that is asked for while it is being shown. */
  const inTurn = <T>(job: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(job);
    lastTurn = turn.catch(() => undefined);
    return turn;
  };

  /** Of this user, and of the call or kind, if one is named. */
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
      // Shown by a page, or a worker, that is going: it closes by itself.
      for (const notification of await shown(callID, kind).catch(() => [])) notification.close();
    });

  /** @throws {TypeError} where pages may show none of their own (Chrome for Android) */
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
      tell?.({ kind: notice.kind, callID: notice.callID, action: 'open' });
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
      const { title, body, actions, ...language } = words(notice);
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
        // Only an installed app has one.
      });
    },
    isSeen: () => look.isAnyPageVisible(),
    open(onClick, onLook, connected) {
      tell = onClick;
      isConnected = connected;
      look.open(onLook);
      serviceWorker?.addEventListener('message', hear);
      serviceWorker?.startMessages();
    },
    stop() {
      tell = undefined;
      look.close();
      serviceWorker?.removeEventListener('message', hear);
    },
  };
}
