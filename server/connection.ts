import type { Acknowledgement, Sender } from '../src/core/protocol/messages.js';
import type { Exchange, Peer } from './exchange.js';
import { MAX_WAITING, RETRY_AFTER_MS } from './limits.js';
import type { Logger } from './logger.js';
import {
  PUSH_QUESTIONS,
  type Asker,
  type PushQuestion,
  type PushQuestions,
  type PushReply,
} from './push/questions.js';
import type { RefusalCause } from './refusals.js';
import type { Unsent } from './unsent.js';

const EVENTS = new Set<string>(['hello', 'message', ...PUSH_QUESTIONS]);

const UNAVAILABLE = { error: { code: 'unavailable' } } satisfies Acknowledgement;
const RATE_LIMITED = {
  error: { code: 'rate-limited', retryAfterMs: RETRY_AFTER_MS },
} satisfies Acknowledgement;
const UNSUPPORTED = { error: { code: 'unsupported' } } satisfies PushReply;

/** What a connection needs of its socket. */
export interface ConnectionSocket {
  readonly connected: boolean;
  readonly conn: { close(): unknown };
  emit(event: 'message' | 'drained', value: unknown): unknown;
  disconnect(close: true): unknown;
  on(event: 'hello', handle: (input: unknown) => void): unknown;
  on(event: 'message', handle: (input: unknown, reply: unknown) => void): unknown;
  on(event: PushQuestion, handle: (...given: unknown[]) => void): unknown;
  onAny(handle: (event: unknown) => void): unknown;
}

interface Parts {
  readonly exchange: Exchange;
  /** None: this server has no push. */
  readonly push?: Pick<PushQuestions, 'answer'> | undefined;
  readonly logger: Logger;
  readonly refuse: (cause: RefusalCause) => void;
  /** Takes note that it sends something. @returns how long it must wait instead, in ms; 0: it may */
  readonly allow?: ((event: 'hello' | 'message') => Promise<number>) | undefined;
  readonly unsent: Pick<Unsent, 'isFull' | 'greet' | 'end'>;
}

/** One device's connection: handles what it sends one by one, and delivers what comes for it. */
export class Connection implements Peer, Asker {
  readonly sender: Sender;
  readonly refuse: (cause: RefusalCause) => void;
  readonly #socket: ConnectionSocket;
  readonly #exchange: Exchange;
  readonly #push: Parts['push'];
  readonly #logger: Logger;
  readonly #allow: Parts['allow'];
  readonly #unsent: Parts['unsent'];
  /** What came before the client was told that it is connected. */
  #early: Readonly<Record<string, unknown>>[] | undefined = [];
  #replaced = false;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(socket: ConnectionSocket, sender: Sender, parts: Parts) {
    this.#socket = socket;
    this.sender = sender;
    this.#exchange = parts.exchange;
    this.#push = parts.push;
    this.#logger = parts.logger;
    this.#allow = parts.allow;
    this.#unsent = parts.unsent;
    this.refuse = parts.refuse;
  }

  /** The client knows that it is connected. */
  start(): void {
    const socket = this.#socket;
    socket.on('hello', (input: unknown) => {
      // Without an answer the page would stay deaf: its client comes back, and says hello again.
      const close = () => socket.conn.close();
      const answer = async () => {
        if ((await this.#isTooMuch('hello')) > 0) close();
        else await this.#greet(input);
      };
      if (!this.#enqueue(answer, close)) close();
    });
    socket.on('message', (input: unknown, reply: unknown) => {
      this.#ask(reply, () => this.#exchange.message(this, input), RATE_LIMITED);
    });
    for (const question of PUSH_QUESTIONS) {
      socket.on(question, (...given: unknown[]) => {
        // A question about nothing comes with its acknowledgement alone.
        const input = given.length > 1 ? given[0] : undefined;
        const answer = async () => (await this.#push?.answer(this, question, input)) ?? UNSUPPORTED;
        this.#ask(given.at(-1), answer, UNAVAILABLE);
      });
    }
    socket.onAny((event: unknown) => {
      if (typeof event !== 'string' || !EVENTS.has(event)) this.refuse('malformed');
    });
    for (const message of this.#early ?? []) socket.emit('message', message);
    this.#early = undefined;
  }

  deliver(message: Readonly<Record<string, unknown>>): void {
    if (!this.#early) this.#socket.emit('message', message);
    else if (this.#early.length < MAX_WAITING) this.#early.push(message);
    else this.#unsent.end();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** A newer connection, or another device, has taken its place: what it has still waiting is void. */
  replace(): void {
    this.#replaced = true;
    if (this.#socket.connected) this.#socket.disconnect(true);
    else this.#socket.conn.close();
  }

  /** Ends it as soon as what it has sent is handled, so that its client comes back, to another server. */
  async move(): Promise<void> {
    await this.#last;
    this.#socket.conn.close();
  }

  /** The answer may be long, and goes out at once. While an earlier one is not read there is no other. */
  async #greet(input: unknown): Promise<void> {
    const { sender, refuse } = this;
    if (this.#unsent.isFull) {
      this.#unsent.end();
      return;
    }
    const deliver: Peer['deliver'] = (message) => this.#unsent.greet(() => this.deliver(message));
    const welcome = await this.#exchange.hello({ sender, refuse, deliver }, input);
    if (!welcome) return;
    this.#unsent.greet(() => this.#socket.emit('drained', welcome.drained));
    for (const message of welcome.handled) deliver(message);
  }

  /**
   * Answers in turn by the client's acknowledgement function, if it gave one.
   * @param full the answer when too much waits already
   */
  #ask(reply: unknown, answer: () => Promise<unknown>, full: unknown): void {
    const say = (said: unknown) => {
      if (typeof reply === 'function') (reply as (answer: unknown) => void)(said);
    };
    const taken = this.#enqueue(
      async () => {
        const retryAfterMs = await this.#isTooMuch('message');
        const tooMuch = { error: { code: 'rate-limited', retryAfterMs } };
        say(retryAfterMs > 0 ? tooMuch : await answer());
      },
      () => say(UNAVAILABLE),
    );
    if (!taken) say(full);
  }

  /** @returns how long to wait instead, in ms; 0: it is not */
  async #isTooMuch(event: 'hello' | 'message'): Promise<number> {
    const retryAfterMs = (await this.#allow?.(event)) ?? 0;
    if (retryAfterMs > 0) this.refuse('too-many');
    return retryAfterMs;
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
