import type { Clock } from '../ports/clock.js';
import type { MissedCallsHost } from '../ports/missed-calls.js';

/** How long a click on a notification waits for the call that it is about, in ms. */
const CLICK_WAIT_MS = 5_000;

/**
 * Waits for the state that a click on a notification needs. The click may have opened this page, or have been passed on
 * by the worker: then this page receives the call, or connects, only after the click.
 */
export class ClickWait {
  readonly #service: Pick<MissedCallsHost['service'], '$call' | '$connection'>;
  readonly #clock: Clock;
  readonly #checks = new Set<() => void>();
  #stopped = false;

  constructor(service: Pick<MissedCallsHost['service'], '$call' | '$connection'>, clock: Clock) {
    this.#service = service;
    this.#clock = clock;
  }

  /**
   * Evaluates the condition now, and at each change of the call, of the connection, and at each {@link
   * ClickWait.recheck}.
   * @returns whether it became true within five seconds, before {@link ClickWait.stop}
   */
  until(isTrue: () => boolean): Promise<boolean> {
    if (isTrue()) return Promise.resolve(true);
    const { $call, $connection } = this.#service;
    return new Promise((resolve) => {
      const end = (): void => {
        for (const stop of stops) stop();
        this.#checks.delete(check);
        resolve(!this.#stopped && isTrue());
      };
      const check = (): void => {
        if (isTrue()) end();
      };
      const stops = [
        this.#clock.after(CLICK_WAIT_MS, end),
        $call.listen(check),
        $connection.listen(check),
      ];
      this.#checks.add(check);
    });
  }

  /** To be called when something else changed that a condition reads. */
  recheck(): void {
    for (const check of [...this.#checks]) check();
  }

  stop(): void {
    this.#stopped = true;
  }
}
