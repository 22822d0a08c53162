import type { Clock } from '../../ports/clock.js';
import type { Verification, VerificationFailure } from '../../ports/media.js';
import { EMOJI } from './emoji.js';
import { VerificationExchange } from './exchange.js';
import type { ExchangeResult, VerificationCrypto } from './exchange.js';
import { FingerprintPin } from './fingerprint.js';

/** How long the other side may take to answer, in ms, until it counts as unable to. A later answer still counts. */
const ANSWER_WAIT_MS = 10_000;

export const PENDING: Verification = { state: 'pending', emoji: [] };
export const UNAVAILABLE: Verification = { state: 'unavailable', emoji: [] };
export const FAILED: Verification = { state: 'failed', emoji: [] };

/** What the verification of a link needs to know of the call. */
export interface VerificationContext {
  readonly callID: string;
  /** The user of this device, and the one at the other end. */
  readonly self: string;
  readonly user: string;
  /** The fingerprint of the other device, if an earlier link to it was verified. It keeps its certificate for the call. */
  readonly known: string | undefined;
  /** Undefined if this device can't take part. */
  readonly crypto: VerificationCrypto | undefined;
  readonly onChange: () => void;
}

export interface LinkVerificationOptions extends VerificationContext {
  readonly isOfferer: boolean;
  readonly clock: Pick<Clock, 'after'>;
  /** Sends a message over the data channel of the link, now or when it opens. */
  readonly post: (message: Readonly<Record<string, unknown>>) => void;
  /** The link must be closed: somebody may be intercepting it. Called at most once. */
  readonly onFailure: (why: VerificationFailure) => void;
}

/**
 * The verification of one link. It checks that all descriptions have the same fingerprints, and derives the emoji by an
 * exchange over the data channel.
 */
export class LinkVerification {
  readonly #options: LinkVerificationOptions;
  readonly #pins: { readonly local: FingerprintPin; readonly remote: FingerprintPin };
  #value: Verification = PENDING;
  #exchange: VerificationExchange | undefined;
  #stopTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: LinkVerificationOptions) {
    this.#options = options;
    this.#pins = { local: new FingerprintPin(), remote: new FingerprintPin(options.known) };
  }

  get value(): Verification {
    return this.#value;
  }

  /** The fingerprint of the other device, once the exchange is complete. */
  get provenFingerprint(): string | undefined {
    return this.#value.state === 'ready' ? this.#pins.remote.fingerprint : undefined;
  }

  /**
   * Checks a description of one side.
   * @returns whether it may be used. If not, the link has been closed
   */
  check(side: 'local' | 'remote', sdp: string): boolean {
    if (this.#isClosed) return false;
    if (this.#pins[side].accept(sdp)) return true;
    this.#fail('fingerprint');
    return false;
  }

  /** The link must be closed for a reason that was found elsewhere. */
  reject(why: VerificationFailure): void {
    if (!this.#isClosed) this.#fail(why);
  }

  /** To be called when the data channel is open. */
  open(): void {
    const { crypto, clock } = this.#options;
    if (this.#isClosed) return;
    if (!crypto) return this.#change(UNAVAILABLE);
    this.#begin(crypto);
    this.#stopTimer ??= clock.after(ANSWER_WAIT_MS, () => {
      if (this.#value === PENDING) this.#change(UNAVAILABLE);
    });
  }

  /** Handles a message of the other side. It may arrive before the channel is reported as open. */
  receive(message: Readonly<Record<string, unknown>>): void {
    const { crypto } = this.#options;
    if (this.#isClosed || !crypto) return;
    this.#begin(crypto)?.receive(message);
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
  }

  #begin(crypto: VerificationCrypto): VerificationExchange | undefined {
    if (this.#exchange) return this.#exchange;
    const { isOfferer, callID, self, user, post } = this.#options;
    const { local, remote } = this.#pins;
    if (local.fingerprint === undefined || remote.fingerprint === undefined) return undefined;
    const own = { userID: self, fingerprint: local.fingerprint };
    const other = { userID: user, fingerprint: remote.fingerprint };
    const [offerer, answerer] = isOfferer ? [own, other] : [other, own];
    return (this.#exchange = new VerificationExchange({
      ...{ isOfferer, crypto, identity: { callID, offerer, answerer } },
      send: (message) => {
        if (!this.#isClosed) post(message);
      },
      onResult: (result) => this.#onResult(result),
    }));
  }

  #onResult(result: ExchangeResult): void {
    if (this.#isClosed) return;
    if (result.type === 'failed') return this.#fail(result.why);
    this.#stopTimer?.();
    if (result.type === 'unsupported') return this.#change(UNAVAILABLE);
    const emoji = result.numbers.flatMap((number) => EMOJI[number] ?? []);
    this.#change({ state: 'ready', emoji });
  }

  #change(value: Verification): void {
    if (value === this.#value) return;
    this.#value = value;
    this.#options.onChange();
  }

  #fail(why: VerificationFailure): void {
    this.close();
    this.#value = FAILED;
    this.#options.onFailure(why);
  }
}
