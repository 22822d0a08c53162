import { oneOf } from '../protocol/one-of.js';
import type { Clock } from '../ports/clock.js';
import type { TransportEvent } from '../ports/signal-transport.js';

/** How long the page may take to provide a token, in ms. A token that arrives later is still used. */
export const TOKEN_MS = 10_000;
/** How long the server may take to accept or reject a connection, in ms; after that the attempt has failed. */
export const DIAL_MS = 10_000;
/**
 * Delay before the next attempt, in ms: doubles each time, with jitter, so that clients do not reconnect
 * simultaneously.
 */
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3_000;
/** Longest delay if the token was the cause, in ms. A new token is tried without this delay. */
const LAST_TOKEN_RETRY_MS = 30_000;
/**
 * The page, and changes of the network, start at most one attempt in this time, in ms: some pages set a new token
 * function at every render, and browsers report one change by several events.
 */
const PROMPT_GAP_MS = 1_000;

/** Why there is no connection. */
export type AttemptFailure =
  /** Temporary: the attempt is repeated. */
  | { readonly type: 'failed'; readonly cause: 'network' }
  | { readonly type: 'failed'; readonly cause: 'token'; readonly fault: TokenFault }
  /** The server rejects this user: no further attempt until the page calls `prompt`. */
  | { readonly type: 'refused'; readonly message: string };

/** A problem with the page's token, described for its developer. */
export interface TokenFault {
  readonly message: string;
  /** The error that the page's token function has thrown. */
  readonly cause?: unknown;
}

export interface AttemptDependencies {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** Returns a number from 0 (inclusive) to 1 (exclusive), as `Math.random`. */
  readonly random: () => number;
  /** The page's token function; undefined if it uses no token. */
  readonly token: (() => string | Promise<string>) | undefined;
  /** Starts to connect. The transport then calls `connected` or `failed`. */
  readonly dial: (token: string | undefined) => void;
  /** Aborts what `dial` has started. */
  readonly abort: () => void;
  readonly emit: (event: TransportEvent) => void;
}

type Phase =
  'idle' | 'requesting-token' | 'dialing' | 'connected' | 'waiting' | 'refused' | 'closed';

const waitsForToken = oneOf<Phase>('requesting-token', 'waiting', 'refused');

/**
 * Decides when a transport connects, and with which token. Each attempt requests the token, then connects, both within
 * a time limit. Temporary failures are retried with exponential backoff.
 */
export class ConnectionAttempts {
  readonly #parts: AttemptDependencies;
  #phase: Phase = 'idle';
  #failures = 0;
  /** `offline` was emitted, and there was no connection since; `#reportedFault`: it was emitted with a token fault. */
  #isOffline = false;
  #reportedFault = false;
  /** Number of the newest token request: only that one may report a failure. */
  #tokenRequest = 0;
  /** Number of tokens that the page has set, and the number of the token of the last attempt. */
  #version = 0;
  #dialedVersion = 0;
  #promptedAt = -Infinity;
  /** `renew` was called since the last attempt that the page, or a change of the network, has started. */
  #isRenewing = false;
  #stopTimer: () => void = () => {};
  #stopPrompt: (() => void) | undefined;

  constructor(parts: AttemptDependencies) {
    this.#parts = parts;
  }

  start(): void {
    if (this.#phase !== 'idle') return;
    this.#parts.emit({ type: 'connecting' });
    this.#attempt();
  }

  /** Starts an attempt without delay, unless connected: the page has another token, or has called `reconnect`. */
  prompt(): void {
    this.#version++;
    this.#schedulePrompt();
  }

  /**
   * Replaces the connection, or the attempt that is under way, without delay: the network of this device has changed,
   * so that both are dead. Does nothing after `refused`.
   */
  renew(): void {
    if (this.#phase === 'refused') return;
    this.#isRenewing = true;
    this.#schedulePrompt();
  }

  /** Starts an attempt without delay if the next one is being waited for. */
  hasten(): void {
    if (this.#phase === 'waiting') this.#schedulePrompt();
  }

  /** To be called when the connection is established. */
  connected(): void {
    if (this.#phase !== 'dialing') return;
    this.#enter('connected');
    // This connection is newer than the change.
    this.#isRenewing = false;
    this.#failures = 0;
    this.#isOffline = this.#reportedFault = false;
    this.#parts.emit({ type: 'online' });
  }

  /** To be called when an attempt has failed, or the connection is lost. */
  failed(failure: AttemptFailure): void {
    const isDialing = this.#phase === 'dialing';
    if (!isDialing && this.#phase !== 'connected') return;
    if (isDialing && this.#dialedVersion !== this.#version) {
      // The page has set another token meanwhile.
      if (failure.type === 'failed') this.#emitOffline(failure);
      this.#attempt();
    } else if (failure.type === 'refused') {
      this.#enter('refused');
      this.#parts.emit({ type: 'refused', message: failure.message });
    } else {
      this.#retryLater(failure);
    }
  }

  /** Stops all attempts and events. */
  close(): void {
    this.#enter('closed');
    this.#stopPrompt?.();
  }

  #enter(phase: Phase, limitMs?: number, then: () => void = () => {}): void {
    this.#stopTimer();
    this.#stopTimer = limitMs === undefined ? () => {} : this.#parts.clock.after(limitMs, then);
    this.#phase = phase;
  }

  #schedulePrompt(): void {
    if (this.#stopPrompt) return;
    const { clock } = this.#parts;
    const wait = this.#promptedAt + PROMPT_GAP_MS - clock.now();
    if (wait <= 0) return this.#prompted();
    this.#stopPrompt = clock.after(wait, () => this.#prompted());
  }

  #prompted(): void {
    this.#stopPrompt = undefined;
    const isRenewing = this.#isRenewing;
    this.#isRenewing = false;
    if (isRenewing && (this.#phase === 'connected' || this.#phase === 'dialing')) this.#drop();
    if (!waitsForToken(this.#phase)) return;
    this.#promptedAt = this.#parts.clock.now();
    if (this.#phase === 'refused') {
      this.#isOffline = this.#reportedFault = false;
      this.#parts.emit({ type: 'connecting' });
    }
    // A request that is pending keeps its time limit.
    if (this.#phase === 'requesting-token') void this.#requestToken();
    else this.#attempt();
  }

  /** Aborts the connection or the attempt. The next attempt must follow in the same task. */
  #drop(): void {
    const wasConnected = this.#phase === 'connected';
    // First, because `abort` may report the end of the connection, which is not a failure.
    this.#enter('waiting');
    this.#parts.abort();
    if (wasConnected) this.#parts.emit({ type: 'connecting' });
  }

  #attempt(): void {
    this.#enter('requesting-token', TOKEN_MS, () =>
      this.#tokenFailed('The token function has not settled within 10 seconds.'),
    );
    void this.#requestToken();
  }

  async #requestToken(): Promise<void> {
    const { token } = this.#parts;
    const request = ++this.#tokenRequest;
    const version = this.#version;
    try {
      const given: unknown = await token?.();
      if (token && typeof given !== 'string') {
        throw new TypeError('The token function did not return a string.');
      }
      // The token of an earlier request is used as well, unless an attempt with a newer one is under way.
      if (this.#phase === 'requesting-token' || this.#phase === 'waiting') {
        this.#dial(given as string | undefined, version);
      }
    } catch (cause) {
      if (request === this.#tokenRequest && this.#phase === 'requesting-token') {
        this.#tokenFailed('The token function has failed.', cause);
      }
    }
  }

  #dial(token: string | undefined, version: number): void {
    const { dial, abort } = this.#parts;
    this.#dialedVersion = version;
    this.#enter('dialing', DIAL_MS, () => {
      abort();
      this.failed({ type: 'failed', cause: 'network' });
    });
    dial(token);
  }

  #tokenFailed(message: string, cause?: unknown): void {
    this.#retryLater({ type: 'failed', cause: 'token', fault: { message, cause } });
  }

  #retryLater(failure: AttemptFailure & { readonly type: 'failed' }): void {
    const last = failure.cause === 'token' ? LAST_TOKEN_RETRY_MS : LAST_RETRY_MS;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, last);
    const jitter = 0.75 + this.#parts.random() / 2;
    this.#enter('waiting', wait * jitter, () => this.#attempt());
    this.#emitOffline(failure);
  }

  /** Emits `offline` once for each period without a connection, and once more for the first token fault in it. */
  #emitOffline(failure: AttemptFailure & { readonly type: 'failed' }): void {
    const fault = failure.cause === 'token' && !this.#reportedFault ? failure.fault : undefined;
    if (this.#isOffline && !fault) return;
    this.#isOffline = true;
    this.#reportedFault ||= !!fault;
    this.#parts.emit({ type: 'offline', ...(fault && { fault }) });
  }
}
