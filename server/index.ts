// The types below use types of Node. @types/node is a dependency of this package, so they resolve whatever `types` a tsconfig lists.
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
import { CallHistories } from './routing/call-histories.js';
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
  HISTORY_EXPIRE_INTERVAL_MS,
  PING_INTERVAL_MS,
  PING_TIMEOUT_MS,
  RESTART_WAIT_FACTOR,
  VANISH_AFTER_MS,
  type Limits,
} from './limits/limits.js';
import { createListener, endWithin, listen, urlOf } from './gateway/listener.js';
import { silentLogger, type Logger } from './observability/logger.js';
import { withoutBlocked } from './preferences/without-blocked.js';
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
  /** Checks the identity of each client that connects, for example `authenticateJwt(…)` or `authenticateDemo`. */
  readonly authenticate: Authenticate;
  /** An existing HTTP server to attach to. The call server then opens no port of its own. */
  readonly server?: HttpServer | HttpsServer | Http2SecureServer;
  /** TCP port to listen on. Ignored with `server`. Default: 8787; 0 selects any free port. */
  readonly port?: number;
  /** Address to listen on. Ignored with `server`. Default: `127.0.0.1`, which only this computer can reach. */
  readonly host?: string;
  /** Certificate chain and private key in PEM format. With them the server uses https and wss. Ignored with `server`. */
  readonly tls?: { readonly cert: string | Buffer; readonly key: string | Buffer };
  /** The path of the server's URL, as in `signaling` on a page. Default: `/`. */
  readonly path?: string;
  /**
   * Origins whose pages may connect (`['https://example.org']`), or `'*'` for all. Default: the host of the request. With
   * `authenticateDemo`, the default is loopback addresses, and the host of the request if it is an IP address or a local
   * name. Clients other than browsers send no `Origin` header and may always connect.
   */
  readonly origins?: Origins;
  /**
   * Decides which users may call which. A blocked caller can't tell this apart from a callee without connected devices.
   * Default: every user may call every user.
   */
  readonly mayCall?: MayCall;
  /** A TURN server (RFC 8656). Every device gets credentials for it when it connects. Default: none. */
  readonly turn?: TurnOptions;
  /** Limits that differ from `DEFAULT_LIMITS`. */
  readonly limits?: Partial<Limits>;
  /**
   * Number of trusted reverse proxies in front of the server, each of which appends the address of its client to
   * `X-Forwarded-For`. Default: 0, which ignores the header and uses the address of the connection.
   */
  readonly trustedProxies?: number;
  /** Creates the counters for limits of each user. Default: counters in Redis with `redis`, else in this process. */
  readonly createLimiter?: CreateLimiter;
  /** Receives log lines. Default: silent. */
  readonly logger?: Logger;
  /**
   * `redis://` or `rediss://` URL of Redis 7 or later. All servers with the same Redis form one system. Excludes
   * `dataDir`. Default: none.
   */
  readonly redis?: string;
  /**
   * How long a disconnected device may take to reconnect before the server reports it as lost, in ms. Without Redis, the
   * time is up to four times as long after the server has started, and while many devices reconnect. Default: 8,000.
   * Ignored with `presence`.
   */
  readonly vanishAfterMs?: number;
  /** How long a new connection may take to authenticate, in ms. Default: 5,000. */
  readonly connectTimeoutMs?: number;
  /**
   * A folder for the inbox, push subscriptions and the server's keys. Created if it is missing; only one server may use
   * it at a time. Default: none; everything is in memory and lost when the process ends.
   */
  readonly dataDir?: string;
  /** Web Push to browsers without an open page. Default: enabled, with generated VAPID keys; `false` disables it. */
  readonly push?: PushOptions | false;
  /**
   * Whether the server keeps the calls of each user for 30 days, at most 200. With `false`, it keeps none, and pages that are
   * connected to it keep none in the browser either. Default: `true`.
   */
  readonly history?: boolean;
  /** Replaces the inbox in memory, in the data folder or in Redis. */
  readonly inbox?: Inbox;
  /** Replaces the bus in memory or in Redis, over which nodes send each other messages. */
  readonly bus?: Bus;
  /** Replaces presence in memory or in Redis. */
  readonly presence?: Presence;
}

export interface CallServer {
  /** The URL that pages set as `signaling`; `''` when the server is attached to another one. */
  readonly url: string;
  /** Users with at least one connected device. */
  users(): Promise<readonly CallUser[]>;
  /** Number of rejected connections and messages by cause, since the start. */
  readonly refused: Readonly<Partial<Record<RejectionCause, number>>>;
  /** Metrics in the text format of Prometheus. */
  metrics(): Promise<string>;
  /**
   * Closes every connection, stops the timers, stops listening on a port of its own, then closes the data folder.
   * @param drainMs how long to spread the disconnection of clients over, in ms. The server accepts no new connections
   *   meanwhile. It disconnects clients one after the other, each when its messages are handled, so that they reconnect
   *   to another server. Default: 0, which disconnects all clients immediately.
   */
  close(drainMs?: number): Promise<void>;
}

/** The part of Engine.IO's `Socket` that this module uses. */
interface EngineSocket {
  readonly request: IncomingMessage;
  once(event: 'close', handle: () => void): unknown;
}

const DEFAULT_PORT = 8787;
const DEFAULT_HOST = '127.0.0.1';
const SWEEP_INTERVAL_MS = 1_000;

/**
 * Starts a signalling server.
 * @throws the error of `listen` (`EADDRINUSE`, `EACCES`, …) if the server opens a port of its own
 * @throws {DataError} if the data folder or Redis can't be used, or if both are set
 * @throws {TypeError} if the VAPID subject, the VAPID keys, or the URL or secret of the TURN server is invalid
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
    throw new DataError(
      'A server stores its data in Redis or in a data folder: set only one of them.',
    );
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
  const { preferences } = backend;
  const storedInbox = withoutBlocked(options.inbox ?? backend.inbox, preferences);
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
  const { history } = backend;
  const histories =
    options.history === false
      ? undefined
      : new CallHistories({ history, inbox: storedInbox, bus, stamp, vanishAfterMs });
  const pushParts = {
    ...{ ...backend, path, presence, inbox: storedInbox },
    ...{ bus, stamp, metrics, histories, logger },
  };
  const push =
    options.push === false ? undefined : createPush({ ...pushParts, options: options.push ?? {} });
  const inbox = push?.inbox ?? storedInbox;
  const quotas = new Quotas(options.limits, options.createLimiter ?? backend.createLimiter);
  const turn = options.turn && new Turn(options.turn);
  const contacts = new Contacts(options.mayCall);
  const routerParts = {
    ...{ presence, inbox, bus, stamp, contacts },
    ...{ quotas, metrics, logger, preferences },
  };
  const router = new MessageRouter({ ...routerParts, histories, returnWait });
  // Shared presence survives a restart of this node, so it needs no restoration from the inbox.
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
    // On a shared HTTP server, other upgrade requests belong to other handlers.
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
            if (returns) admissions.recordRejection();
          }
          allow(null, allowed);
        },
        () => allow(null, false),
      );
    },
  });
  io.engine.on('connection', (connection: EngineSocket) => {
    // Read these now, so that no closure holds the request for as long as the connection lasts.
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
    push: push?.requests,
    turn,
    rejections,
    logger,
  });
  gateway.serve(io);
  const sweep = setInterval(() => {
    router
      .sweep()
      .catch((error: unknown) =>
        logger.warn('the periodic sweep failed', { error: String(error) }),
      );
  }, SWEEP_INTERVAL_MS);

  const expiry = setInterval(() => {
    history
      .expire()
      .catch((error: unknown) =>
        logger.warn('removing expired call histories failed', { error: String(error) }),
      );
  }, HISTORY_EXPIRE_INTERVAL_MS);

  const stop = async (drainMs = 0) => {
    closed = true;
    const stopped = own?.listening && new Promise((resolve) => own.close(resolve));
    if (drainMs > 0) await gateway.drain(drainMs);
    clearInterval(sweep);
    clearInterval(expiry);
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
