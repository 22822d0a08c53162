import type { MissedCallStorage } from '../ports/missed-call-storage.js';
import type { PushSubscriptions } from '../ports/push-subscriptions.js';
import type { SignalTransport } from '../ports/signal-transport.js';
import type { CallErrorCode } from '../protocol/vocabulary.js';

/** What Web Push needs. */
export interface PushDependencies {
  readonly transport: Pick<SignalTransport, 'ask'>;
  readonly storage: MissedCallStorage;
  /** Undefined where the page has no worker, or the browser no Web Push. */
  readonly subscriptions: PushSubscriptions | undefined;
  readonly fault: (code: CallErrorCode, message?: string) => Error;
}

const NO_PUSH = 'Web Push needs a service worker, a browser that has it, and a server that pushes.';

/** Lets the server reach this browser while no page of the user is open. */
export class PushManager {
  readonly #parts: PushDependencies;

  constructor(parts: PushDependencies) {
    this.#parts = parts;
  }

  /** @throws `unsupported`, `not-allowed`, `not-connected`, or what else the server answers */
  async enable(): Promise<boolean> {
    const { subscriptions, fault, storage } = this.#parts;
    if (!subscriptions) throw fault('unsupported', NO_PUSH);
    const { key } = await this.#ask('push-key');
    if (typeof key !== 'string') throw fault('unsupported', NO_PUSH);
    const registration = await subscriptions.subscribe(key).catch((cause: unknown) => {
      throw fault('not-allowed', `The browser did not subscribe: ${String(cause)}`);
    });
    await this.#ask('push-register', registration);
    // Where it can't be kept, the next page does not renew it.
    await storage.setPush(true).catch(() => {});
    return true;
  }

  /**
   * The page is connected: its subscription may have changed, and so may what its payloads must say. Where the user has
   * taken the permission back, or the server does not push any more, that is the end of it; where the connection went,
   * the next one renews it.
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
      // Without it the server's next push is answered that the subscription is gone.
      await subscriptions?.unsubscribe();
    }
    return true;
  }

  /** @throws an error with the code that the server answered */
  async #ask(question: string, value?: unknown): Promise<{ key?: unknown }> {
    const { transport, fault } = this.#parts;
    const answer: unknown = await transport.ask?.(question, value);
    const { error, key } = Object(answer ?? { error: { code: 'unsupported' } }) as {
      error?: { code?: CallErrorCode };
      key?: unknown;
    };
    if (error) throw fault(error.code ?? 'unavailable', NO_PUSH);
    return { key };
  }
}
