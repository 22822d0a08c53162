import type { Acknowledgement, Sender } from '../../src/core/protocol/messages.js';
import type { MessageRouter, Peer } from '../routing/message-router.js';
import { MAX_HELLOS, MAX_MALFORMED, MAX_WAITING, RETRY_AFTER_MS } from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import {
  isPushRequest,
  type PushClient,
  type PushRequests,
  type PushResponse,
} from '../push/push-requests.js';
import type { Quotas } from '../limits/quotas.js';
import type { RejectionCause } from '../observability/rejections.js';
import type { Unsent } from './unsent-bytes.js';

const UNAVAILABLE = { error: { code: 'unavailable' } } satisfies Acknowledgement;
const RATE_LIMITED = {
  error: { code: 'rate-limited', retryAfterMs: RETRY_AFTER_MS },
} satisfies Acknowledgement;
const UNSUPPORTED = { error: { code: 'unsupported' } } satisfies PushResponse;

/** What a connection needs of its socket. */
export interface ConnectionSocket {
  readonly connected: boolean;
  readonly conn: { close(): unknown };
  emit(event: 'message' | 'drained', value: unknown): unknown;
  disconnect(close: true): unknown;
  onAny(handle: (event: string, ...given: unknown[]) => void): unknown;
}

/** What is one connection's own. */
interface Own {
  readonly socket: ConnectionSocket;
  readonly sender: Sender;
  readonly reject: (cause: RejectionCause) => void;
  readonly unsent: Pick<Unsent, 'isFull' | 'greet' | 'end'>;
}
/** What all connections have in common. */
interface Services {
  readonly router: MessageRouter;
  /** None: this server has no push. */
  readonly push?: Pick<PushRequests, 'answer'> | undefined;
  readonly quotas: Pick<Quotas, 'message'>;
  readonly logger: Logger;
}

/** One device's connection: handles what it sends one by one, and delivers what comes for it. */
export class Connection implements Peer, PushClient {
  readonly sender: Sender;
  readonly reject: (cause: RejectionCause) => void;
  readonly #socket: ConnectionSocket;
  readonly #unsent: Own['unsent'];
  readonly #services: Services;
  /** What came before the client was told that it is connected. */
  #early: Readonly<Record<string, unknown>>[] | undefined = [];
  #replaced = false;
  #hellos = 0;
  #malformed = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor({ socket, sender, reject, unsent }: Own, services: Services) {
    this.#socket = socket;
    this.sender = sender;
    this.reject = (cause) => {
      reject(cause);
      if (cause === 'malformed') this.#countMalformed();
    };
    this.#unsent = unsent;
    this.#services = services;
  }

  /** The client knows that it is connected. */
  start(): void {
    this.#socket.onAny((event, ...given) => this.#take(event, given));
    for (const message of this.#early ?? []) this.#socket.emit('message', message);
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

  /** To read what nobody can use takes time, too. */
  #countMalformed(): void {
    this.#malformed += 1;
    if (this.#malformed > MAX_MALFORMED) this.#socket.conn.close();
  }

  #take(event: string, given: readonly unknown[]): void {
    const { router, push } = this.#services;
    if (event === 'message') {
      const [input, reply] = given;
      this.#ask(reply, () => router.message(this, input), RATE_LIMITED);
    } else if (event === 'hello') this.#hello(given[0]);
    else if (isPushRequest(event)) {
      // A question about nothing comes with its acknowledgement alone.
      const input = given.length > 1 ? given[0] : undefined;
      const answer = async () => (await push?.answer(this, event, input)) ?? UNSUPPORTED;
      this.#ask(given.at(-1), answer, UNAVAILABLE);
    } else this.reject('malformed');
  }

  /** Without an answer the page would stay deaf: its connection ends, and its client comes back and says hello again. */
  #hello(input: unknown): void {
    const close = () => this.#socket.conn.close();
    this.#hellos += 1;
    if (this.#hellos > MAX_HELLOS) {
      this.reject('too-many');
      close();
      return;
    }
    const answer = async () => {
      if ((await this.#isTooMuch()) > 0) close();
      else await this.#sendInitialSync(input);
    };
    if (!this.#enqueue(answer, close)) close();
  }

  /** The answer may be long, and goes out at once. While an earlier one is not read there is no other. */
  async #sendInitialSync(input: unknown): Promise<void> {
    const { sender, reject } = this;
    if (this.#unsent.isFull) {
      this.#unsent.end();
      return;
    }
    const deliver: Peer['deliver'] = (message) => this.#unsent.greet(() => this.deliver(message));
    const welcome = await this.#services.router.hello({ sender, reject, deliver }, input);
    if (!welcome) return;
    this.#unsent.greet(() => this.#socket.emit('drained', welcome.inboxReport));
    for (const message of welcome.handledMissedCalls) deliver(message);
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
        const retryAfterMs = await this.#isTooMuch();
        const tooMuch = { error: { code: 'rate-limited', retryAfterMs } };
        say(retryAfterMs > 0 ? tooMuch : await answer());
      },
      () => say(UNAVAILABLE),
    );
    if (!taken) say(full);
  }

  /** @returns how long to wait instead, in ms; 0: it is not */
  async #isTooMuch(): Promise<number> {
    const { userID, deviceID } = this.sender;
    const retryAfterMs = await this.#services.quotas.message(userID, deviceID);
    if (retryAfterMs > 0) this.reject('too-many');
    return retryAfterMs;
  }

  /** @returns false when too much waits already */
  #enqueue(job: () => Promise<void>, failed: () => void = () => {}): boolean {
    if (this.#waiting >= MAX_WAITING) {
      this.reject('too-many');
      return false;
    }
    this.#waiting += 1;
    this.#last = this.#last.then(async () => {
      try {
        if (!this.#replaced && this.#malformed <= MAX_MALFORMED) await job();
      } catch (error) {
        this.#services.logger.warn('a message could not be handled', { error: String(error) });
        failed();
      } finally {
        this.#waiting -= 1;
      }
    });
    return true;
  }
}
