import type { CallConfig } from '../../core/service/call-config.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallIcons } from './call-icons.js';
import type { Texts } from './language.js';

/* The Context Community Protocol: an element fires a bubbling request event, and the nearest provider answers.
   Elements of the page that support the protocol (for example, by `@lit/context`) get the same value with
   `callContext`. */

/** The values that elements get from their provider. */
export interface CallHost {
  /** The provider element. */
  readonly element: HTMLElement;
  readonly service: CallInvitationService;
  /** A function, because the page may replace the configuration at any time. */
  config(): CallConfig | null;
  /** Texts of the page that override the texts of the language. */
  texts(): Partial<Texts> | null;
  /** Address of a picture of a user, from the page; undefined: there is none. */
  avatarFor(userID: string): string | undefined;
  /** Icons of the page that replace those of the kit. Missing in a provider of an earlier copy of the library. */
  icons?(): CallIcons | null;
  /** ID of the audio output for ringtones of incoming calls, if the user has selected one. */
  ringer(): string | undefined;
  /** False if the browser does not support WebRTC. */
  readonly canTakeCalls: boolean;
}

/** The key of the context. It is a string, so that it works between two copies of the library on one page. */
export const callContext = 'ringkit';

type Callback = (host: CallHost, unsubscribe?: () => void) => void;

type Request = Pick<ContextRequestEvent, 'context' | 'callback' | 'subscribe'>;

/** Requests the value of the provider, now and after each change. */
export class ContextRequestEvent extends Event {
  readonly context: unknown = callContext;
  readonly subscribe: boolean = true;
  readonly callback: Callback;

  constructor(callback: Callback) {
    super('context-request', { bubbles: true, composed: true });
    this.callback = callback;
  }
}

/** Announces a new provider. */
export class ContextProviderEvent extends Event {
  readonly context: unknown = callContext;

  constructor() {
    super('context-provider', { bubbles: true, composed: true });
  }
}

/** Answers context requests with the value of the provider. */
export class ContextSource {
  readonly #host: CallHost;
  readonly #subscribers = new Set<Callback>();

  /** @param place the element that receives the requests, from its descendants or directly */
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

  /** Notifies all subscribers that the value has changed. */
  renew(): void {
    for (const callback of [...this.#subscribers]) this.#notify(callback);
  }

  #notify(callback: Callback): void {
    callback(this.#host, () => this.#subscribers.delete(callback));
  }
}
