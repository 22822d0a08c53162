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
import { keepAuthenticated } from '../auth/renewal.js';
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
  /** Undefined if the server has no push. */
  readonly push: PushRequests | undefined;
  /** Undefined if no TURN server is configured. */
  readonly turn: Turn | undefined;
  readonly rejections: Rejections;
  readonly logger: Logger;
}

/**
 * The error that a rejected client receives. It retries if the code is `unavailable`, and does not otherwise. With
 * `cause: 'token'`, it asks its page for a new token first.
 */
class ConnectionRejection extends Error {
  readonly data: {
    readonly code: 'refused' | 'unavailable';
    readonly cause?: 'token';
    readonly retryAfterMs?: number;
  };
  /** What to count the rejection as. Undefined if the server is at fault, not the client. */
  readonly rejectionCause: RejectionCause | undefined;
  constructor(
    message: string,
    rejectionCause?: RejectionCause,
    data: ConnectionRejection['data'] = { code: 'refused' },
  ) {
    super(message);
    this.rejectionCause = rejectionCause;
    this.data = data;
  }
}

/** The longest interval that `setInterval` of Node supports, in ms. */
const MAX_INTERVAL_MS = 2 ** 31 - 1;
const TOO_MANY = 'too-many-connections';

/** Byte counters of a connection. */
interface Traffic {
  readonly unsent: Unsent;
  readonly received: Received;
}
interface Admitted {
  readonly connection: Connection;
  /** Undoes the admission of the device. Calling it again has no effect. */
  readonly release: () => Promise<void>;
}

/** Admits connections of devices, and releases their resources when they close. */
export class Gateway {
  readonly #parts: GatewayDependencies;
  /** Devices connected to this node, by user and device. */
  readonly #admitted = new Map<string, Admitted>();
  /** Byte counters by connection of Engine.IO. */
  readonly #traffic = new WeakMap<object, Traffic>();
  /** Connections of Engine.IO that have sent a CONNECT packet. */
  readonly #connecting = new WeakSet<object>();

  constructor(parts: GatewayDependencies) {
    this.#parts = parts;
  }

  /** Number of devices and users connected to this node. */
  get connected(): { readonly devices: number; readonly users: number } {
    const users = new Set<string>();
    for (const { connection } of this.#admitted.values()) users.add(connection.sender.userID);
    return { devices: this.#admitted.size, users: users.size };
  }

  /** Disconnects all clients gracefully. @param withinMs time limit in ms */
  drain(withinMs: number): Promise<void> {
    const connections = [...this.#admitted.values()].map(({ connection }) => connection);
    return drain(connections, withinMs, nodeClock);
  }

  serve(io: SocketServer): void {
    const { logger, rejections, quotas } = this.#parts;
    const onUnread = () => rejections.count('unread');
    const onTooMany = () => rejections.count('too-many');
    const charge = (userID: string, bytes: number) => quotas.bytes(userID, bytes);
    const totals = new UnsentTotals();
    io.engine.on('connection', (connection: EngineConnection & ReceivingConnection) => {
      const unsent = new Unsent(connection, totals, onUnread);
      this.#traffic.set(connection, {
        unsent,
        received: new Received(connection, charge, onTooMany),
      });
    });
    io.use((socket, next) => {
      const { conn } = socket;
      const reject = rejections.forConnection(socket.id);
      // A connection authenticates one device, once. Socket.IO itself would accept several CONNECT packets.
      if (this.#connecting.has(conn)) {
        // Several packets may arrive at once: count them once.
        if (conn.readyState === 'open') reject('malformed');
        conn.close();
        next(new Error('This connection has already sent a CONNECT packet.'));
        return;
      }
      this.#connecting.add(conn);
      this.#waitForTurn(socket, () => this.#admit(socket, reject)).then(
        () => next(),
        (error: unknown) => {
          if (error instanceof ConnectionRejection) {
            if (error.rejectionCause) reject(error.rejectionCause);
            next(error);
          } else {
            logger.warn('admitting a connection failed', { error: String(error) });
            const data = { code: 'unavailable' } as const;
            next(
              new ConnectionRejection('The server cannot accept connections now.', undefined, data),
            );
          }
          // Socket.IO sends the error in the next tick; close after that.
          setImmediate(() => conn.close());
        },
      );
    });
    io.on('connection', (socket: Socket) => {
      const { connection } = socket.data as { connection: Connection };
      // Lets the device relate the server's timestamps to its own clock.
      socket.emit('time', nodeClock.now());
      this.#sendTurnCredentials(socket, connection.sender.userID);
      connection.start();
      logger.debug('connected', { userID: connection.sender.userID });
      socket.on('disconnect', (reason, description: unknown) => {
        if (isOversized(description)) connection.reject('oversized');
        else if (reason === 'parse error') connection.reject('malformed');
        // Otherwise the transport stays open, and the device counts as connected but receives nothing.
        else if (reason === 'client namespace disconnect') socket.conn.close();
        logger.debug('disconnected', { userID: connection.sender.userID, reason });
      });
    });
  }

  /** Runs `admit` when a slot is free. A client that disconnects meanwhile frees its slot immediately. */
  async #waitForTurn(socket: Socket, admit: () => Promise<void>): Promise<void> {
    const { conn } = socket;
    const { admissions } = this.#parts;
    const hasWaited = admissions.isFull;
    const leave = await admissions.enter(isReturning(socket.handshake.url));
    conn.once('close', leave);
    try {
      if (hasWaited && conn.readyState !== 'open')
        throw new ConnectionRejection('This connection has closed.');
      await admit();
    } finally {
      leave();
      conn.off('close', leave);
    }
  }

  /** Rejects with the error for the client. After it resolves, no message for the device is lost. */
  async #admit(socket: Socket, reject: (cause: RejectionCause) => void): Promise<void> {
    const { presence, bus, push, logger } = this.#parts;
    const handshake = this.#read(socket);
    forgetRequest(socket);
    const { sender, expiresAt } = await this.#identify(handshake);
    const { userID, deviceID } = sender;
    const key = keyOf(sender);
    // `io.engine` sets it for each connection.
    const { unsent, received } = this.#traffic.get(socket.conn) as Traffic;
    unsent.identify(userID);
    received.identify(userID);
    const connection = new Connection({ socket, sender, reject, unsent }, this.#parts);
    const stopRenewing = this.#keepAuthenticated(socket, handshake, expiresAt);
    let unsubscribe: (() => Promise<void>) | undefined;
    const release = async () => {
      stopRenewing();
      if (this.#admitted.get(key)?.connection === connection) this.#admitted.delete(key);
      const left = push?.leave(connection);
      await Promise.all([left, unsubscribe?.(), presence.disconnect(sender, socket.id)]);
    };
    const end = () => {
      release().catch((error: unknown) =>
        logger.warn('releasing a connection failed', { error: String(error) }),
      );
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
    // If the client disconnected meanwhile, the `close` event came too early to undo the last steps.
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
    const result = await this.#parts.authenticate({ userID, userName, token });
    if (!result.ok) {
      const { message, retry } = result;
      throw retry
        ? new ConnectionRejection(message, 'unproved', { code: 'unavailable', cause: 'token' })
        : new ConnectionRejection(message, 'unproved');
    }
    if (result.userID !== userID) {
      throw new ConnectionRejection(
        'The userID does not match the authenticated user.',
        'unproved',
      );
    }
    const retryAfterMs = await this.#parts.quotas.attempt(userID);
    if (retryAfterMs > 0) {
      const data = { code: 'unavailable', retryAfterMs } as const;
      throw new ConnectionRejection('This user connects too often.', TOO_MANY, data);
    }
    const name = displayName(result.userName) || userName || userID;
    return { sender: { userID, userName: name, deviceID }, expiresAt: result.expiresAt };
  }

  /** @returns a function that stops the renewal */
  #keepAuthenticated(
    socket: Socket,
    handshake: Handshake,
    expiresAt: number | undefined,
  ): () => void {
    const { userID, userName } = handshake;
    return keepAuthenticated(expiresAt, {
      userID,
      clock: nodeClock,
      ask: async (timeoutMs) => {
        const answer: unknown = await socket.timeout(timeoutMs).emitWithAck('renew');
        return typeof answer === 'string' ? answer : undefined;
      },
      check: (token) => this.#parts.authenticate({ userID, userName, token }),
      // To the client this looks like a lost connection: it reconnects, and asks its page for a new token.
      end: () => socket.conn.close(),
    });
  }

  /** Sends TURN credentials now and whenever half of their lifetime has passed. */
  #sendTurnCredentials(socket: Socket, userID: string): void {
    const { turn } = this.#parts;
    if (!turn) return;
    const sendCredentials = () => socket.emit('ice', turn.serversFor(userID));
    sendCredentials();
    const timer = setInterval(sendCredentials, Math.min(turn.ttlMs / 2, MAX_INTERVAL_MS));
    socket.once('disconnect', () => clearInterval(timer));
  }

  /** Rejects with `unavailable`, because a disconnected device may not have been noticed yet. */
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

/** The user ID is part of the key because two users may choose the same device ID. IDs contain no white space. */
const keyOf = ({ userID, deviceID }: DeviceKey): string => `${userID} ${deviceID}`;

const NOTHING = Object.freeze({});
const NO_REQUEST = { headers: NOTHING, rawHeaders: Object.freeze([]), url: '', _query: NOTHING };
const NO_HANDSHAKE = { headers: NOTHING, auth: NOTHING, query: NOTHING, url: '' };

/** Drops headers, query and token after they are read, so that a long connection does not hold them in memory. */
function forgetRequest(socket: Socket): void {
  // The request object itself stays, because it refers to the socket and is referenced in several places.
  Object.assign(socket.request, NO_REQUEST);
  Object.assign(socket.handshake, NO_HANDSHAKE);
}

/** The WebSocket library closes the connection on an oversized message. Its error is only available as text. */
function isOversized(description: unknown): boolean {
  return description instanceof Error && description.message.includes('Max payload size exceeded');
}
