import { UNCHARGED_BYTES } from '../limits/limits.js';

/** What is needed of Engine.IO's connection, and of the WebSocket beneath it. */
export interface ReceivingConnection {
  readonly transport: { readonly socket: { terminate(): void } };
  on(event: 'packet', handle: (packet: { readonly data?: unknown }) => void): unknown;
}

/**
 * Counts what one connection receives, before it is parsed, whatever it is: to parse takes time that all others wait.
 * A user who sends more than the limit is disconnected, and so is who sends much before it has said who it is.
 */
export class Received {
  readonly #connection: ReceivingConnection;
  readonly #charge: (userID: string, bytes: number) => Promise<number>;
  readonly #ended: () => void;
  #userID: string | undefined;
  #uncharged = 0;
  #isEnded = false;

  /**
   * @param charge counts bytes of a user, and says how long to wait, in ms; 0: it was not too much
   * @param ended called once when the connection is ended for this
   */
  constructor(
    connection: ReceivingConnection,
    charge: (userID: string, bytes: number) => Promise<number>,
    ended: () => void,
  ) {
    this.#connection = connection;
    this.#charge = charge;
    this.#ended = ended;
    connection.on('packet', ({ data }) => {
      if (typeof data === 'string' || Buffer.isBuffer(data)) this.#add(data.length);
    });
  }

  /** Whoever it is has proved it: from now on that user is charged. */
  identify(userID: string): void {
    this.#userID = userID;
  }

  #add(bytes: number): void {
    this.#uncharged += bytes;
    if (this.#uncharged < UNCHARGED_BYTES) return;
    const charged = this.#uncharged;
    this.#uncharged = 0;
    if (this.#userID === undefined) this.#end();
    else {
      this.#charge(this.#userID, charged).then(
        (waitMs) => {
          if (waitMs > 0) this.#end();
        },
        // What can't be counted is let through.
        () => {},
      );
    }
  }

  /** Cuts the connection off: what it has sent already would be read before a goodbye was answered. */
  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#ended();
    this.#connection.transport.socket.terminate();
  }
}
