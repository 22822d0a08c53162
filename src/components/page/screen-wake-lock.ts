/** Parts of the browser that the wake lock uses. */
export interface WakeLockPorts {
  /** Undefined if the browser has no wake locks (Screen Wake Lock API), also on insecure pages. */
  readonly wakeLock: Pick<WakeLock, 'request'> | undefined;
  readonly document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'>;
}

const browserPorts = (): WakeLockPorts => ({
  wakeLock: (navigator as { wakeLock?: WakeLock }).wakeLock,
  document,
});

/**
 * Keeps the screen on. Browsers release the lock when the page is hidden: it is requested again when the page becomes
 * visible. A browser may refuse it, for example when the battery is low; then the screen turns off as usual.
 */
export class ScreenWakeLock {
  readonly #ports: WakeLockPorts;
  #on = false;
  #lock: Promise<WakeLockSentinel | undefined> | undefined;

  constructor(ports: WakeLockPorts = browserPorts()) {
    this.#ports = ports;
  }

  set(on: boolean): void {
    if (on === this.#on || !this.#ports.wakeLock) return;
    this.#on = on;
    const listen = on ? 'addEventListener' : 'removeEventListener';
    this.#ports.document[listen]('visibilitychange', this.#onVisibility);
    if (on) return this.#request();
    const lock = this.#lock;
    this.#lock = undefined;
    void lock?.then((sentinel) => sentinel?.release()).catch(() => {});
  }

  readonly #onVisibility = (): void => this.#request();

  #request(): void {
    const { wakeLock, document } = this.#ports;
    if (!wakeLock || this.#lock || document.visibilityState !== 'visible') return;
    const lock = wakeLock.request('screen').then(
      (sentinel) => {
        const forget = (): void => {
          if (this.#lock === lock) this.#lock = undefined;
        };
        if (sentinel.released) forget();
        else sentinel.addEventListener('release', forget);
        return sentinel;
      },
      () => {
        if (this.#lock === lock) this.#lock = undefined;
        return undefined;
      },
    );
    this.#lock = lock;
  }
}
