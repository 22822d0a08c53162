import {
  commitmentInput,
  emojiInput,
  emojiNumbers,
  fromHex,
  NONCE_BYTES,
  toHex,
  VERSION,
} from './transcript.js';
import type { LinkIdentity } from './transcript.js';

/** Random numbers and SHA-256. */
export interface VerificationCrypto {
  randomBytes(length: number): Uint8Array;
  sha256(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

export interface ExchangeOptions {
  readonly isOfferer: boolean;
  readonly identity: LinkIdentity;
  readonly crypto: VerificationCrypto;
  /** Sends a message to the other side. */
  readonly send: (message: Readonly<Record<string, unknown>>) => void;
  /** Called at most once. */
  readonly onResult: (result: ExchangeResult) => void;
}

export type ExchangeResult =
  /** The numbers of the emoji, 0 to 63. */
  | { readonly type: 'ready'; readonly numbers: readonly number[] }
  /** The other side uses another version of the exchange. */
  | { readonly type: 'unsupported' }
  /** `commitment`: the revealed nonce is not the committed one. `message`: a message is malformed or unexpected. */
  | { readonly type: 'failed'; readonly why: 'commitment' | 'message' };

/** The only message that is accepted next. */
interface Expected {
  readonly field: 'commitment' | 'nonce';
  /** Uses the 32 bytes of the field: a SHA-256 hash or a nonce. */
  readonly use: (value: Uint8Array) => Promise<void>;
}

/**
 * The exchange of one link, from which both sides derive the emoji. It has three messages:
 *
 * 1. the offerer sends a hash of its nonce (the commitment),
 * 2. the answerer sends its nonce,
 * 3. the offerer sends its nonce, and the answerer checks it against the commitment.
 *
 * So neither side knows the other nonce when it determines its own. docs/verification.md explains why this matters.
 */
export class VerificationExchange {
  readonly #options: ExchangeOptions;
  readonly #nonce: Uint8Array;
  /** Undefined when there is a result. */
  #expected: Expected | undefined;
  /** Messages are handled one after the other: hashes are computed asynchronously. */
  #handled: Promise<void>;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#nonce = options.crypto.randomBytes(NONCE_BYTES);
    this.#expected = options.isOfferer
      ? { field: 'nonce', use: (nonce) => this.#reveal(nonce) }
      : { field: 'commitment', use: (commitment) => this.#answer(commitment) };
    this.#handled = options.isOfferer ? this.#commit() : Promise.resolve();
  }

  /** Handles a message of the other side. Without effect after the result. */
  receive(message: Readonly<Record<string, unknown>>): void {
    this.#handled = this.#handled.then(() => this.#handle(message));
  }

  async #handle(message: Readonly<Record<string, unknown>>): Promise<void> {
    if (!this.#expected) return;
    if (message['version'] !== VERSION) return this.#finish({ type: 'unsupported' });
    const { field, use } = this.#expected;
    const fields = Object.keys(message).filter((name) => name !== 'version');
    const value = fromHex(message[field], NONCE_BYTES);
    if (!value || fields.length !== 1) return this.#finish({ type: 'failed', why: 'message' });
    await use(value);
  }

  /** The offerer's first message. */
  async #commit(): Promise<void> {
    const { identity } = this.#options;
    this.#send('commitment', await this.#hash(commitmentInput(identity, this.#nonce)));
  }

  /** The answerer's message. */
  async #answer(commitment: Uint8Array): Promise<void> {
    this.#expected = { field: 'nonce', use: (nonce) => this.#check(commitment, nonce) };
    this.#send('nonce', this.#nonce);
  }

  /** The offerer's second message. */
  async #reveal(nonce: Uint8Array): Promise<void> {
    this.#send('nonce', this.#nonce);
    await this.#complete(this.#nonce, nonce);
  }

  async #check(commitment: Uint8Array, nonce: Uint8Array): Promise<void> {
    const hash = await this.#hash(commitmentInput(this.#options.identity, nonce));
    if (toHex(hash) !== toHex(commitment)) {
      return this.#finish({ type: 'failed', why: 'commitment' });
    }
    await this.#complete(nonce, this.#nonce);
  }

  async #complete(offererNonce: Uint8Array, answererNonce: Uint8Array): Promise<void> {
    const hash = await this.#hash(emojiInput(this.#options.identity, offererNonce, answererNonce));
    this.#finish({ type: 'ready', numbers: emojiNumbers(hash) });
  }

  #finish(result: ExchangeResult): void {
    this.#expected = undefined;
    this.#options.onResult(result);
  }

  #hash(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
    return this.#options.crypto.sha256(bytes);
  }

  #send(field: Expected['field'], value: Uint8Array): void {
    this.#options.send({ version: VERSION, [field]: toHex(value) });
  }
}
