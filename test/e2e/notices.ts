import type { BrowserContext, Worker } from '@playwright/test';
import { expect } from './expect.js';

/** A shown notification. */
export interface Shown {
  readonly kind: 'incoming' | 'missed';
  readonly callID: string;
  readonly title: string;
  readonly body: string;
  readonly lang: string;
  readonly tag: string;
  readonly actions: readonly string[];
  readonly data: unknown;
}

/**
 * Chromium drops a notification that is queried while it is being shown. So this lock is held while showing one, in
 * a page (see `installProbe`) or the worker, and while the tests query them.
 */
export const NOTICES_LOCK = 'notifications of the tests';

/** The APIs of a service worker that are used here. */
interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    openWindow(url: string): Promise<unknown>;
    matchAll(options: object): Promise<readonly Window[]>;
  };
  readonly NotificationEvent: new (type: string, init: object) => Event;
  readonly PushEvent: new (type: string, init: object) => Event;
  dispatchEvent(event: Event): void;
  /** Name of the lock that is held while a notification is shown. */
  lockName?: string;
}

/** The notifications of one user that the service worker of a browser shows, and user actions on them. */
export class Notices {
  readonly #context: BrowserContext;
  readonly #account: string;

  /** @param signaling as in the provider of the page */
  constructor(context: BrowserContext, signaling: string, userID: string) {
    this.#context = context;
    this.#account = `${signaling.replace(/\/$/, '')} ${userID}`;
  }

  /** Shown notifications, oldest first. */
  async shown(): Promise<Shown[]> {
    const worker = await this.#worker();
    return worker.evaluate(async (account) => {
      const { registration, lockName } = globalThis as unknown as Scope;
      const all = (await navigator.locks.request(lockName ?? '', () =>
        registration.getNotifications(),
      )) as (Notification & {
        timestamp: number;
        actions: { action: string }[];
      })[];
      return all
        .filter(({ data }) => (data as { account: string }).account === account)
        .sort((a, b) => a.timestamp - b.timestamp)
        .map(({ title, body, lang, tag, actions, data }) => {
          const { ringkit: kind, callID } = data as { ringkit: Shown['kind']; callID: string };
          return {
            ...{ kind, callID, title, body, lang, tag, data: data as unknown },
            actions: actions.map(({ action }) => action),
          };
        });
    }, this.#account);
  }

  /** Resolves when exactly these are shown, as `missed <callID>`. */
  async are(...expected: readonly string[]): Promise<void> {
    const all = async (): Promise<string[]> =>
      (await this.shown()).map(({ kind, callID }) => `${kind} ${callID}`).sort();
    await expect
      .poll(all, { message: `notifications of ${this.#account}` })
      .toEqual([...expected].sort());
  }

  /** Resolves when a page has informed the service worker that this user is connected there. */
  async areHandledByPage(): Promise<void> {
    const worker = await this.#worker();
    const accounts = (): Promise<unknown[]> =>
      worker.evaluate(async () => {
        const { clients } = globalThis as unknown as Scope;
        const windows = await clients.matchAll({ type: 'window', includeUncontrolled: true });
        const answers = windows.map((window) => {
          const { port1, port2 } = new MessageChannel();
          window.postMessage({ ringkit: 'who' }, { transfer: [port2] });
          return new Promise((resolve) => {
            port1.onmessage = ({ data }) => resolve(data);
            setTimeout(resolve, 400);
          });
        });
        return Promise.all(answers);
      });
    const expected = expect.objectContaining({
      account: this.#account,
      connected: true,
    }) as unknown;
    await expect.poll(accounts).toContainEqual(expected);
  }

  /**
   * Clicks a notification, or a button of it; resolves when the worker has handled it. The click is synthetic: the
   * worker is not allowed to open or focus a window.
   * @returns the URLs that it tried to open
   */
  async click(callID: string, action = ''): Promise<string[]> {
    const worker = await this.#worker();
    return worker.evaluate(
      async ([tag, button]) => {
        const scope = globalThis as unknown as Scope;
        const [notification] = await scope.registration.getNotifications({ tag });
        if (!notification) throw new Error(`There is no notification of ${tag}.`);
        const opened: string[] = [];
        scope.clients.openWindow = (url) => {
          opened.push(url);
          return Promise.resolve(null);
        };
        const jobs: Promise<unknown>[] = [];
        const event = new scope.NotificationEvent('notificationclick', {
          notification,
          action: button,
        });
        // Only native events can be extended by `waitUntil`.
        Object.assign(event, { waitUntil: (job: Promise<unknown>) => jobs.push(job) });
        scope.dispatchEvent(event);
        await Promise.all(jobs);
        return opened;
      },
      [callID, action] as const,
    );
  }

  /** Delivers a push message to the browser, as the push service would. */
  async push(payload: unknown): Promise<void> {
    const worker = await this.#worker();
    const page = await this.#context.newPage();
    const session = await this.#context.newCDPSession(page);
    const scopeURL = new URL('/', worker.url()).href;
    const registered = new Promise<string>((resolve) => {
      session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        const known = registrations.find((one) => one.scopeURL === scopeURL && !one.isDeleted);
        if (known) resolve(known.registrationId);
      });
    });
    await session.send('ServiceWorker.enable');
    await session.send('ServiceWorker.deliverPushMessage', {
      origin: new URL(scopeURL).origin,
      registrationId: await registered,
      data: JSON.stringify(payload),
    });
    await page.close();
  }

  /** Like `push`, with a synthetic event: resolves when the worker has handled it. */
  async deliver(payload: unknown): Promise<void> {
    const worker = await this.#worker();
    await worker.evaluate(async (data) => {
      const scope = globalThis as unknown as Scope;
      const jobs: Promise<unknown>[] = [];
      const event = new scope.PushEvent('push', { data });
      Object.assign(event, { waitUntil: (job: Promise<unknown>) => jobs.push(job) });
      scope.dispatchEvent(event);
      await Promise.all(jobs);
    }, JSON.stringify(payload));
  }

  async #worker(): Promise<Worker> {
    const [known] = this.#context.serviceWorkers();
    const worker = known ?? (await this.#context.waitForEvent('serviceworker'));
    await worker.evaluate((lockName) => {
      const scope = globalThis as unknown as Scope;
      if (scope.lockName !== undefined) return;
      scope.lockName = lockName;
      const { registration } = scope;
      const show = registration.showNotification.bind(registration);
      registration.showNotification = (...notification) =>
        navigator.locks.request(lockName, () => show(...notification));
    }, NOTICES_LOCK);
    return worker;
  }
}
