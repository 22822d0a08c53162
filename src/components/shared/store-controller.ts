import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ReadableAtom } from 'nanostores';

/** Renders its host when a store changes. It is subscribed only while the host is in a document. */
export class StoreController<T> implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #store: ReadableAtom<T> | undefined;
  #unbind: (() => void) | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get value(): T | undefined {
    return this.#store?.get();
  }

  /** Subscribes to another store, or to none. */
  attach(store: ReadableAtom<T> | undefined): void {
    if (store === this.#store) return;
    this.hostDisconnected();
    this.#store = store;
    if (this.#host.isConnected) this.hostConnected();
    this.#host.requestUpdate();
  }

  hostConnected(): void {
    this.#unbind ??= this.#store?.listen(() => this.#host.requestUpdate());
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#unbind?.();
    this.#unbind = undefined;
  }
}
