import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Message } from '../../src/core/protocol/messages.js';
import type { CancelReason } from '../../src/core/protocol/vocabulary.js';
import type { Rejections } from './rejections.js';

/** The outcome of an invitation. `lost`: the devices of the call were lost. Glared calls are not counted. */
export type Outcome = 'answered' | 'declined' | Exclude<CancelReason, 'glare'>;

interface MetricsDependencies {
  readonly rejections: Pick<Rejections, 'counts'>;
  /** Number of devices connected to this node, and number of their users. */
  readonly connected: () => { readonly devices: number; readonly users: number };
  /** The store: whether it is usable now, and how many changes wait to be written. */
  readonly store: {
    readonly isReady?: (() => boolean) | undefined;
    readonly unwritten?: (() => number) | undefined;
  };
}

/** Metrics of one node, for Prometheus. No metric names a user or a call. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #messages: Counter<'type'>;
  readonly #invitations: Counter<'outcome'>;
  readonly #delivery: Histogram;

  constructor({ rejections, connected, store }: MetricsDependencies) {
    const registers = [this.#registry];
    this.#messages = new Counter({
      name: 'ringkit_messages_total',
      help: 'Messages delivered, by type',
      labelNames: ['type'],
      registers,
    });
    this.#invitations = new Counter({
      name: 'ringkit_invitations_total',
      help: 'Invitations settled on this node, by outcome',
      labelNames: ['outcome'],
      registers,
    });
    this.#delivery = new Histogram({
      name: 'ringkit_delivery_seconds',
      help: 'Time from the receipt of a message to its acknowledgement',
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
      help: '1 if the data folder or Redis is usable, else 0',
      registers,
      collect() {
        this.set(store.isReady?.() === false ? 0 : 1);
      },
    });
    new Gauge({
      name: 'ringkit_store_unwritten',
      help: 'Changes waiting to be written to the data folder',
      registers,
      collect() {
        this.set(store.unwritten?.() ?? 0);
      },
    });
    new Gauge({
      name: 'process_resident_memory_bytes',
      help: 'Resident memory of the process',
      registers,
      collect() {
        this.set(process.memoryUsage.rss());
      },
    });
    new Counter({
      name: 'process_cpu_seconds_total',
      help: 'CPU time of the process',
      registers,
      collect() {
        const { user, system } = process.cpuUsage();
        this.reset();
        this.inc((user + system) / 1_000_000);
      },
    });
    new Counter({
      name: 'ringkit_refused_total',
      help: 'Rejected connections and messages, by cause',
      labelNames: ['cause'],
      registers,
      collect() {
        this.reset();
        for (const [cause, count] of Object.entries(rejections.counts)) this.inc({ cause }, count);
      },
    });
  }

  /** Counts a delivered message. @param seconds from its receipt to its acknowledgement */
  delivered(message: Message, seconds: number): void {
    this.#messages.inc({ type: message.type });
    this.#delivery.observe(seconds);
  }

  /** Counts an invitation of one user, when it is first settled. */
  decided(outcome: Outcome): void {
    this.#invitations.inc({ outcome });
  }

  /** Returns the metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }
}
