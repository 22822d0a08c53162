import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import { parsePushRegistration, type PushRegistration } from '../protocol/push.js';

/** The page's data in a registration, which the server repeats in each payload. */
export type PushPage = Omit<PushRegistration, 'endpoint' | 'keys'>;

/**
 * @param page returns the page's current data; called at each registration
 * @returns undefined if the page has no service worker, or the browser no Web Push
 */
export function createBrowserPush(
  worker: Promise<ServiceWorkerRegistration> | undefined,
  page: () => PushPage,
): PushSubscriptions | undefined {
  if (!worker || !('PushManager' in globalThis)) return undefined;

  const read = (subscription: PushSubscription | null): PushRegistration | undefined =>
    parsePushRegistration({ ...page(), ...subscription?.toJSON() });
  const current = async (): Promise<PushSubscription | null> =>
    (await worker).pushManager.getSubscription();

  return {
    async subscribe(key) {
      const { pushManager } = await worker;
      const known = await pushManager.getSubscription();
      if (known && keyOf(known) !== key) await known.unsubscribe();
      const subscription = await pushManager.subscribe({
        userVisibleOnly: true,
        applicationServerKey: key,
      });
      const registration = read(subscription);
      if (!registration) throw new TypeError('The browser returned an invalid push subscription.');
      return registration;
    },
    current: async () => read(await current()),
    async unsubscribe() {
      await (await current())?.unsubscribe();
    },
  };
}

/** @returns the server's key for which a subscription was created, base64url */
function keyOf({ options }: PushSubscription): string | undefined {
  const bytes = options.applicationServerKey;
  if (!bytes) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
