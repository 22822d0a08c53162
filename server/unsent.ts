import { MAX_UNSENT_BYTES } from './limits.js';

/** What is needed of Engine.IO's connection, and of the WebSocket beneath it. */
export interface EngineConnection {
  readonly transport: { readonly socket: { readonly bufferedAmount: number; terminate(): void } };
  on(event: 'packetCreate', handle: (packet: { readonly data?: string }) => void): unknown;
  on(event: 'flush', handle: () => void): unknown;
}

/** What a waiting packet takes beside its text, roughly. */
const PACKET_BYTES = 256;

/** What one connection has still to send. A client that does not read may not have the server keep all of it. */
export class Unsent {
  readonly #connection: EngineConnection;
  readonly #ended: () => void;
  /** Packets that the WebSocket does not have yet, in bytes. */
  #queued = 0;
  /** What was sent as an answer to a hello since the connection became full, in bytes. */
  #greeting = 0;
  #isGreeting = false;
  #isEnded = false;

  /** @param ended called once when the connection is ended for this */
  constructor(connection: EngineConnection, ended: () => void) {
    this.#connection = connection;
    this.#ended = ended;
    connection.on('packetCreate', ({ data = '' }) => this.#add(data.length + PACKET_BYTES));
    connection.on('flush', () => (this.#queued = 0));
  }

  /** It has as much to send as it may have. */
  get isFull(): boolean {
    return this.#bytes > MAX_UNSENT_BYTES;
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

  get #bytes(): number {
    return this.#queued + this.#connection.transport.socket.bufferedAmount;
  }

  #add(bytes: number): void {
    const unsent = this.#bytes;
    if (unsent <= MAX_UNSENT_BYTES) this.#greeting = 0;
    if (this.#isGreeting) this.#greeting += bytes;
    else if (unsent > MAX_UNSENT_BYTES + this.#greeting) this.end();
    this.#queued += bytes;
  }
}
