import { HISTORY_REQUEST } from '../../src/core/protocol/history.js';
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

/** The part of a Socket.IO socket that a connection uses. */
export interface ConnectionSocket {
  readonly connected: boolean;
  readonly conn: { close(): unknown };
  emit(event: 'message' | 'drained', value: unknown): unknown;
  disconnect(close: true): unknown;
  onAny(handle: (event: string, ...given: unknown[]) => void): unknown;
}

/** Dependencies of one connection. */
interface OwnDependencies {
  readonly socket: ConnectionSocket;
  readonly sender: Sender;
  readonly reject: (cause: RejectionCause) => void;
  readonly unsent: Pick<Unsent, 'isFull' | 'sendInitialSync' | 'end'>;
}
/** Dependencies that all connections share. */
interface SharedDependencies {
  readonly router: MessageRouter;
  /** Undefined if the server has no push. */
  readonly push?: Pick<PushRequests, 'answer'> | undefined;
  readonly quotas: Pick<Quotas, 'message'>;
  readonly logger: Logger;
}

/** The connection of one device: handles the client's messages one at a time, and delivers messages to the client. */
export class Connection implements Peer, PushClient {
  readonly sender: Sender;
  readonly reject: (cause: RejectionCause) => void;
  readonly #socket: ConnectionSocket;
  readonly #unsent: OwnDependencies['unsent'];
  readonly #services: SharedDependencies;
  /** Messages that arrived before the client was notified that it is connected; undefined after that. */
  #beforeStart: Readonly<Record<string, unknown>>[] | undefined = [];
  #replaced = false;
  #hellos = 0;
  #malformed = 0;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor({ socket, sender, reject, unsent }: OwnDependencies, services: SharedDependencies) {
    this.#socket = socket;
    this.sender = sender;
    this.reject = (cause) => {
      reject(cause);
      if (cause === 'malformed') this.#countMalformed();
    };
    this.#unsent = unsent;
    this.#services = services;
  }

  /** Starts handling and delivering messages. Called after the client has been notified that it is connected. */
  start(): void {
    this.#socket.onAny((event, ...given) => this.#onEvent(event, given));
    for (const message of this.#beforeStart ?? []) this.#socket.emit('message', message);
    this.#beforeStart = undefined;
  }

  deliver(message: Readonly<Record<string, unknown>>): void {
    if (!this.#beforeStart) this.#socket.emit('message', message);
    else if (this.#beforeStart.length < MAX_WAITING) this.#beforeStart.push(message);
    else this.#unsent.end();
  }

  get connected(): boolean {
    return this.#socket.connected;
  }

  /** Closes this connection because another connection or device replaces it. Waiting messages are discarded. */
  replace(): void {
    this.#replaced = true;
    if (this.#socket.connected) this.#socket.disconnect(true);
    else this.#socket.conn.close();
  }

  /** Closes the connection after the messages received so far are handled. The client reconnects, to another server. */
  async move(): Promise<void> {
    await this.#last;
    this.#socket.conn.close();
  }

  /** Closes the connection after `MAX_MALFORMED` malformed messages, because parsing them takes time as well. */
  #countMalformed(): void {
    this.#malformed += 1;
    if (this.#malformed > MAX_MALFORMED) this.#socket.conn.close();
  }

  #onEvent(event: string, given: readonly unknown[]): void {
    const { router, push } = this.#services;
    if (event === 'message') {
      const [input, reply] = given;
      this.#respond(reply, () => router.message(this, input), RATE_LIMITED);
    } else if (event === 'hello') this.#onHello(given[0]);
    else if (event === HISTORY_REQUEST) {
      const input = given.length > 1 ? given[0] : undefined;
      this.#respond(given.at(-1), () => router.history(this, input), UNAVAILABLE);
    } else if (isPushRequest(event)) {
      // A request without an argument has only the acknowledgement function.
      const input = given.length > 1 ? given[0] : undefined;
      const answer = async () => (await push?.answer(this, event, input)) ?? UNSUPPORTED;
      this.#respond(given.at(-1), answer, UNAVAILABLE);
    } else this.reject('malformed');
  }

  /** Answers a hello. On failure the connection is closed, so that the client reconnects and sends hello again. */
  #onHello(input: unknown): void {
    const close = () => this.#socket.conn.close();
    this.#hellos += 1;
    if (this.#hellos > MAX_HELLOS) {
      this.reject('too-many');
      close();
      return;
    }
    const answer = async () => {
      if ((await this.#countMessage()) > 0) close();
      else await this.#sendInitialSync(input);
    };
    if (!this.#enqueue(answer, close)) close();
  }

  /** Sends the initial sync, which may exceed the limit on unsent bytes. Closes if the client has not read an earlier one. */
  async #sendInitialSync(input: unknown): Promise<void> {
    const { sender, reject } = this;
    if (this.#unsent.isFull) {
      this.#unsent.end();
      return;
    }
    const deliver: Peer['deliver'] = (message) =>
      this.#unsent.sendInitialSync(() => this.deliver(message));
    const initialSync = await this.#services.router.hello({ sender, reject, deliver }, input);
    if (!initialSync) return;
    this.#unsent.sendInitialSync(() => this.#socket.emit('drained', initialSync.inboxReport));
    for (const message of initialSync.handledMissedCalls) deliver(message);
  }

  /**
   * Queues a request, and answers it through the client's acknowledgement function, if there is one.
   * @param full the answer if the queue is full
   */
  #respond(reply: unknown, answer: () => Promise<unknown>, full: unknown): void {
    const send = (response: unknown) => {
      if (typeof reply === 'function') (reply as (answer: unknown) => void)(response);
    };
    const isQueued = this.#enqueue(
      async () => {
        const retryAfterMs = await this.#countMessage();
        const rateLimited = { error: { code: 'rate-limited', retryAfterMs } };
        send(retryAfterMs > 0 ? rateLimited : await answer());
      },
      () => send(UNAVAILABLE),
    );
    if (!isQueued) send(full);
  }

  /** Counts a message against the rate limit. @returns how long the client must wait, in ms; 0 if within the limit */
  async #countMessage(): Promise<number> {
    const { userID, deviceID } = this.sender;
    const retryAfterMs = await this.#services.quotas.message(userID, deviceID);
    if (retryAfterMs > 0) this.reject('too-many');
    return retryAfterMs;
  }

  /** @returns false if the queue is full */
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
        this.#services.logger.warn('handling a message failed', { error: String(error) });
        failed();
      } finally {
        this.#waiting -= 1;
      }
    });
    return true;
  }
}
