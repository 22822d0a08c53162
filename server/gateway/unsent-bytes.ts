import { MAX_UNSENT_BYTES, SLOW_BYTES } from '../limits/limits.js';
import type { UnsentTotals } from './unsent-totals.js';

/** What is needed of Engine.IO's connection, and of the WebSocket beneath it. */
export interface EngineConnection {
  readonly transport: { readonly socket: { readonly bufferedAmount: number; terminate(): void } };
  on(event: 'packetCreate', handle: (packet: { readonly data?: string }) => void): unknown;
  on(event: 'flush' | 'close', handle: () => void): unknown;
}

/** What a waiting packet takes beside its text, roughly. */
const PACKET_BYTES = 256;

/** What one connection has still to send. A client that does not read may not have the server keep all of it. */
export class Unsent {
  readonly #connection: EngineConnection;
  readonly #totals: UnsentTotals;
  readonly #ended: () => void;
  /** Packets that the WebSocket does not have yet, in bytes. */
  #queued = 0;
  /** What was sent as an answer to a hello since the connection became full, in bytes. */
  #greeting = 0;
  #isGreeting = false;
  #isEnded = false;
  #userID: string | undefined;

  /**
   * @param totals what all connections have unsent
   * @param ended called once when the connection is ended for this
   */
  constructor(connection: EngineConnection, totals: UnsentTotals, ended: () => void) {
    this.#connection = connection;
    this.#totals = totals;
    this.#ended = ended;
    connection.on('packetCreate', ({ data = '' }) => this.#add(data.length + PACKET_BYTES));
    connection.on('flush', () => (this.#queued = 0));
    connection.on('close', () => totals.forget(this));
  }

  /** Whose it is: one user may not have much unsent on many connections. */
  identify(userID: string): void {
    this.#userID = userID;
  }

  get userID(): string | undefined {
    return this.#userID;
  }

  /** It has as much to send as it may have. */
  get isFull(): boolean {
    return this.bytes > MAX_UNSENT_BYTES;
  }

  /** What this sends, at once, may be longer than else: it is the answer to a hello. */
  greet(send: () => void): void {
    this.#isGreeting = true;
    send();
    this.#isGreeting = false;
  }

  /** Cuts the connection off: to say goodbye, it would have to send all the rest. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#ended();
    this.#connection.transport.socket.terminate();
  }

  /** What it has still to send. */
  get bytes(): number {
    if (this.#isEnded) return 0;
    return this.#queued + this.#connection.transport.socket.bufferedAmount;
  }

  #add(bytes: number): void {
    const unsent = this.bytes;
    if (unsent <= MAX_UNSENT_BYTES) this.#greeting = 0;
    if (this.#isGreeting) this.#greeting += bytes;
    else if (unsent > MAX_UNSENT_BYTES + this.#greeting) this.end();
    this.#queued += bytes;
    if (unsent + bytes > SLOW_BYTES) this.#totals.check(this);
  }
}
