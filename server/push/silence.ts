import type { Clock } from '../clock.js';
import { MAX_PUSH_TIMEOUTS, MAX_SILENT_SERVICES, PUSH_SERVICE_REST_MS } from '../limits.js';

interface Silence {
  /** Pushes in a row that were not answered. */
  count: number;
  /** It is left alone until then, ms since the epoch. */
  until: number;
}

/** Which push services do not answer: whoever waited for them each time would push nobody else meanwhile. */
export class SilentServices {
  readonly #clock: Pick<Clock, 'now'>;
  /** By host. */
  readonly #silent = new Map<string, Silence>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether it is left alone for now. */
  has(host: string): boolean {
    return (this.#silent.get(host)?.until ?? 0) > this.#clock.now();
  }

  /** It has answered, whatever it said. */
  answered(host: string): void {
    this.#silent.delete(host);
  }

  /** It has not answered in time. After its rest, one more time is enough. */
  timedOut(host: string): void {
    const silence = this.#silent.get(host) ?? { count: 0, until: 0 };
    silence.count += 1;
    if (silence.count >= MAX_PUSH_TIMEOUTS)
      silence.until = this.#clock.now() + PUSH_SERVICE_REST_MS;
    this.#silent.set(host, silence);
    for (const oldest of this.#silent.keys()) {
      if (this.#silent.size <= MAX_SILENT_SERVICES) break;
      this.#silent.delete(oldest);
    }
  }
}
