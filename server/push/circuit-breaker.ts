import type { Clock } from '../clock/clock.js';
import { MAX_PUSH_TIMEOUTS, MAX_PUSH_CIRCUITS, PUSH_CIRCUIT_OPEN_MS } from '../limits/limits.js';

interface Circuit {
  /** Consecutive time-outs. */
  count: number;
  /** When the circuit closes again, in ms since the epoch. */
  until: number;
}

/** Stops pushes to services that do not answer, because waiting for their time-outs would occupy all slots. */
export class CircuitBreaker {
  readonly #clock: Pick<Clock, 'now'>;
  /** By host. */
  readonly #circuits = new Map<string, Circuit>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Whether no pushes may be sent to this service now. */
  isOpen(host: string): boolean {
    return (this.#circuits.get(host)?.until ?? 0) > this.#clock.now();
  }

  /** Records a response with any status. */
  recordResponse(host: string): void {
    this.#circuits.delete(host);
  }

  /** Records a time-out. After the circuit has closed again, a single further time-out reopens it. */
  recordTimeout(host: string): void {
    const circuit = this.#circuits.get(host) ?? { count: 0, until: 0 };
    circuit.count += 1;
    if (circuit.count >= MAX_PUSH_TIMEOUTS)
      circuit.until = this.#clock.now() + PUSH_CIRCUIT_OPEN_MS;
    this.#circuits.set(host, circuit);
    for (const oldest of this.#circuits.keys()) {
      if (this.#circuits.size <= MAX_PUSH_CIRCUITS) break;
      this.#circuits.delete(oldest);
    }
  }
}
