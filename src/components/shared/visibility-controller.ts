import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createIntersectionObserver } from './dom-features.js';

/** Observes whether an element is on the screen: shown, within the viewport, and in a page that is not hidden. */
export class VisibilityController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #listeners: (() => void)[] = [];
  readonly #observer = createIntersectionObserver((entries) => {
    this.#isInViewport = entries.at(-1)?.isIntersecting ?? false;
    this.#notify();
  });
  #isInViewport = false;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get isOnScreen(): boolean {
    return this.#isInViewport && !document.hidden;
  }

  /** @param listener called when the element is shown, hidden, scrolled into view or out of it, or removed */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
    document.addEventListener('visibilitychange', this.#notify);
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    document.removeEventListener('visibilitychange', this.#notify);
    this.#isInViewport = false;
    this.#notify();
  }

  readonly #notify = (): void => {
    for (const listener of this.#listeners) listener();
  };
}
