import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { ContextRequestEvent, type CallHost } from './context.js';

type Consumer = ReactiveControllerHost & HTMLElement & { readonly provider?: string | null };

const PROVIDERS = 'call-invitation-provider:not([data-stand-in])';

/**
 * Finds the provider of an element: the one that its `provider` attribute names, else the one that contains it, else
 * the only one in the document. Looks again when a provider appears, so that elements can be defined and inserted in
 * any order.
 */
export class ServiceConsumer implements ReactiveController {
  readonly #host: Consumer;
  readonly #onChange: (value: CallHost | undefined) => void;
  #value: CallHost | undefined;
  #unsubscribe: (() => void) | undefined;
  #named: string | null | undefined;

  /** @param onChange called with each new provider, and when its value changes */
  constructor(host: Consumer, onChange: (value: CallHost | undefined) => void) {
    this.#host = host;
    this.#onChange = onChange;
    host.addController(this);
  }

  get value(): CallHost | undefined {
    return this.#value;
  }

  hostConnected(): void {
    document.addEventListener('context-provider', this.#find, true);
    this.#find();
  }

  hostDisconnected(): void {
    document.removeEventListener('context-provider', this.#find, true);
    this.#unsubscribeAndClear();
  }

  hostUpdate(): void {
    if (this.#host.isConnected && this.#host.provider !== this.#named) this.#find();
  }

  readonly #find = (): void => {
    this.#named = this.#host.provider;
    this.#unsubscribeAndClear();
    if (this.#named) {
      const root = this.#host.getRootNode() as Document | ShadowRoot;
      return this.#request(
        root.getElementById(this.#named) ?? document.getElementById(this.#named),
      );
    }
    this.#request(this.#host);
    const all = document.querySelectorAll(PROVIDERS);
    if (!this.#value && all.length === 1) this.#request(all[0]);
  };

  #request(target: Element | null | undefined): void {
    target?.dispatchEvent(new ContextRequestEvent(this.#receive));
  }

  readonly #receive = (value: CallHost, unsubscribe?: () => void): void => {
    this.#unsubscribe = unsubscribe;
    this.#value = value;
    this.#onChange(value);
  };

  #unsubscribeAndClear(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    if (this.#value) this.#onChange((this.#value = undefined));
  }
}
