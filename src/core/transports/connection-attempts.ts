import { oneOf } from '../protocol/one-of.js';
import type { Clock } from '../ports/clock.js';
import type { TransportEvent } from '../ports/signal-transport.js';

/** A token that the page has not given by then is not waited for any longer. One that comes later still counts. */
export const TOKEN_MS = 10_000;
/** A connection that the server has neither accepted nor refused by then has failed. */
export const DIAL_MS = 10_000;
/** The wait before the next attempt: doubled each time, with jitter, so that not all clients come back at once. */
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3_000;
/** The longest wait where the token was at fault: a new one is tried at once anyway. */
const LAST_TOKEN_RETRY_MS = 30_000;
/** At most one attempt within this time is started by the page: some pages set a new function at every render. */
const PROMPT_GAP_MS = 1_000;

/** Why there is no connection. */
export type AttemptFailure =
  /** May pass: it is tried again. */
  | { readonly type: 'failed'; readonly cause: 'network' }
  | { readonly type: 'failed'; readonly cause: 'token'; readonly fault: TokenFault }
  /** The server does not take this user: nothing is tried until the page prompts it. */
  | { readonly type: 'refused'; readonly message: string };

/** What is wrong with the page's token, for its developer. */
export interface TokenFault {
  readonly message: string;
  /** What the page's function has thrown. */
  readonly cause?: unknown;
}

export interface AttemptDependencies {
  readonly clock: Pick<Clock, 'now' | 'after'>;
  /** From 0 to 1, without 1. */
  readonly random: () => number;
  /** The page's; none where it has no token. */
  readonly token: (() => string | Promise<string>) | undefined;
  /** Starts to connect; the outcome is told by `connected` or `failed`. */
  readonly dial: (token: string | undefined) => void;
  /** Gives up what `dial` has started. */
  readonly abort: () => void;
  readonly emit: (event: TransportEvent) => void;
}

type Phase = 'idle' | 'asking' | 'dialing' | 'connected' | 'waiting' | 'refused' | 'closed';

const waitsForToken = oneOf<Phase>('asking', 'waiting', 'refused');

/**
 * Decides when a transport connects, and with which token: each attempt asks for the token, then dials, both within a
 * time limit. What may pass is tried again, with exponential backoff.
 */
export class ConnectionAttempts {
  readonly #parts: AttemptDependencies;
  #phase: Phase = 'idle';
  #failures = 0;
  /** `offline` was told, and no connection was made since; likewise for a fault of the token. */
  #isOffline = false;
  #reportedFault = false;
  /** Numbers the questions for a token: only the newest one may report a failure. */
  #tokenRequest = 0;
  /** Counts the tokens that the page has set, and which of them was dialled with. */
  #version = 0;
  #dialedVersion = 0;
  #promptedAt = -Infinity;
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

  /** The page has another token, or wishes an attempt now: it is made at once, unless there is a connection. */
  prompt(): void {
    this.#version++;
    if (this.#stopPrompt) return;
    const { clock } = this.#parts;
    const wait = this.#promptedAt + PROMPT_GAP_MS - clock.now();
    if (wait <= 0) return this.#prompted();
    this.#stopPrompt = clock.after(wait, () => this.#prompted());
  }

  /** There is a connection. */
  connected(): void {
    if (this.#phase !== 'dialing') return;
    this.#enter('connected');
    this.#failures = 0;
    this.#isOffline = this.#reportedFault = false;
    this.#parts.emit({ type: 'online' });
  }

  /** Dialling has failed, or the connection is lost. */
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
      this.#again(failure);
    }
  }

  /** Nothing more is tried, or told. */
  close(): void {
    this.#enter('closed');
    this.#stopPrompt?.();
  }

  #enter(phase: Phase, limitMs?: number, then: () => void = () => {}): void {
    this.#stopTimer();
    this.#stopTimer = limitMs === undefined ? () => {} : this.#parts.clock.after(limitMs, then);
    this.#phase = phase;
  }

  #prompted(): void {
    this.#stopPrompt = undefined;
    if (!waitsForToken(this.#phase)) return;
    this.#promptedAt = this.#parts.clock.now();
    if (this.#phase === 'refused') {
      this.#isOffline = this.#reportedFault = false;
      this.#parts.emit({ type: 'connecting' });
    }
    // What is asked already keeps its time limit.
    if (this.#phase === 'asking') void this.#ask();
    else this.#attempt();
  }

  #attempt(): void {
    this.#enter('asking', TOKEN_MS, () =>
      this.#noToken('The token function has not answered in time.'),
    );
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { token } = this.#parts;
    const question = ++this.#tokenRequest;
    const version = this.#version;
    try {
      const given: unknown = await token?.();
      if (token && typeof given !== 'string') {
        throw new TypeError('The token function has returned no string.');
      }
      // The answer to an earlier question is as good, as long as nothing better is under way.
      if (this.#phase === 'asking' || this.#phase === 'waiting') {
        this.#dial(given as string | undefined, version);
      }
    } catch (cause) {
      if (question === this.#tokenRequest && this.#phase === 'asking') {
        this.#noToken('The token function has failed.', cause);
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

  #noToken(message: string, cause?: unknown): void {
    this.#again({ type: 'failed', cause: 'token', fault: { message, cause } });
  }

  #again(failure: AttemptFailure & { readonly type: 'failed' }): void {
    const last = failure.cause === 'token' ? LAST_TOKEN_RETRY_MS : LAST_RETRY_MS;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** this.#failures++, last);
    const jitter = 0.75 + this.#parts.random() / 2;
    this.#enter('waiting', wait * jitter, () => this.#attempt());
    this.#emitOffline(failure);
  }

  /** Once for each time without a connection, and once more for the first fault of the token within it. */
  #emitOffline(failure: AttemptFailure & { readonly type: 'failed' }): void {
    const fault = failure.cause === 'token' && !this.#reportedFault ? failure.fault : undefined;
    if (this.#isOffline && !fault) return;
    this.#isOffline = true;
    this.#reportedFault ||= !!fault;
    this.#parts.emit({ type: 'offline', ...(fault && { fault }) });
  }
}
