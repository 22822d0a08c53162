import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Whether the browser would ask this user for notification permission. Renders its host when that changes. */
export class NotificationPermissionController implements ReactiveController {
  readonly #host: ReactiveControllerHost & Element;
  #status: PermissionStatus | undefined;

  constructor(host: ReactiveControllerHost & Element) {
    this.#host = host;
    host.addController(this);
  }

  get possible(): boolean {
    return typeof Notification !== 'undefined' && Notification.permission === 'default';
  }

  hostConnected(): void {
    if (this.possible) void this.#watch();
  }

  hostDisconnected(): void {
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
