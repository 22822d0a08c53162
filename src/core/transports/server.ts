import { io } from 'socket.io-client';
import type {
  SendOutcome,
  SignalTransport,
  TransportEvent,
  TransportIdentity,
} from '../ports/signal-transport.js';
import { parseAcknowledgement, type Hello, type Message } from '../protocol/messages.js';
import { fitsWire } from '../protocol/limits.js';

/** A message that is not acknowledged by then counts as lost. */
const ACKNOWLEDGE_MS = 8_000;
/** An attempt that has not reached the server by then has failed. */
const CONNECT_MS = 5_000;
/** The wait before the next attempt: doubled each time, with some chance, so that not all come back at once. */
const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 3_000;

const LOST: SendOutcome = { type: 'lost' };
const NOT_CONNECTED = { error: { code: 'not-connected' } };

/**
 * Talks to a ringkit server. Works in pages and in Node.
 *
 * @param url the server's address: http(s) or ws(s), absolute or relative to the page. With a path, the server must
 *   be mounted there.
 * @throws {TypeError} when it is no such address
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

/** From one `open` to the next `close`. */
function connect(
  server: URL,
  { userID, userName, deviceID, replaces, token }: TransportIdentity,
  handle: (event: TransportEvent) => void,
) {
  // Socket.IO's own reconnection, retries and state recovery stay off: what must be said again after a loss is the
  // protocol's to decide, and the token is asked anew each time.
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
  let offline = false;
  let failures = 0;
  /** The server lets those who come back in before new ones. */
  let isReturning = replaces !== undefined;
  let retry: ReturnType<typeof setTimeout> | undefined;

  const tell = (event: TransportEvent) => {
    if (!closed) handle(event);
  };
  const attempt = async () => {
    try {
      const proof = await token?.();
      if (closed) return;
      socket.auth = { userID, userName, deviceID, replaces, token: proof };
      // In the URL: the server decides before it hears anything else.
      if (isReturning) socket.io.opts.query = { returning: '1' };
      socket.connect();
    } catch {
      // The page could not get a token: it may at the next attempt.
      again();
    }
  };
  const again = () => {
    if (closed) return;
    const wait = Math.min(FIRST_RETRY_MS * 2 ** failures++, LAST_RETRY_MS);
    clearTimeout(retry);
    retry = setTimeout(() => void attempt(), wait * (0.75 + Math.random() / 2));
    if (!offline) {
      offline = true;
      tell({ type: 'offline' });
    }
  };
  const refuse = (message: string) => {
    tell({ type: 'refused', message });
    close();
  };
  const close = () => {
    closed = true;
    clearTimeout(retry);
    socket.disconnect();
  };

  /** @returns the answer as it came; `not-connected` when none came */
  const ask = async (question: string, value?: unknown): Promise<unknown> => {
    try {
      if (!socket.connected) return NOT_CONNECTED;
      return await socket.timeout(ACKNOWLEDGE_MS).emitWithAck(question, value);
    } catch {
      return NOT_CONNECTED;
    }
  };

  socket.on('connect', () => {
    offline = false;
    failures = 0;
    isReturning = true;
    tell({ type: 'online' });
  });
  socket.on('message', (message: unknown) => tell({ type: 'message', message }));
  socket.on('drained', (inbox: unknown) => tell({ type: 'drained', inbox }));
  socket.on('ice', (servers: typeof iceServers) => (iceServers = servers));
  // The token that this connection stands on is about to expire.
  socket.on('renew', async (answer: (token: unknown) => void) => {
    try {
      answer(await token?.());
    } catch {
      // The server asks again.
    }
  });
  socket.on('disconnect', (reason) => {
    // What it had still to send is stale by the next connection.
    socket.sendBuffer = [];
    if (reason !== 'io server disconnect') again();
    else refuse('Another connection has taken the place of this device.');
  });
  socket.on('connect_error', (error: Error & { data?: { code?: unknown } }) => {
    // Not active: the server has answered, and said no.
    if (socket.active || error.data?.code === 'unavailable') again();
    else refuse(error.message);
  });
  queueMicrotask(() => {
    tell({ type: 'connecting' });
    void attempt();
  });

  return {
    close,
    iceServers: () => iceServers,
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
