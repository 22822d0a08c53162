import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Message } from '../../src/core/protocol/messages.js';
import type { CancelReason } from '../../src/core/protocol/vocabulary.js';
import type { Rejections } from './rejections.js';

/** What became of an invitation. `lost`: its caller vanished. One that crossed another (glare) never was. */
export type Outcome = 'answered' | 'declined' | Exclude<CancelReason, 'glare'>;

interface MetricsDependencies {
  readonly rejections: Pick<Rejections, 'counts'>;
  /** Connected devices here, and how many users these are of. */
  readonly connected: () => { readonly devices: number; readonly users: number };
  /** Where things are kept: whether it can be used now, and how many changes wait to be written. */
  readonly store: {
    readonly isReady?: (() => boolean) | undefined;
    readonly unwritten?: (() => number) | undefined;
  };
}

/** What operators see of one server, for Prometheus. No metric names a user or a call. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages: Counter<'type'>;
  readonly #invitations: Counter<'outcome'>;
  readonly #delivery: Histogram;

  constructor({ rejections, connected, store }: MetricsDependencies) {
    const registers = [this.#registry];
    this.#messages = new Counter({
      name: 'ringkit_messages_total',
      help: 'Messages that were passed on, by type',
      labelNames: ['type'],
      registers,
    });
    this.#invitations = new Counter({
      name: 'ringkit_invitations_total',
      help: 'Invitations that were decided at this server, each once, by what became of them',
      labelNames: ['outcome'],
      registers,
    });
    this.#delivery = new Histogram({
      name: 'ringkit_delivery_seconds',
      help: 'From a message taken in to its acknowledgement',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
      registers,
    });
    new Gauge({
      name: 'ringkit_connections',
      help: 'Connected devices',
      registers,
      collect() {
        this.set(connected().devices);
      },
    });
    new Gauge({
      name: 'ringkit_users',
      help: 'Users with a connected device',
      registers,
      collect() {
        this.set(connected().users);
      },
    });
    new Gauge({
      name: 'ringkit_store_ready',
      help: 'Whether the data folder or Redis can be used: 1, or 0 while it fails',
      registers,
      collect() {
        this.set(store.isReady?.() === false ? 0 : 1);
      },
    });
    new Gauge({
      name: 'ringkit_store_unwritten',
      help: 'Changes that wait to be written to the data folder',
      registers,
      collect() {
        this.set(store.unwritten?.() ?? 0);
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Memory of this process',
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'Time that the processors have spent on this process',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1_000_000);
      },
    });
    new Counter({
      name: 'ringkit_refused_total',
      help: 'What was refused, by cause',
      labelNames: ['cause'],
      registers,
      collect() {
        this.reset();
        for (const [cause, count] of Object.entries(rejections.counts)) this.inc({ cause }, count);
      },
    });
  }

  /** A message was passed on, `seconds` after it was taken in. */
  delivered(message: Message, seconds: number): void {
    this.#messages.inc({ type: message.type });
    this.#delivery.observe(seconds);
  }

  /** An invitation to one user was decided, and it was not before. */
  decided(outcome: Outcome): void {
    this.#invitations.inc({ outcome });
  }

  /** In Prometheus' text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
