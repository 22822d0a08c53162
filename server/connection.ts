import type { Acknowledgement, Sender } from '../src/core/protocol/messages.js';
import type { Exchange, Peer } from './exchange.js';
import { MAX_WAITING, RETRY_AFTER_MS } from './limits.js';
import type { Logger } from './logger.js';
import type { RefusalCause } from './refusals.js';

const EVENTS = new Set(['hello', 'message']);

/** What a connection needs of its socket. */
export interface ConnectionSocket {
  readonly connected: boolean;
  readonly conn: { close(): unknown };
  emit(event: 'message' | 'drained', value: unknown): unknown;
  disconnect(close: true): unknown;
  on(event: 'hello', handle: (input: unknown) => void): unknown;
  on(event: 'message', handle: (input: unknown, reply: unknown) => void): unknown;
  onAny(handle: (event: unknown) => void): unknown;
}

/** One device's connection: handles what it sends one by one, and delivers what comes for it. */
export class Connection implements Peer {
  readonly sender: Sender;
  readonly refuse: (cause: RefusalCause) => void;
  readonly #socket: ConnectionSocket;
  readonly #exchange: Exchange;
  readonly #logger: Logger;
  /** What came before the client was told that it is connected. */
  #early: Readonly<Record<string, unknown>>[] | undefined = [];
  #replaced = false;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(
    socket: ConnectionSocket,
    sender: Sender,
    parts: { exchange: Exchange; logger: Logger; refuse: (cause: RefusalCause) => void },
  ) {
    this.#socket = socket;
    this.sender = sender;
    this.#exchange = parts.exchange;
    this.#logger = parts.logger;
    this.refuse = parts.refuse;
  }

  /** The client knows that it is connected. */
  start(): void {
    const socket = this.#socket;
    socket.on('hello', (input: unknown) => {
      this.#enqueue(async () => {
        const welcome = await this.#exchange.hello(this, input);
        if (!welcome) return;
        socket.emit('drained', welcome.drained);
        for (const message of welcome.handled) this.deliver(message);
      });
    });
    socket.on('message', (input: unknown, reply: unknown) => {
      const answer = (acknowledgement: Acknowledgement) => {
        if (typeof reply === 'function') (reply as (answer: unknown) => void)(acknowledgement);
      };
      const taken = this.#enqueue(
        async () => answer(await this.#exchange.message(this, input)),
        () => answer({ error: { code: 'unavailable' } }),
      );
      if (!taken) answer({ error: { code: 'rate-limited', retryAfterMs: RETRY_AFTER_MS } });
    });
    socket.onAny((event: unknown) => {
      if (typeof event !== 'string' || !EVENTS.has(event)) this.refuse('malformed');
    });
    for (const message of this.#early ?? []) socket.emit('message', message);
    this.#early = undefined;
  }

  deliver(message: Readonly<Record<string, unknown>>): void {
    if (this.#early) this.#early.push(message);
    else this.#socket.emit('message', message);
  }

  /** A newer connection, or another device, has taken its place: what it has still waiting is void. */
  replace(): void {
    this.#replaced = true;
    if (this.#socket.connected) this.#socket.disconnect(true);
    else this.#socket.conn.close();
  }

  /** @returns false when too much waits already */
  #enqueue(job: () => Promise<void>, failed: () => void = () => {}): boolean {
    if (this.#waiting >= MAX_WAITING) {
      this.refuse('too-many');
      return false;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      try {
        if (!this.#replaced) await job();
      } catch (error) {
        this.#logger.warn('a message could not be handled', { error: String(error) });
        failed();
      } finally {
        this.#waiting -= 1;
      }
    });
    return true;
  }
}
