import type { Server as SocketServer, Socket } from 'socket.io';
import type { Authenticate } from './auth.js';
import type { Bus } from './bus.js';
import { Connection } from './connection.js';
import type { Exchange } from './exchange.js';
import { displayName, readHandshake, type Handshake } from './handshake.js';
import type { Logger } from './logger.js';
import type { Presence } from './presence.js';
import type { PushQuestions } from './push/questions.js';
import type { Refusals } from './refusals.js';

interface Parts {
  readonly authenticate: Authenticate;
  readonly origins: readonly string[] | undefined;
  readonly presence: Presence;
  readonly bus: Bus;
  readonly exchange: Exchange;
  /** None: this server has no push. */
  readonly push: PushQuestions | undefined;
  readonly refusals: Refusals;
  readonly logger: Logger;
}

/** What a client is told that may not connect. With `unavailable` it tries again, else it does not. */
class Refusal extends Error {
  readonly data: { readonly code: 'refused' | 'unavailable' };
  constructor(message: string, code: 'refused' | 'unavailable' = 'refused') {
    super(message);
    this.data = { code };
  }
}

interface Admitted {
  readonly connection: Connection;
  /** Takes back what its admission did; once is enough. */
  readonly release: () => Promise<void>;
}

/** The door: lets connections in, and sees them out. */
export class Gateway {
  readonly #parts: Parts;
  /** By device; here, and not at other servers. */
  readonly #admitted = new Map<string, Admitted>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  serve(io: SocketServer): void {
    const { logger } = this.#parts;
    io.use((socket, next) => {
      this.#admit(socket).then(
        () => next(),
        (error: unknown) => {
          const known = error instanceof Refusal;
          if (!known) logger.warn('nobody can be admitted', { error: String(error) });
          next(known ? error : new Refusal('The server can not admit anybody now.', 'unavailable'));
        },
      );
    });
    io.on('connection', (socket: Socket) => {
      const { connection } = socket.data as { connection: Connection };
      connection.start();
      logger.info('connected', { userID: connection.sender.userID });
      socket.on('disconnect', (reason, description: unknown) => {
        if (isOversized(description)) connection.refuse('oversized');
        else if (reason === 'parse error') connection.refuse('malformed');
        logger.info('disconnected', { userID: connection.sender.userID, reason });
      });
    });
  }

  /** Rejects with what the client is told. Resolves when nothing that is sent to the device is missed any more. */
  async #admit(socket: Socket): Promise<void> {
    const { presence, bus, exchange, push, refusals, logger } = this.#parts;
    const handshake = this.#read(socket);
    const sender = await this.#identify(handshake);
    const { userID, deviceID } = sender;
    const connection = new Connection(socket, sender, {
      exchange,
      push,
      logger,
      refuse: refusals.forConnection(socket.id),
    });
    let unsubscribe: (() => Promise<void>) | undefined;
    const release = async () => {
      if (this.#admitted.get(deviceID)?.connection === connection) this.#admitted.delete(deviceID);
      const left = push?.leave(connection);
      await Promise.all([left, unsubscribe?.(), presence.disconnect(deviceID, socket.id)]);
    };
    const end = () => {
      release().catch((error: unknown) => logger.warn('not released', { error: String(error) }));
    };
    socket.conn.once('close', end);
    try {
      if (!(await presence.connect(sender, socket.id))) {
        throw new Refusal('This deviceID is in use by another user.');
      }
      this.#admitted.get(deviceID)?.connection.replace();
      this.#admitted.set(deviceID, { connection, release });
      unsubscribe = await bus.subscribe(
        userID,
        deviceID,
        (message) => connection.deliver(message),
        () => connection.replace(),
      );
      if (handshake.replaces !== undefined) await this.#replace(sender, handshake.replaces);
    } catch (error) {
      end();
      throw error;
    }
    socket.data = { connection };
    // It went while it was being admitted: what was done after that is undone.
    if (socket.conn.readyState !== 'open') end();
  }

  #read(socket: Socket): Handshake {
    const { origins } = this.#parts;
    const { origin } = socket.handshake.headers;
    if (origins && origin !== undefined && !origins.includes(origin)) {
      throw new Refusal('Pages of this origin may not connect.');
    }
    const handshake = readHandshake(socket.handshake.auth);
    if (typeof handshake === 'string') throw new Refusal(handshake);
    return handshake;
  }

  async #identify(handshake: Handshake): Promise<Connection['sender']> {
    const { userID, userName, token, deviceID } = handshake;
    const found = await this.#parts.authenticate({ userID, userName, token });
    if (!found.ok) throw new Refusal(found.message);
    if (found.userID !== userID) throw new Refusal('The userID is not the one that was proved.');
    return { userID, userName: displayName(found.userName) || userName || userID, deviceID };
  }

  async #replace(by: Connection['sender'], deviceID: string): Promise<void> {
    const older = this.#admitted.get(deviceID);
    if (older?.connection.sender.userID === by.userID) {
      older.connection.replace();
      await older.release();
    }
    await this.#parts.exchange.replaced(by, deviceID);
  }
}

/** The WebSocket library closes a connection whose message is too long; its own error comes only as text. */
function isOversized(description: unknown): boolean {
  return description instanceof Error && description.message.includes('Max payload size exceeded');
}
