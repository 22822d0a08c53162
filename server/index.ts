// The types below name Node's: @types/node is installed with this package, whatever `types` a tsconfig lists.
/// <reference types="node" preserve="true" />
import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Http2SecureServer } from 'node:http2';
import { Server as SocketServer } from 'socket.io';
import { MAX_MESSAGE_BYTES } from '../src/core/protocol/limits.js';
import type { CallUser } from '../src/core/protocol/vocabulary.js';
import { addressOf } from './gateway/address.js';
import { Admissions } from './gateway/admissions.js';
import { authenticateDemo, type Authenticate } from './auth/auth.js';
import { createMemoryBus, type Bus } from './routing/bus.js';
import { Contacts, type MayCall } from './routing/contacts.js';
import type { Backend } from './backend/backend.js';
import { openLocalBackend } from './backend/local-backend.js';
import { DataError } from './storage/data-error.js';
import { MessageRouter } from './routing/message-router.js';
import { Gateway } from './gateway/gateway.js';
import { isReturning } from './gateway/handshake.js';
import { healthRequests } from './observability/health.js';
import type { Inbox } from './inbox/inbox.js';
import { intercept } from './gateway/intercept.js';
import {
  CONNECT_TIMEOUT_MS,
  DEFAULT_LIMITS,
  FRAME_BYTES,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  RESTART_WAIT_FACTOR,
  VANISH_AFTER_MS,
  type Limits,
} from './limits/limits.js';
import { createListener, endWithin, listen, urlOf } from './gateway/listener.js';
import { silentLogger, type Logger } from './observability/logger.js';
import { MemoryPresence } from './presence/memory-presence.js';
import { Metrics } from './observability/metrics.js';
import type { Origins } from './gateway/origins.js';
import type { Presence } from './presence/presence.js';
import { createPush, type PushOptions } from './push/push.js';
import { Quotas } from './limits/quotas.js';
import type { CreateLimiter } from './limits/rate-limiter.js';
import { openRedisBackend } from './backend/redis-backend.js';
import { Rejections, type RejectionCause } from './observability/rejections.js';
import { monotonicClock, ReturnWait } from './presence/return-wait.js';
import { createStamp } from './messages/stamp.js';
import { Turn, type TurnOptions } from './auth/turn.js';

export { authenticateDemo } from './auth/auth.js';
export { authenticateJwt, type JwtOptions } from './auth/jwt.js';
export type { Authenticate, Authentication, Credentials } from './auth/auth.js';
export type { MayCall } from './routing/contacts.js';
export type { Limits, Quota } from './limits/limits.js';
export type { Origins } from './gateway/origins.js';
export type { CreateLimiter, RateLimiter } from './limits/rate-limiter.js';
export type { Bus, Envelope as Parcel } from './routing/bus.js';
export type { Handled, Inbox, Invitation, Missed, Settled } from './inbox/inbox.js';

export { DataError } from './storage/data-error.js';
export { lineLogger, type Logger, type LogLevel } from './observability/logger.js';
export { MemoryInbox } from './inbox/memory-inbox.js';
export type {
  CallChange,
  CallKnowledge,
  CallMember,
  CallOrigin,
  DeviceInCall,
  MemberState,
} from './calls/call-knowledge.js';
export type { DeviceKey, Presence, DeviceStatus as Standing } from './presence/presence.js';
export type { PushOptions } from './push/push.js';
export type { VapidOptions } from './push/vapid.js';
export type { RejectionCause as RefusalCause } from './observability/rejections.js';
export type { Stamped } from './messages/stamp.js';
export type { TurnOptions } from './auth/turn.js';

export interface CallServerOptions {
  readonly authenticate: Authenticate;
  /** Mounts on this server, and listens to nothing itself. */
  readonly server?: HttpServer | HttpsServer | Http2SecureServer;
  /** Where to listen without `server`. Default 8787; 0 for any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`: this computer alone. */
  readonly host?: string;
  /** Certificate chain and private key, PEM: it speaks https and wss. Only without `server`. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** Where it is mounted: the path of the URL that pages name. Default `/`. */
  readonly path?: string;
  /**
   * Origins whose pages may connect (`https://example.org`), or `'*'`. Default: pages of the host that was asked; with
   * `authenticateDemo` pages of this computer (loopback), and of the host that was asked when that is an IP address or a
   * local name. Programs that are no pages name no origin, and may connect.
   */
  readonly origins?: Origins;
  /** Who may call whom. One who may not can't tell it from nobody being there. Default: everybody everybody. */
  readonly mayCall?: MayCall;
  /** A TURN server whose credentials are handed to each device. */
  readonly turn?: TurnOptions;
  /** What differs from the defaults. */
  readonly limits?: Partial<Limits>;
  /**
   * Proxies of one's own before the server: each adds its client to `X-Forwarded-For`. Default 0: the header is not
   * read, and the address of a client is the connection's.
   */
  readonly trustedProxies?: number;
  /** Counts what limits on users allow. Default: in Redis, where there is one, else in this process. */
  readonly createLimiter?: CreateLimiter;
  readonly logger?: Logger;
  /**
   * `redis://` or `rediss://`: all servers that name the same Redis (7 or later) are one system. It takes the place of
   * a data folder.
   */
  readonly redis?: string;
  /**
   * How long a vanished device may take to come back, in ms; four times as long after a start, and while many return.
   * Default 8,000. Of no use with a `presence`; with Redis, always so long.
   */
  readonly vanishAfterMs?: number;
  /** How long a connection may take to say who it is, in ms. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /**
   * A folder for the inbox, push subscriptions and the server's keys; made when it is missing, and used by one server
   * at a time. Without it they are in memory, and a restart forgets them.
   */
  readonly dataDir?: string;
  /** Web Push to browsers that have no page open. Default: on, with keys of its own; `false` for none. */
  readonly push?: PushOptions | false;
  /** In the place of the one in memory or in the data folder. */
  readonly inbox?: Inbox;
  readonly bus?: Bus;
  readonly presence?: Presence;
}

export interface CallServer {
  /** What pages name in `signaling`; `''` when it is mounted on another server. */
  readonly url: string;
  /** Users with a connected device. */
  users(): Promise<readonly CallUser[]>;
  /** How often something was refused, by cause. */
  readonly refused: Readonly<Partial<Record<RejectionCause, number>>>;
  /** For Prometheus, in its text format. */
  metrics(): Promise<string>;
  /**
   * Ends every connection, timer and, if it is its own, the listening; last of all it closes the data folder.
   * @param drainMs first it takes no more connections, and sends clients away one after the other when what they have
   *   sent is handled: they come back to another server. Done after that, in ms. Default: at once.
   */
  close(drainMs?: number): Promise<void>;
}

/** What is needed of Engine.IO's connection. */
interface EngineSocket {
  readonly request: IncomingMessage;
  once(event: 'close', handle: () => void): unknown;
}

const DEFAULT_PORT = 8787;
const DEFAULT_HOST = '127.0.0.1';
const SWEEP_INTERVAL_MS = 1_000;

/**
 * Starts a signalling server.
 * @throws the listening error (`EADDRINUSE`, `EACCES`, …) when it has a port of its own
 * @throws {DataError} when the data folder or Redis can't be used
 * @throws {TypeError} when the VAPID subject or keys, or the TURN server's address or secret are none
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { authenticateJwt, createCallServer } from 'ringkit-server';
 *
 * const http = createServer((request, response) => response.end('Hello.'));
 * const calls = await createCallServer({
 *   server: http,
 *   path: '/calls',
 *   authenticate: await authenticateJwt({ secret: process.env.CALL_SECRET ?? '' }),
 *   dataDir: '/var/lib/ringkit',
 * });
 * http.listen(8080);
 * process.once('SIGTERM', () => void calls.close());
 * ```
 */
export async function createCallServer(options: CallServerOptions): Promise<CallServer> {
  const { redis, dataDir, vanishAfterMs, logger = silentLogger } = options;
  if (redis !== undefined && dataDir !== undefined) {
    throw new DataError('A server keeps everything in Redis or in a data folder, not in both.');
  }
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const backend = await (redis === undefined
    ? openLocalBackend(dataDir, logger, limits)
    : openRedisBackend({ url: redis, logger, limits, vanishAfterMs }));
  try {
    return await startServer(options, backend);
  } catch (error) {
    await backend.close();
    throw error;
  }
}

async function startServer(options: CallServerOptions, backend: Backend): Promise<CallServer> {
  const logger = options.logger ?? silentLogger;
  const bus = options.bus ?? backend.bus ?? createMemoryBus();
  const kept = options.inbox ?? backend.inbox;
  const admissions = new Admissions(monotonicClock);
  const vanishAfterMs = options.vanishAfterMs ?? VANISH_AFTER_MS;
  const returnWait = new ReturnWait({
    vanishAfterMs,
    restartWaitMs: RESTART_WAIT_FACTOR * vanishAfterMs,
    isAdmitting: () => admissions.isBusy,
  });
  const presence = options.presence ?? backend.presence ?? new MemoryPresence(returnWait);
  const rejections = new Rejections(logger);
  const stamp = createStamp();
  const path = (options.path ?? '/').replace(/\/*$/, '');
  const metrics = new Metrics({ rejections, connected: () => gateway.connected, store: backend });
  const pushParts = { ...backend, path, presence, inbox: kept, bus, stamp, metrics, logger };
  const push =
    options.push === false ? undefined : createPush({ ...pushParts, options: options.push ?? {} });
  const inbox = push?.inbox ?? kept;
  const quotas = new Quotas(options.limits, options.createLimiter ?? backend.createLimiter);
  const turn = options.turn && new Turn(options.turn);
  const contacts = new Contacts(options.mayCall);
  const exchangeParts = { presence, inbox, bus, stamp, contacts, quotas, metrics, logger };
  const router = new MessageRouter({ ...exchangeParts, returnWait });
  // Presence that is shared outlives this server, and knows better.
  if (!backend.presence) await router.restore();

  const answer = healthRequests({
    isReady: () => !closed && backend.isReady?.() !== false,
    metrics: () => metrics.text(),
  });
  const connectTimeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const own = options.server ? undefined : createListener(options.tls, connectTimeoutMs, answer);
  const http = options.server ?? own;
  let closed = false;
  let closing: Promise<void> | undefined;
  const io = new SocketServer(http, {
    path: `${path}/socket.io/`,
    transports: ['websocket'],
    serveClient: false,
    // Other upgrades on a shared server are somebody else's.
    destroyUpgrade: own !== undefined,
    maxHttpBufferSize: MAX_MESSAGE_BYTES + FRAME_BYTES,
    connectTimeout: connectTimeoutMs,
    pingInterval: PING_INTERVAL_MS,
    pingTimeout: PING_TIMEOUT_MS,
    allowRequest: (request, allow) => {
      const address = addressOf(request, options.trustedProxies);
      const returns = isReturning(request.url);
      const isAllowed = closed ? Promise.resolve(false) : quotas.address(address, returns);
      isAllowed.then(
        (allowed) => {
          if (!closed && !allowed) {
            rejections.count('too-many-connections');
            if (returns) admissions.refused();
          }
          allow(null, allowed);
        },
        () => allow(null, false),
      );
    },
  });
  io.engine.on('connection', (connection: EngineSocket) => {
    // The request is not kept for as long as the connection lasts.
    const { socket } = connection.request;
    const address = addressOf(connection.request, options.trustedProxies);
    const leave = quotas.open(address);
    connection.once('close', () => {
      leave();
      endWithin(connectTimeoutMs, socket);
    });
  });
  if (push && http) {
    intercept(http, (request, response) => (closed ? false : push.handle(request, response)));
  }
  const gateway: Gateway = new Gateway({
    authenticate: options.authenticate,
    origins: options.origins ?? (options.authenticate === authenticateDemo ? 'local' : 'own-host'),
    quotas,
    admissions,
    presence,
    bus,
    router,
    push: push?.questions,
    turn,
    rejections,
    logger,
  });
  gateway.serve(io);
  const sweep = setInterval(() => {
    router.sweep().catch((error: unknown) => logger.warn('not swept', { error: String(error) }));
  }, SWEEP_INTERVAL_MS);

  const stop = async (drainMs = 0) => {
    closed = true;
    const stopped = own?.listening && new Promise((resolve) => own.close(resolve));
    if (drainMs > 0) await gateway.drain(drainMs);
    clearInterval(sweep);
    router.close();
    await presence.close();
    io.engine.close();
    push?.close();
    own?.closeAllConnections();
    await stopped;
  };
  try {
    if (own) await listen(own, options.port ?? DEFAULT_PORT, options.host ?? DEFAULT_HOST);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: own ? urlOf(own, options.path ?? '/') : '',
    users: () => presence.users(),
    get refused() {
      return rejections.counts;
    },
    metrics: () => metrics.text(),
    close: (drainMs) => (closing ??= stop(drainMs).finally(() => backend.close())),
  };
}
