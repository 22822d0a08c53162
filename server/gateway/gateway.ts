import type { Server as SocketServer, Socket } from 'socket.io';
import type { Admissions } from './admissions.js';
import type { Authenticate } from '../auth/auth.js';
import type { Bus } from '../routing/bus.js';
import { nodeClock } from '../clock/clock.js';
import { Connection } from './connection.js';
import { drain } from './drain.js';
import type { MessageRouter } from '../routing/message-router.js';
import { displayName, isReturning, readHandshake, type Handshake } from './handshake.js';
import type { Logger } from '../observability/logger.js';
import { mayConnect, type OriginPolicy } from './origins.js';
import type { DeviceKey, Presence } from '../presence/presence.js';
import type { PushRequests } from '../push/push-requests.js';
import type { Quotas } from '../limits/quotas.js';
import { Received, type ReceivingConnection } from './received-bytes.js';
import type { RejectionCause, Rejections } from '../observability/rejections.js';
import { keepProved } from '../auth/renewal.js';
import type { Turn } from '../auth/turn.js';
import { Unsent, type EngineConnection } from './unsent-bytes.js';
import { UnsentTotals } from './unsent-totals.js';

interface GatewayDependencies {
  readonly authenticate: Authenticate;
  readonly origins: OriginPolicy;
  readonly quotas: Quotas;
  readonly admissions: Pick<Admissions, 'enter' | 'isFull'>;
  readonly presence: Presence;
  readonly bus: Bus;
  readonly router: MessageRouter;
  /** None: this server has no push. */
  readonly push: PushRequests | undefined;
  /** None: peers find each other without a relay of this server's. */
  readonly turn: Turn | undefined;
  readonly rejections: Rejections;
  readonly logger: Logger;
}

/**
 * What a client is told that may not connect. With `unavailable` it tries again, else it does not; `cause: 'token'`
 * says that its page should give it another token.
 */
class ConnectionRejection extends Error {
  readonly data: {
    readonly code: 'refused' | 'unavailable';
    readonly cause?: 'token';
    readonly retryAfterMs?: number;
  };
  /** None: it is the server that can't. */
  readonly why: RejectionCause | undefined;
  constructor(
    message: string,
    why?: RejectionCause,
    data: ConnectionRejection['data'] = { code: 'refused' },
  ) {
    super(message);
    this.why = why;
    this.data = data;
  }
}

/** The longest that a timer of Node can take. */
const LONGEST_INTERVAL_MS = 2 ** 31 - 1;
const TOO_MANY = 'too-many-connections';

/** What is counted of a connection. */
interface Traffic {
  readonly unsent: Unsent;
  readonly received: Received;
}
interface Admitted {
  readonly connection: Connection;
  /** Takes back what its admission did; once is enough. */
  readonly release: () => Promise<void>;
}

/** The door: lets connections in, and sees them out. */
export class Gateway {
  readonly #parts: GatewayDependencies;
  /** By user and device; here, and not at other servers. */
  readonly #admitted = new Map<string, Admitted>();
  /** Of Engine.IO's connections. */
  readonly #traffic = new WeakMap<object, Traffic>();
  /** Those of them that have asked to be let in. */
  readonly #asked = new WeakSet<object>();

  constructor(parts: GatewayDependencies) {
    this.#parts = parts;
  }

  /** What is connected here. */
  get connected(): { readonly devices: number; readonly users: number } {
    const users = new Set<string>();
    for (const { connection } of this.#admitted.values()) users.add(connection.sender.userID);
    return { devices: this.#admitted.size, users: users.size };
  }

  /** Sends everybody away. @param withinMs resolves after that, whoever is left */
  drain(withinMs: number): Promise<void> {
    const connections = [...this.#admitted.values()].map(({ connection }) => connection);
    return drain(connections, withinMs, nodeClock);
  }

  serve(io: SocketServer): void {
    const { logger, rejections, quotas } = this.#parts;
    const notRead = () => rejections.count('unread');
    const tooMuch = () => rejections.count('too-many');
    const charge = (userID: string, bytes: number) => quotas.bytes(userID, bytes);
    const totals = new UnsentTotals();
    io.engine.on('connection', (connection: EngineConnection & ReceivingConnection) => {
      const unsent = new Unsent(connection, totals, notRead);
      this.#traffic.set(connection, {
        unsent,
        received: new Received(connection, charge, tooMuch),
      });
    });
    io.use((socket, next) => {
      const { conn } = socket;
      const refuse = rejections.forConnection(socket.id);
      // A connection is one device's, and proves once whose: Socket.IO would ask for each packet that wishes to connect.
      if (this.#asked.has(conn)) {
        // Several may have come at once.
        if (conn.readyState === 'open') refuse('malformed');
        conn.close();
        next(new Error('This connection has asked already.'));
        return;
      }
      this.#asked.add(conn);
      this.#inTurn(socket, () => this.#admit(socket, refuse)).then(
        () => next(),
        (error: unknown) => {
          if (error instanceof ConnectionRejection) {
            if (error.why) refuse(error.why);
            next(error);
          } else {
            logger.warn('nobody can be admitted', { error: String(error) });
            const data = { code: 'unavailable' } as const;
            next(new ConnectionRejection('The server can not admit anybody now.', undefined, data));
          }
          // Socket.IO says so in the next tick.
          setImmediate(() => conn.close());
        },
      );
    });
    io.on('connection', (socket: Socket) => {
      const { connection } = socket.data as { connection: Connection };
      // Relates the times that the server tells to the clock of the device.
      socket.emit('time', nodeClock.now());
      this.#handOutRelay(socket, connection.sender.userID);
      connection.start();
      logger.debug('connected', { userID: connection.sender.userID });
      socket.on('disconnect', (reason, description: unknown) => {
        if (isOversized(description)) connection.reject('oversized');
        else if (reason === 'parse error') connection.reject('malformed');
        // Its device would stay connected, and hear nothing.
        else if (reason === 'client namespace disconnect') socket.conn.close();
        logger.debug('disconnected', { userID: connection.sender.userID, reason });
      });
    });
  }

  /** The place of one that goes while it is being admitted is free at once. */
  async #inTurn(socket: Socket, admit: () => Promise<void>): Promise<void> {
    const { conn } = socket;
    const { admissions } = this.#parts;
    const hasWaited = admissions.isFull;
    const leave = await admissions.enter(isReturning(socket.handshake.url));
    conn.once('close', leave);
    try {
      if (hasWaited && conn.readyState !== 'open')
        throw new ConnectionRejection('This connection has gone.');
      await admit();
    } finally {
      leave();
      conn.off('close', leave);
    }
  }

  /** Rejects with what the client is told. Resolves when nothing that is sent to the device is missed any more. */
  async #admit(socket: Socket, reject: (cause: RejectionCause) => void): Promise<void> {
    const { presence, bus, push, logger } = this.#parts;
    const handshake = this.#read(socket);
    forgetRequest(socket);
    const { sender, expiresAt } = await this.#identify(handshake);
    const { userID, deviceID } = sender;
    const key = keyOf(sender);
    // Each has one since it was opened.
    const { unsent, received } = this.#traffic.get(socket.conn) as Traffic;
    unsent.identify(userID);
    received.identify(userID);
    const connection = new Connection({ socket, sender, reject, unsent }, this.#parts);
    const stopRenewing = this.#keepProved(socket, handshake, expiresAt);
    let unsubscribe: (() => Promise<void>) | undefined;
    const release = async () => {
      stopRenewing();
      if (this.#admitted.get(key)?.connection === connection) this.#admitted.delete(key);
      const left = push?.leave(connection);
      await Promise.all([left, unsubscribe?.(), presence.disconnect(sender, socket.id)]);
    };
    const end = () => {
      release().catch((error: unknown) => logger.warn('not released', { error: String(error) }));
    };
    socket.conn.once('close', end);
    try {
      await presence.connect(sender, socket.id);
      await this.#checkDevices(sender, handshake.replaces);
      this.#admitted.get(key)?.connection.replace();
      this.#admitted.set(key, { connection, release });
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
    if (!mayConnect(socket.handshake.headers, this.#parts.origins)) {
      throw new ConnectionRejection('Pages of this origin may not connect.', 'foreign-origin');
    }
    const handshake = readHandshake(socket.handshake.auth);
    if (typeof handshake === 'string') throw new ConnectionRejection(handshake, 'malformed');
    return handshake;
  }

  async #identify(handshake: Handshake) {
    const { userID, userName, token, deviceID } = handshake;
    const found = await this.#parts.authenticate({ userID, userName, token });
    if (!found.ok) {
      const { message, retry } = found;
      throw retry
        ? new ConnectionRejection(message, 'unproved', { code: 'unavailable', cause: 'token' })
        : new ConnectionRejection(message, 'unproved');
    }
    if (found.userID !== userID) {
      throw new ConnectionRejection('The userID is not the one that was proved.', 'unproved');
    }
    const retryAfterMs = await this.#parts.quotas.attempt(userID);
    if (retryAfterMs > 0) {
      const data = { code: 'unavailable', retryAfterMs } as const;
      throw new ConnectionRejection('This user connects too often.', TOO_MANY, data);
    }
    const name = displayName(found.userName) || userName || userID;
    return { sender: { userID, userName: name, deviceID }, expiresAt: found.expiresAt };
  }

  /** @returns a function that stops it */
  #keepProved(socket: Socket, handshake: Handshake, expiresAt: number | undefined): () => void {
    const { userID, userName } = handshake;
    return keepProved(expiresAt, {
      userID,
      clock: nodeClock,
      ask: async (timeoutMs) => {
        const answer: unknown = await socket.timeout(timeoutMs).emitWithAck('renew');
        return typeof answer === 'string' ? answer : undefined;
      },
      check: (token) => this.#parts.authenticate({ userID, userName, token }),
      // As a lost connection: the client comes back, asked for a new token.
      end: () => socket.conn.close(),
    });
  }

  /** New credentials come long before the old ones end. */
  #handOutRelay(socket: Socket, userID: string): void {
    const { turn } = this.#parts;
    if (!turn) return;
    const handOut = () => socket.emit('ice', turn.serversFor(userID));
    handOut();
    const timer = setInterval(handOut, Math.min(turn.ttlMs / 2, LONGEST_INTERVAL_MS));
    socket.once('disconnect', () => clearInterval(timer));
  }

  /** It passes when one of the others goes, which may be one that nobody knows yet to be gone. */
  async #checkDevices(
    { userID, deviceID }: Connection['sender'],
    replaces: string | undefined,
  ): Promise<void> {
    const { presence, quotas } = this.#parts;
    const others = (await presence.devicesOf(userID)).filter(
      (other) => other !== deviceID && other !== replaces,
    );
    if (others.length >= quotas.limits.devicesPerUser) {
      const message = 'This user has too many devices connected.';
      throw new ConnectionRejection(message, TOO_MANY, { code: 'unavailable' });
    }
  }

  async #replace(by: Connection['sender'], deviceID: string): Promise<void> {
    const older = this.#admitted.get(keyOf({ userID: by.userID, deviceID }));
    if (older) {
      older.connection.replace();
      await older.release();
    }
    await this.#parts.router.replaced(by, deviceID);
  }
}

/** Two users may have drawn the same device ID. Neither has white space in it. */
const keyOf = ({ userID, deviceID }: DeviceKey): string => `${userID} ${deviceID}`;

const NOTHING = Object.freeze({});
const NO_REQUEST = { headers: NOTHING, rawHeaders: Object.freeze([]), url: '', _query: NOTHING };
const NO_HANDSHAKE = { headers: NOTHING, auth: NOTHING, query: NOTHING, url: '' };

/** It is read: a connection that lasts for days does not hold its headers, and its first token, all that time. */
function forgetRequest(socket: Socket): void {
  // The request itself stays, empty: it is held in more places than one, and knows its socket.
  Object.assign(socket.request, NO_REQUEST);
  Object.assign(socket.handshake, NO_HANDSHAKE);
}

/** The WebSocket library closes a connection whose message is too long; its own error comes only as text. */
function isOversized(description: unknown): boolean {
  return description instanceof Error && description.message.includes('Max payload size exceeded');
}
