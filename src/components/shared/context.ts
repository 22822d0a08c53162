import type { CallConfig, CallInvitationService } from '../../core/service/types.js';
import type { Texts } from './language.js';

/*
 * The Context Community Protocol: an element asks by an event that bubbles, and the nearest provider answers. Elements
 * of a page that speak it (with `@lit/context`, say) get the same by `callContext`.
 */

/** What the elements get from their provider. */
export interface CallHost {
  /** The provider. */
  readonly element: HTMLElement;
  readonly service: CallInvitationService;
  /** Read when needed: the page may renew it at any time. */
  config(): CallConfig | null;
  /** The page's own words. */
  texts(): Partial<Texts> | null;
  /** False where the browser has no WebRTC. */
  readonly canTakeCalls: boolean;
  /** Why the microphone or the camera could last not be had: the name of the browser's error. */
  readonly faults: ReadonlyMap<string, string>;
}

/** The key of the context. A string, so that two copies of the kit on one page understand each other. */
export const callContext = 'ringkit';

type Callback = (host: CallHost, unsubscribe?: () => void) => void;

type Request = Pick<ContextRequestEvent, 'context' | 'callback' | 'subscribe'>;

/** Asks for what the provider gives, now and whenever it has changed. */
export class ContextRequestEvent extends Event {
  readonly context: unknown = callContext;
  readonly subscribe: boolean = true;
  readonly callback: Callback;

  constructor(callback: Callback) {
    super('context-request', { bubbles: true, composed: true });
    this.callback = callback;
  }
}

/** Says that a provider has come. */
export class ContextProviderEvent extends Event {
  readonly context: unknown = callContext;

  constructor() {
    super('context-provider', { bubbles: true, composed: true });
  }
}

/** Gives a provider's value to all that ask for it. */
export class ContextSource {
  readonly #host: CallHost;
  readonly #subscribers = new Set<Callback>();

  /** @param place where requests are answered: they come up from what lies in it, or straight to it */
  constructor(place: HTMLElement, host: CallHost) {
    this.#host = host;
    place.addEventListener('context-request', (event) => {
      const { context, callback, subscribe } = event as Event & Request;
      if (context !== callContext) return;
      event.stopPropagation();
      if (subscribe) this.#subscribers.add(callback);
      this.#notify(callback);
    });
  }

  get host(): CallHost {
    return this.#host;
  }

  /** What the host gives has changed. */
  renew(): void {
    for (const callback of [...this.#subscribers]) this.#notify(callback);
  }

  #notify(callback: Callback): void {
    callback(this.#host, () => this.#subscribers.delete(callback));
  }
}
