import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { createIntersectionObserver } from '../shared/dom-features.js';

/**
 * Whether the browser would ask this user for notification permission. Renders its host when that changes, and when the
 * host is shown or hidden: a hidden element must not ask.
 */
export class NotificationPermissionController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  readonly #observer = createIntersectionObserver(() => this.#host.requestUpdate());
  #status: PermissionStatus | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get possible(): boolean {
    return typeof Notification !== 'undefined' && Notification.permission === 'default';
  }

  hostConnected(): void {
    this.#observer.observe(this.#host);
    if (this.possible) void this.#watch();
  }

  hostDisconnected(): void {
    this.#observer.disconnect();
    this.#status?.removeEventListener('change', this.#onChange);
    this.#status = undefined;
  }

  async #watch(): Promise<void> {
    try {
      const status = await navigator.permissions.query({ name: 'notifications' });
      if (!this.#host.isConnected || this.#status) return;
      this.#status = status;
      status.addEventListener('change', this.#onChange);
    } catch {
      // Browsers without the `change` event of permissions: the value is read at each render.
    }
  }

  readonly #onChange = (): void => this.#host.requestUpdate();
}
