import type { Clock } from '../src/core/ports/clock.js';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../src/core/ports/signal-transport.js';
import type { Hello, Message } from '../src/core/protocol/messages.js';
import type { Harm } from './chaos.js';

/** Minimum and maximum, in ms. */
type Span = readonly [number, number];

/** The delay of a message. Most delays are shorter than half of the maximum. */
const DELAY: Span = [100, 2_000];
/** The additional delay of a message that others overtake, and the share of such messages. */
const HOLD: Span = [300, 1_500];
const HELD = 0.4;
/** The time between a message and its repetition, and the share of repeated messages. */
const REPEAT: Span = [200, 3_000];
const REPEATED = 0.3;
/** The time until a connection is cut, and until it is restored: shorter than the server waits for a device. */
const STAND: Span = [8_000, 24_000];
const AWAY: Span = [500, 3_000];

export interface ChaosOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Returns a random number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  /** Called for every fault. */
  readonly onHarm: (harm: Harm) => void;
}

/** An event that has arrived and has not been handed over yet. */
interface Waiting {
  readonly event: TransportEvent;
  /** Its position in the order of arrival. */
  readonly serial: number;
  readonly due: number;
  /** The device that sent it. Undefined: the event keeps its place among the events of all senders. */
  readonly sender: string | undefined;
  /** It is a repetition. */
  readonly again: boolean;
  readonly stop: () => void;
}

const senderOf = (message: unknown): string => {
  const { from } = (message ?? {}) as { from?: { deviceID?: unknown } };
  return String(from?.deviceID);
};

/**
 * A transport with network faults: it delays, repeats and reorders incoming events, and cuts the connection at random. It
 * keeps the guarantees of the port {@link SignalTransport}: apart from repetitions, messages of one sender keep their order,
 * and messages are lost only together with a connection.
 */
export class ChaoticTransport implements SignalTransport {
  readonly #inner: SignalTransport;
  readonly #options: ChaosOptions;
  #harms: ReadonlySet<Harm> = new Set();
  #identity: TransportIdentity | undefined;
  #handle: ((event: TransportEvent) => void) | undefined;
  #online = false;
  /** `offline` was reported. Further failed attempts are not reported. */
  #away = false;
  #serial = 0;
  #waiting: Waiting[] = [];
  #stopCut: (() => void) | undefined;
  #stopReturn: (() => void) | undefined;

  constructor(inner: SignalTransport, options: ChaosOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /** Sets the active faults. Events that are already delayed keep their delay. */
  harm(harms: Iterable<Harm>): void {
    this.#harms = new Set(harms);
    this.#planCut();
  }

  open(identity: TransportIdentity, handle: (event: TransportEvent) => void): void {
    this.close();
    this.#identity = identity;
    this.#handle = handle;
    this.#connect();
  }

  hello(hello: Hello): void {
    this.#inner.hello(hello);
  }

  send(message: Message): Promise<SendOutcome> {
    return this.#inner.send(message);
  }

  serverTime(): number | undefined {
    return this.#inner.serverTime?.();
  }

  reconnect(): void {
    if (this.#identity) this.#inner.reconnect?.();
  }

  close(): void {
    this.#identity = undefined;
    this.#handle = undefined;
    this.#away = false;
    this.#stopReturn?.();
    this.#disconnect();
    this.#inner.close();
  }

  #connect(): void {
    if (this.#identity) this.#inner.open(this.#identity, (event) => this.#receive(event));
  }

  #receive(event: TransportEvent): void {
    switch (event.type) {
      case 'message':
        return this.#forward(event);
      case 'drained':
        // It means that all earlier events have been delivered.
        this.#enqueue(event, 0, undefined);
        return;
      case 'online':
        this.#online = true;
        this.#away = false;
        this.#planCut();
        return this.#handle?.(event);
      case 'connecting':
        return this.#away ? undefined : this.#handle?.(event);
      case 'offline':
        return this.#lose();
      case 'refused':
        this.#disconnect();
        return this.#handle?.(event);
    }
  }

  #forward(event: TransportEvent & { readonly type: 'message' }): void {
    const sender = senderOf(event.message);
    const delay = this.#harms.has('delay') ? this.#draw(DELAY, 2) : 0;
    const hold = this.#happens('reorder', HELD) ? this.#draw(HOLD) : 0;
    if (delay) this.#options.onHarm('delay');
    const due = this.#enqueue(event, delay + hold, sender);
    if (this.#happens('repeat', REPEATED)) {
      this.#wait(event, due + this.#draw(REPEAT), sender, true);
    }
  }

  /**
   * Hands an event over after the given time, and after all events that it must not overtake; immediately if that is now.
   * @returns the time at which the event is handed over
   */
  #enqueue(event: TransportEvent, ms: number, sender: string | undefined): number {
    const overtakes = this.#harms.has('reorder') && sender !== undefined;
    const before = this.#waiting.filter(
      (each) => !each.again && !(overtakes && each.sender && each.sender !== sender),
    );
    const due = Math.max(this.#now + ms, ...before.map((each) => each.due));
    if (ms || before.length) this.#wait(event, due, sender, false);
    else this.#handOver(event, ++this.#serial);
    return due;
  }

  #wait(event: TransportEvent, due: number, sender: string | undefined, again: boolean): void {
    const stop = this.#options.clock.after(due - this.#now, () => this.#release(due));
    const serial = ++this.#serial;
    this.#waiting.push({ event, serial, due, sender, again, stop });
    this.#waiting.sort((a, b) => a.due - b.due || a.serial - b.serial);
  }

  /** Hands over all events that are due by then, in order, in whichever order the timers fire. */
  #release(due: number): void {
    for (let first; (first = this.#waiting[0]) && first.due <= due;) {
      this.#waiting.shift();
      first.stop();
      if (!first.again) this.#handOver(first.event, first.serial);
      else {
        this.#options.onHarm('repeat');
        this.#handle?.(first.event);
      }
    }
  }

  #handOver(event: TransportEvent, serial: number): void {
    if (this.#waiting.some((each) => !each.again && each.serial < serial)) {
      this.#options.onHarm('reorder');
    }
    this.#handle?.(event);
  }

  #planCut(): void {
    const wanted = this.#harms.has('cut') && this.#online;
    if (wanted === (this.#stopCut !== undefined)) return;
    this.#stopCut?.();
    this.#stopCut = wanted
      ? this.#options.clock.after(this.#draw(STAND), () => this.#cut())
      : undefined;
  }

  #cut(): void {
    this.#inner.close();
    this.#stopReturn = this.#options.clock.after(this.#draw(AWAY), () => this.#connect());
    this.#options.onHarm('cut');
    this.#lose();
  }

  #lose(): void {
    this.#disconnect();
    if (this.#away) return;
    this.#away = true;
    this.#handle?.({ type: 'offline' });
  }

  /** Drops the events that were in transit over the lost connection. */
  #disconnect(): void {
    this.#online = false;
    this.#planCut();
    for (const { stop } of this.#waiting.splice(0)) stop();
  }

  #happens(harm: Harm, chance: number): boolean {
    return this.#harms.has(harm) && this.#options.random() < chance;
  }

  /** @param skew 1: all times are equally likely; more: short times are more likely */
  #draw([from, to]: Span, skew = 1): number {
    return from + (to - from) * this.#options.random() ** skew;
  }

  get #now(): number {
    return this.#options.clock.now();
  }
}
