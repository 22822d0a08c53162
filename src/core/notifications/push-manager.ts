import type { MissedCallStorage } from '../ports/missed-call-storage.js';
import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import type { SignalTransport } from '../ports/signal-transport.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** Dependencies of Web Push. */
export interface PushDependencies {
  readonly transport: Pick<SignalTransport, 'ask'>;
  readonly storage: MissedCallStorage;
  /** Undefined if the page has no service worker, or the browser no Web Push. */
  readonly subscriptions: PushSubscriptions | undefined;
  readonly fault: (code: CallErrorCode, message?: string) => Error;
}

const NO_PUSH =
  'Web Push requires a service worker, a browser with Web Push, and a server that pushes.';

/** Registers this browser at the server for Web Push, so that calls reach it while no page of the user is open. */
export class PushManager {
  readonly #parts: PushDependencies;

  constructor(parts: PushDependencies) {
    this.#parts = parts;
  }

  /** @throws `unsupported`, `not-allowed`, `not-connected`, or another code from the server */
  async enable(): Promise<boolean> {
    const { subscriptions, fault, storage } = this.#parts;
    if (!subscriptions) throw fault('unsupported', NO_PUSH);
    const { key } = await this.#ask('push-key');
    if (typeof key !== 'string') throw fault('unsupported', NO_PUSH);
    const registration = await subscriptions.subscribe(key).catch((cause: unknown) => {
      throw fault('not-allowed', `The browser did not subscribe: ${String(cause)}`);
    });
    await this.#ask('push-register', registration);
    // If this can't be stored, the next page does not renew the registration.
    await storage.setPush(true).catch(() => {});
    return true;
  }

  /**
   * Renews the registration at each connection, since the subscription or the page's data may have changed. Ends Web
   * Push if the user has revoked the permission, or the server does not push any more. If the connection is lost
   * meanwhile, the next connection renews it.
   */
  async renew(): Promise<void> {
    const { subscriptions, storage } = this.#parts;
    if (!subscriptions || !(await storage.hasPush().catch(() => false))) return;
    try {
      const registration = await subscriptions.current();
      if (registration) await this.#ask('push-register', registration);
      else await this.enable();
    } catch (error) {
      const { code } = Object(error) as { code?: CallErrorCode };
      if (code === 'not-allowed' || code === 'unsupported') await storage.setPush(false);
      else if (code !== 'not-connected') throw error;
    }
  }

  async disable(): Promise<boolean> {
    const { subscriptions, storage } = this.#parts;
    await storage.setPush(false).catch(() => {});
    const registration = await subscriptions?.current();
    if (!registration) return false;
    try {
      await this.#ask('push-remove', { endpoint: registration.endpoint });
    } finally {
      // If the server was not reached, the push service answers its next push with "410 Gone".
      await subscriptions?.unsubscribe();
    }
    return true;
  }

  /** @throws an error with the code from the server's response */
  async #ask(request: string, value?: unknown): Promise<{ key?: unknown }> {
    const { transport, fault } = this.#parts;
    const answer: unknown = await transport.ask?.(request, value);
    const { error, key } = Object(answer ?? { error: { code: 'unsupported' } }) as {
      error?: { code?: CallErrorCode };
      key?: unknown;
    };
    if (error) throw fault(error.code ?? 'unavailable', NO_PUSH);
    return { key };
  }
}
