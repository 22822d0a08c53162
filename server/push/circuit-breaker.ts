import type { Clock } from '../clock/clock.js';
import { MAX_PUSH_TIMEOUTS, MAX_PUSH_CIRCUITS, PUSH_CIRCUIT_OPEN_MS } from '../limits/limits.js';

interface Circuit {
  /** Pushes in a row that were not answered. */
  count: number;
  /** It is left alone until then, ms since the epoch. */
  until: number;
}

/** Which push services do not answer: whoever waited for them each time would push nobody else meanwhile. */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'now'>;
  /** By host. */
  readonly #circuits = new Map<string, Circuit>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether it is left alone for now. */
  isOpen(host: string): boolean {
    return (this.#circuits.get(host)?.until ?? 0) > this.#clock.now();
  }

  /** It has answered, whatever it said. */
  recordResponse(host: string): void {
    this.#circuits.delete(host);
  }

  /** It has not answered in time. After its rest, one more time is enough. */
  recordTimeout(host: string): void {
    const silence = this.#circuits.get(host) ?? { count: 0, until: 0 };
    silence.count += 1;
    if (silence.count >= MAX_PUSH_TIMEOUTS)
      silence.until = this.#clock.now() + PUSH_CIRCUIT_OPEN_MS;
    this.#circuits.set(host, silence);
    for (const oldest of this.#circuits.keys()) {
      if (this.#circuits.size <= MAX_PUSH_CIRCUITS) break;
      this.#circuits.delete(oldest);
    }
  }
}
