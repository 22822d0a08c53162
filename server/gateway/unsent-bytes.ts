import { MAX_UNSENT_BYTES, SLOW_BYTES } from '../limits/limits.js';
import type { UnsentTotals } from './unsent-totals.js';

/** The part of Engine.IO's `Socket`, and of its WebSocket, that this module uses. */
export interface EngineConnection {
  readonly transport: { readonly socket: { readonly bufferedAmount: number; terminate(): void } };
  on(event: 'packetCreate', handle: (packet: { readonly data?: string }) => void): unknown;
  on(event: 'flush' | 'close', handle: () => void): unknown;
}

/** Approximate memory of a waiting packet in addition to its text, in bytes. */
const PACKET_BYTES = 256;

/** Counts the bytes that a connection has still to send, and terminates it if its client does not read them. */
export class Unsent {
  readonly #connection: EngineConnection;
  readonly #totals: UnsentTotals;
  readonly #onEnd: () => void;
  /** Bytes in packets that Engine.IO has not passed to the WebSocket yet. */
  #queued = 0;
  /** Bytes of the initial sync that were sent since the connection became full. */
  #initialSyncBytes = 0;
  #isSendingInitialSync = false;
  #isEnded = false;
  #userID: string | undefined;

  /**
   * @param totals counts the unsent bytes of all connections
   * @param onEnd called once when the connection is terminated for this reason
   */
  constructor(connection: EngineConnection, totals: UnsentTotals, onEnd: () => void) {
    this.#connection = connection;
    this.#totals = totals;
    this.#onEnd = onEnd;
    connection.on('packetCreate', ({ data = '' }) => this.#add(data.length + PACKET_BYTES));
    connection.on('flush', () => (this.#queued = 0));
    connection.on('close', () => totals.forget(this));
  }

  /** Sets the authenticated user. The unsent bytes of all connections of a user are limited together. */
  identify(userID: string): void {
    this.#userID = userID;
  }

  get userID(): string | undefined {
    return this.#userID;
  }

  /** Whether the unsent bytes exceed the limit. */
  get isFull(): boolean {
    return this.bytes > MAX_UNSENT_BYTES;
  }

  /** Bytes that `send` sends synchronously, as part of the initial sync, do not count towards the limit. */
  sendInitialSync(send: () => void): void {
    this.#isSendingInitialSync = true;
    send();
    this.#isSendingInitialSync = false;
  }

  /** Terminates the connection immediately: a close handshake would have to wait until all bytes are sent. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    this.#connection.transport.socket.terminate();
  }

  /** Number of unsent bytes. */
  get bytes(): number {
    if (this.#isEnded) return 0;
    return this.#queued + this.#connection.transport.socket.bufferedAmount;
  }

  #add(bytes: number): void {
    const unsent = this.bytes;
    if (unsent <= MAX_UNSENT_BYTES) this.#initialSyncBytes = 0;
    if (this.#isSendingInitialSync) this.#initialSyncBytes += bytes;
    else if (unsent > MAX_UNSENT_BYTES + this.#initialSyncBytes) this.end();
    this.#queued += bytes;
    if (unsent + bytes > SLOW_BYTES) this.#totals.check(this);
  }
}
