import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import { parsePushRegistration, type PushRegistration } from '../protocol/push.js';

/** What the server is told of the page, to say it in each payload. Asked anew at each registration. */
export type PushPage = Omit<PushRegistration, 'endpoint' | 'keys'>;

/** @returns undefined where the browser has no Web Push */
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
      if (!registration) throw new TypeError('The subscription is of no known form.');
      return registration;
    },
    current: async () => read(await current()),
    async unsubscribe() {
      await (await current())?.unsubscribe();
    },
  };
}

/** The server's key that a subscription was made for, base64url. */
function keyOf({ options }: PushSubscription): string | undefined {
  const bytes = options.applicationServerKey;
  if (!bytes) return undefined;
  return btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}
