import webPush from 'web-push';
import type { PushPayload, PushRegistration } from '../../src/core/protocol/push.js';
import type { Clock } from '../clock/clock.js';
import {
  MAX_PAYLOAD_BYTES,
  MAX_PUSHES,
  MAX_PUSHES_PER_USER,
  MAX_PUSHES_WAITING,
  MAX_PUSHES_WAITING_PER_USER,
  MAX_PUSH_RETRIES,
  PUSH_RETRY_MS,
  PUSH_TIMEOUT_MS,
} from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { NOT_PUBLIC, type EndpointPolicy } from './endpoint-policy.js';
import { post, readRetryAfter, type PushRequest } from './post.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { Bulkhead } from './bulkhead.js';
import type { Vapid } from './vapid.js';

export interface Push {
  /** Whose browser it goes to. */
  readonly userID: string;
  readonly subscription: Pick<PushRegistration, 'endpoint' | 'keys'>;
  /** Made when it goes out, with what is true at that time. */
  readonly payload: (now: number) => PushPayload;
  /** Until when it is of use, ms since the epoch. */
  readonly expiresAt: number;
  readonly urgency: 'normal' | 'high';
  /** A later push of the same topic takes the place of an undelivered one (RFC 8030): 32 characters of base64url. */
  readonly topic: string;
}

/** `sent`: its service has it. `gone`: its service does not know this browser any more. */
export type PushOutcome = 'sent' | 'gone' | 'failed' | 'expired' | 'canceled';

/** A push on its way. */
export interface PushDelivery {
  /** Never rejects. */
  readonly outcome: Promise<PushOutcome>;
  /** It is of no use any more: unless it is being sent just now, it is not. */
  cancel(): void;
}

interface PushSenderDependencies {
  /** As it is now. */
  readonly vapid: () => Vapid;
  readonly endpointPolicy: EndpointPolicy;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long a push service may take to answer, in ms. Default 10,000. */
  readonly timeoutMs?: number;
}

/** The error of a push whose service is left alone. */
const SILENT = 'ESILENT';
/** Errors after which another attempt would be no better. */
const FINAL: ReadonlySet<string | undefined> = new Set([undefined, NOT_PUBLIC, SILENT]);
/** Errors of a service that has not answered in time: of `AbortSignal.timeout`, and of the system. */
const TIMED_OUT: ReadonlySet<string> = new Set(['ABORT_ERR', 'ETIMEDOUT']);

/** Encrypts pushes (RFC 8291) and hands them to their services; tries again when these are busy. */
export class PushSender {
  readonly #parts: PushSenderDependencies;
  readonly #bulkhead = new Bulkhead(
    { most: MAX_PUSHES, mostWaiting: MAX_PUSHES_WAITING },
    { most: MAX_PUSHES_PER_USER, mostWaiting: MAX_PUSHES_WAITING_PER_USER },
  );
  readonly #circuitBreaker: CircuitBreaker;
  /** Of pushes that are not done. */
  readonly #pending = new Set<AbortController>();
  #closed = false;

  constructor(parts: PushSenderDependencies) {
    this.#parts = parts;
    this.#circuitBreaker = new CircuitBreaker(parts.clock);
  }

  send(push: Push): PushDelivery {
    const canceled = new AbortController();
    this.#pending.add(canceled);
    if (this.#closed) canceled.abort();
    const outcome = this.#deliver(push, canceled.signal)
      .catch((error: unknown): PushOutcome => {
        this.#warn(push, { error: (error as Error).message });
        return 'failed';
      })
      .finally(() => this.#pending.delete(canceled));
    return { outcome, cancel: () => canceled.abort() };
  }

  /** Gives up what is on its way, and what comes later. */
  close(): void {
    this.#closed = true;
    for (const pending of this.#pending) pending.abort();
    this.#parts.endpointPolicy.agent.destroy();
  }

  async #deliver(push: Push, signal: AbortSignal): Promise<PushOutcome> {
    const { clock } = this.#parts;
    for (let attempt = 0; ; attempt += 1) {
      const answer = await this.#bulkhead.run(push.userID, () => this.#attempt(push, signal));
      if (typeof answer === 'string') return answer;
      const { status = 0, retryAfter, error } = answer;
      if (status >= 200 && status < 300) return 'sent';
      if (status === 404 || status === 410) return 'gone';
      const isBusy = status === 429 || status >= 500 || !FINAL.has(error);
      const wait = readRetryAfter(retryAfter, clock.now()) ?? PUSH_RETRY_MS;
      const isLate = clock.now() + wait >= push.expiresAt;
      if (!isBusy || isLate || attempt === MAX_PUSH_RETRIES) {
        this.#warn(push, error === undefined ? { status } : { error });
        return 'failed';
      }
      await this.#pause(wait, signal);
    }
  }

  /** @returns what was answered, or why nothing was sent */
  async #attempt(
    push: Push,
    signal: AbortSignal,
  ): Promise<
    'canceled' | 'expired' | { status?: number; retryAfter?: string | undefined; error?: string }
  > {
    const { endpointPolicy, clock, timeoutMs = PUSH_TIMEOUT_MS } = this.#parts;
    if (signal.aborted) return 'canceled';
    if (clock.now() >= push.expiresAt) return 'expired';
    const host = hostOf(push);
    if (this.#circuitBreaker.isOpen(host)) return { error: SILENT };
    const details = this.#details(push);
    try {
      const answer = await post(details, endpointPolicy.agent, timeoutMs);
      this.#circuitBreaker.recordResponse(host);
      return answer;
    } catch (caught) {
      const error = (caught as NodeJS.ErrnoException).code ?? (caught as Error).name;
      if (TIMED_OUT.has(error)) this.#circuitBreaker.recordTimeout(host);
      return { error };
    }
  }

  #details({ subscription, payload, expiresAt, urgency, topic }: Push): PushRequest {
    const { vapid, endpointPolicy, clock } = this.#parts;
    const now = clock.now();
    const { endpoint, keys } = subscription;
    if (!endpointPolicy.allows(endpoint)) throw new Error('the endpoint is not allowed');
    const text = JSON.stringify(payload(now));
    if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES) throw new Error('the payload is too long');
    return webPush.generateRequestDetails({ endpoint, keys }, text, {
      vapidDetails: vapid(),
      TTL: Math.ceil((expiresAt - now) / 1_000),
      urgency,
      topic,
    });
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const stop = this.#parts.clock.after(ms, resolve);
      const end = () => {
        stop();
        resolve();
      };
      signal.addEventListener('abort', end, { once: true });
    });
  }

  /** Endpoints are secrets of their browsers, and payloads of their users: neither is logged. */
  #warn(push: Push, details: Readonly<Record<string, unknown>>): void {
    this.#parts.logger.warn('not pushed', { host: hostOf(push), ...details });
  }
}

/** With its port, if that is not the usual one: it may be another service than the one at the usual port. */
const hostOf = ({ subscription }: Push): string => new URL(subscription.endpoint).host;
