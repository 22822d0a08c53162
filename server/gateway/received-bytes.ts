import { UNCHARGED_BYTES } from '../limits/limits.js';

/** The part of Engine.IO's `Socket`, and of its WebSocket, that this module uses. */
export interface ReceivingConnection {
  readonly transport: { readonly socket: { terminate(): void } };
  on(event: 'packet', handle: (packet: { readonly data?: unknown }) => void): unknown;
}

/**
 * Counts the bytes that a connection receives, before they are parsed, because parsing blocks all other clients.
 * Terminates the connection of a user who exceeds the limit, and one that sends much before it is authenticated.
 */
export class Received {
  readonly #connection: ReceivingConnection;
  readonly #charge: (userID: string, bytes: number) => Promise<number>;
  readonly #onEnd: () => void;
  #userID: string | undefined;
  #uncharged = 0;
  #isEnded = false;

  /**
   * @param charge counts bytes of a user; resolves to how long the user must wait, in ms, or 0 if within the limit
   * @param onEnd called once when the connection is terminated for this reason
   */
  constructor(
    connection: ReceivingConnection,
    charge: (userID: string, bytes: number) => Promise<number>,
    onEnd: () => void,
  ) {
    this.#connection = connection;
    this.#charge = charge;
    this.#onEnd = onEnd;
    connection.on('packet', ({ data }) => {
      if (typeof data === 'string' || Buffer.isBuffer(data)) this.#add(data.length);
    });
  }

  /** Sets the authenticated user, to whom the bytes are charged from now on. */
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
        // If the limiter is unavailable, let the bytes through.
        () => {},
      );
    }
  }

  /** Terminates the connection immediately: with a close handshake, the data already sent would still be read. */
  #end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#onEnd();
    this.#connection.transport.socket.terminate();
  }
}
