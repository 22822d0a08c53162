import webPush from 'web-push';
import type { PushPayload, PushRegistration } from '../../src/core/protocol/push.js';
import type { Clock } from '../clock/clock.js';
import {
  MAX_PUSHES,
  MAX_PUSHES_PER_USER,
  MAX_PUSHES_WAITING,
  MAX_PUSHES_WAITING_PER_USER,
  MAX_PUSH_RETRIES,
  PUSH_RETRY_MS,
  PUSH_TIMEOUT_MS,
} from '../limits/limits.js';
import type { Logger } from '../observability/logger.js';
import { serialisePayload } from './payloads.js';
import { NOT_PUBLIC, type EndpointPolicy } from './endpoint-policy.js';
import { post, readRetryAfter, type PushRequest } from './post.js';
import { CircuitBreaker } from './circuit-breaker.js';
import { Bulkhead } from './bulkhead.js';
import type { Vapid } from './vapid.js';

export interface Push {
  /** The user who gets the push. */
  readonly userID: string;
  readonly subscription: Pick<PushRegistration, 'endpoint' | 'keys'>;
  /** Creates the payload when the push is sent. @param now in ms since the epoch */
  readonly payload: (now: number) => PushPayload;
  /** When the push expires, in ms since the epoch. */
  readonly expiresAt: number;
  readonly urgency: 'normal' | 'high';
  /** A push replaces an undelivered one with the same topic (RFC 8030). 32 characters of base64url. */
  readonly topic: string;
}

/** `sent`: its service has accepted it. `gone`: the subscription has expired or was revoked. */
export type PushOutcome = 'sent' | 'gone' | 'failed' | 'expired' | 'canceled';

/** A push that is being delivered. */
export interface PushDelivery {
  /** The result. Never rejects. */
  readonly outcome: Promise<PushOutcome>;
  /** Cancels the push, unless it is being sent already. */
  cancel(): void;
}

interface PushSenderDependencies {
  /** Returns the current VAPID keys and subject. */
  readonly vapid: () => Vapid;
  readonly endpointPolicy: EndpointPolicy;
  readonly logger: Logger;
  readonly clock: Clock;
  /** How long a push service may take to answer, in ms. Default: 10,000. */
  readonly timeoutMs?: number;
}

/** Error code of a push that is not sent because the circuit breaker of its service is open. */
const CIRCUIT_OPEN = 'ECIRCUITOPEN';
/** Errors after which a retry would not help. */
const PERMANENT: ReadonlySet<string | undefined> = new Set([undefined, NOT_PUBLIC, CIRCUIT_OPEN]);
/** Error codes of a time-out: of `AbortSignal.timeout`, and of the operating system. */
const TIMED_OUT: ReadonlySet<string> = new Set(['ABORT_ERR', 'ETIMEDOUT']);

/** Encrypts pushes (RFC 8291) and sends them to their services. Retries if a service is overloaded. */
export class PushSender {
  readonly #parts: PushSenderDependencies;
  readonly #bulkhead = new Bulkhead(
    { maxRunning: MAX_PUSHES, maxWaiting: MAX_PUSHES_WAITING },
    { maxRunning: MAX_PUSHES_PER_USER, maxWaiting: MAX_PUSHES_WAITING_PER_USER },
  );
  readonly #circuitBreaker: CircuitBreaker;
  /** Controllers of unfinished pushes. */
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

  /** Cancels unfinished pushes, and rejects further ones. */
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
      const isBusy = status === 429 || status >= 500 || !PERMANENT.has(error);
      const wait = readRetryAfter(retryAfter, clock.now()) ?? PUSH_RETRY_MS;
      const isLate = clock.now() + wait >= push.expiresAt;
      if (!isBusy || isLate || attempt === MAX_PUSH_RETRIES) {
        this.#warn(push, error === undefined ? { status } : { error });
        return 'failed';
      }
      await this.#pause(wait, signal);
    }
  }

  /** @returns the response, or the reason why nothing was sent */
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
    if (this.#circuitBreaker.isOpen(host)) return { error: CIRCUIT_OPEN };
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
    if (!endpointPolicy.allows(endpoint))
      throw new Error('the endpoint policy does not allow this endpoint');
    return webPush.generateRequestDetails({ endpoint, keys }, serialisePayload(payload(now)), {
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

  /** Logs a failure without the endpoint, which is a secret of the browser, and without the payload. */
  #warn(push: Push, details: Readonly<Record<string, unknown>>): void {
    this.#parts.logger.warn('push failed', { host: hostOf(push), ...details });
  }
}

/** Host and port of the endpoint. Another port may be another service. */
const hostOf = ({ subscription }: Push): string => new URL(subscription.endpoint).host;
