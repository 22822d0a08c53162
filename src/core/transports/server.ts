import { io } from 'socket.io-client';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../ports/signal-transport.js';
import { parseAcknowledgement, type Hello, type Message } from '../protocol/messages.js';
import { fitsWire } from '../protocol/limits.js';
import { systemClock } from '../clock/system-clock.js';
import { ConnectionAttempts, type AttemptFailure } from './connection-attempts.js';

/** A message that is not acknowledged within this time counts as lost, in ms. */
const ACKNOWLEDGE_MS = 8_000;
/** An attempt that has not reached the server within this time has failed, in ms. */
const CONNECT_MS = 5_000;

/** How long the server may take to show that the connection works, in ms. */
const CHECK_MS = 2_000;

const LOST: SendOutcome = { type: 'lost' };
const NOT_CONNECTED = { error: { code: 'not-connected' } };

/**
 * Creates a transport that connects to a ringkit server, in a page or in Node.
 *
 * @param url the server's URL: http(s) or ws(s), absolute or relative to the page. If it has a path, the server must be
 *   mounted at that path.
 * @throws {TypeError} if it is no such URL
 *
 * @example
 * ```ts
 * import { createServerTransport } from 'ringkit/transports/server';
 *
 * const provider = document.querySelector('call-invitation-provider')!;
 * provider.transport = createServerTransport('wss://example.org/calls');
 * ```
 */
export function createServerTransport(url: string | URL): SignalTransport {
  const server = resolve(url);
  let connection: ReturnType<typeof connect> | undefined;
  return {
    open(identity, handle) {
      connection?.close();
      connection = connect(server, identity, handle);
    },
    hello: (hello) => connection?.hello(hello),
    send: async (message) => connection?.send(message) ?? LOST,
    ask: async (question, value) => connection?.ask(question, value) ?? NOT_CONNECTED,
    iceServers: () => connection?.iceServers() ?? [],
    serverTime: () => connection?.serverTime(),
    reconnect: () => connection?.reconnect(),
    networkChanged: async (isCertain) => (await connection?.networkChanged(isCertain)) ?? false,
    close() {
      connection?.close();
      connection = undefined;
    },
  };
}

function resolve(url: string | URL): URL {
  const base = typeof location === 'undefined' ? undefined : location.href;
  if (!URL.canParse(url, base)) throw new TypeError(`"${url}" is not the address of a server.`);
  const resolved = new URL(url, base);
  if (!/^(http|ws)s?:$/.test(resolved.protocol)) {
    throw new TypeError(`A server's address starts with http, https, ws or wss: "${url}".`);
  }
  return resolved;
}

/** The error with which the server rejects a connection. */
type ConnectError = Error & {
  readonly data?: { readonly code?: unknown; readonly cause?: unknown };
};

function failureOf({ message, data }: ConnectError): AttemptFailure {
  if (data?.code !== 'unavailable') return { type: 'refused', message };
  return data.cause === 'token'
    ? { type: 'failed', cause: 'token', fault: { message } }
    : { type: 'failed', cause: 'network' };
}

/** One connection with its reconnections, from `open` to `close`. */
function connect(
  server: URL,
  { userID, userName, deviceID, replaces, token }: TransportIdentity,
  handle: (event: TransportEvent) => void,
) {
  // Socket.IO's own reconnection, retries and connection state recovery are off: the protocol decides what to send
  // again after a loss, and each attempt requests a new token.
  const socket = io(server.origin, {
    path: `${server.pathname.replace(/\/*$/, '')}/socket.io/`,
    transports: ['websocket'],
    forceNew: true,
    autoConnect: false,
    reconnection: false,
    timeout: CONNECT_MS,
  });
  let closed = false;
  let iceServers: readonly RTCIceServer[] = [];
  /** The server's time as reported on this connection, and when it was received by this device's monotonic clock. */
  let time: { readonly server: number; readonly receivedAt: number } | undefined;
  /** Whether this device reconnects: the server admits such devices before new ones. */
  let isReturning = replaces !== undefined;

  const emit = (event: TransportEvent) => {
    if (!closed) handle(event);
  };
  const attempts = new ConnectionAttempts({
    clock: systemClock,
    random: Math.random,
    token,
    dial(newToken) {
      socket.auth = { userID, userName, deviceID, replaces, token: newToken };
      // In the URL, because the server decides on it before it receives the first packet.
      if (isReturning) socket.io.opts.query = { returning: '1' };
      socket.connect();
    },
    abort: () => void socket.disconnect(),
    emit,
  });
  const close = () => {
    closed = true;
    attempts.close();
    socket.disconnect();
  };

  /** @returns the unchecked response; `not-connected` if there was none */
  const ask = async (
    question: string,
    value?: unknown,
    timeoutMs = ACKNOWLEDGE_MS,
  ): Promise<unknown> => {
    try {
      if (!socket.connected) return NOT_CONNECTED;
      return await socket.timeout(timeoutMs).emitWithAck(question, value);
    } catch {
      return NOT_CONNECTED;
    }
  };

  socket.on('time', (server: unknown) => {
    if (Number.isFinite(server)) {
      time = { server: server as number, receivedAt: systemClock.now() };
    }
  });
  socket.on('connect', () => {
    isReturning = true;
    attempts.connected();
  });
  socket.on('message', (message: unknown) => emit({ type: 'message', message }));
  socket.on('drained', (inbox: unknown) => emit({ type: 'drained', inbox }));
  socket.on('ice', (servers: typeof iceServers) => (iceServers = servers));
  // The token of this connection is about to expire.
  socket.on('renew', async (answer: (token: unknown) => void) => {
    try {
      answer(await token?.());
    } catch {
      // The server requests it again.
    }
  });
  socket.on('disconnect', (reason) => {
    time = undefined;
    // Unsent packets are stale by the next connection.
    socket.sendBuffer = [];
    if (reason !== 'io server disconnect') attempts.failed({ type: 'failed', cause: 'network' });
    else {
      emit({
        type: 'refused',
        message: 'Another connection of this device has replaced this one.',
      });
      close();
    }
  });
  socket.on('connect_error', (error: ConnectError) => {
    // `active`: the server has not responded.
    attempts.failed(socket.active ? { type: 'failed', cause: 'network' } : failureOf(error));
  });
  queueMicrotask(() => {
    if (!closed) attempts.start();
  });

  return {
    close,
    iceServers: () => iceServers,
    serverTime: () => time && time.server + systemClock.now() - time.receivedAt,
    reconnect: () => attempts.prompt(),
    async networkChanged(isCertain: boolean): Promise<boolean> {
      if (isCertain) attempts.renew();
      else attempts.hasten();
      if (isCertain || !socket.connected) return false;
      const { id } = socket;
      // A request that every server answers, with or without push, and that changes nothing.
      const answer = await ask('push-key', undefined, CHECK_MS);
      // The connection may have been replaced meanwhile.
      if (answer !== NOT_CONNECTED) return socket.id === id;
      if (socket.id === id) attempts.renew();
      return false;
    },
    hello(hello: Hello): void {
      if (socket.connected) socket.emit('hello', hello);
    },
    ask,
    async send(message: Message): Promise<SendOutcome> {
      if (!fitsWire(message)) return { type: 'refused', code: 'invalid-argument' };
      const { error, reached } = parseAcknowledgement(await ask('message', message)) ?? {};
      if (reached) return { type: 'acknowledged', reached };
      return error ? { type: 'refused', ...error } : LOST;
    },
  };
}
