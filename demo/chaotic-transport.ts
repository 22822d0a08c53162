import type { Clock } from '../src/core/ports/clock.js';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../src/core/ports/signal-transport.js';
import type { Hello, Message } from '../src/core/protocol/messages.js';
import type { Harm } from './chaos.js';

/** From, to: both in ms. */
type Span = readonly [number, number];

/** How long a delayed message waits. Most wait for less than half of the longest time. */
const DELAY: Span = [100, 2_000];
/** How long one that others shall overtake waits besides, and how many do. */
const HOLD: Span = [300, 1_500];
const HELD = 0.4;
/** How long after a message its repetition comes, and how many are repeated. */
const REPEAT: Span = [200, 3_000];
const REPEATED = 0.3;
/** How long a connection stands before it is cut, and how long it is away then: less than a server waits for it. */
const STAND: Span = [8_000, 24_000];
const AWAY: Span = [500, 3_000];

export interface ChaosOptions {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  /** Hears of every message that was harmed, and every connection that was cut. */
  readonly onHarm: (harm: Harm) => void;
}

/** Something that has come from the wire, and is not handed over yet. */
interface Waiting {
  readonly event: TransportEvent;
  /** In which order it came. */
  readonly serial: number;
  readonly due: number;
  /** Whose words these are. Undefined: they keep their place among those of everybody. */
  readonly sender: string | undefined;
  /** It was handed over once already. */
  readonly again: boolean;
  readonly stop: () => void;
}

const senderOf = (message: unknown): string => {
  const { from } = (message ?? {}) as { from?: { deviceID?: unknown } };
  return String(from?.deviceID);
};

/**
 * A wire that behaves as badly as a real one may: it delays, repeats and reorders what comes, and cuts the connection
 * now and then. It breaks no promise of the port: what one sender says keeps its order, but for repetitions, and
 * nothing is lost but with a connection.
 */
export class ChaoticTransport implements SignalTransport {
  readonly #inner: SignalTransport;
  readonly #options: ChaosOptions;
  #harms: ReadonlySet<Harm> = new Set();
  #identity: TransportIdentity | undefined;
  #handle: ((event: TransportEvent) => void) | undefined;
  #online = false;
  /** It was told that the connection is lost: attempts that fail are not worth a word. */
  #away = false;
  #serial = 0;
  #waiting: Waiting[] = [];
  #stopCut: (() => void) | undefined;
  #stopReturn: (() => void) | undefined;

  constructor(inner: SignalTransport, options: ChaosOptions) {
    this.#inner = inner;
    this.#options = options;
  }

  /** What is done from now on. What waits already comes when it was to come. */
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
        // It says that all before it has been delivered.
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
   * Hands it over after the given time, and after all that it may not overtake: at once, when that is now.
   * @returns when that is
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

  /** Hands over what is due by then, in its order, whatever the order of the timers. */
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

  /** The connection is gone, and what was on its way over it is lost. */
  #disconnect(): void {
    this.#online = false;
    this.#planCut();
    for (const { stop } of this.#waiting.splice(0)) stop();
  }

  #happens(harm: Harm, chance: number): boolean {
    return this.#harms.has(harm) && this.#options.random() < chance;
  }

  /** @param skew 1: all times are as likely; more: short ones are likelier */
  #draw([from, to]: Span, skew = 1): number {
    return from + (to - from) * this.#options.random() ** skew;
  }

  get #now(): number {
    return this.#options.clock.now();
  }
}
