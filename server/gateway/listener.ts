import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** How long a complete request may take, and how often late requests are looked for, in ms. */
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;

/**
 * Creates an HTTP or HTTPS server that is not listening yet.
 * @param tls certificate chain and private key (PEM); without them, the server uses plain HTTP
 * @param connectTimeoutMs how long a client may take for the TLS handshake and the headers of its request, in ms
 */
export function createListener(
  tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined,
  connectTimeoutMs: number,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): HttpServer | HttpsServer {
  const timeouts = {
    headersTimeout: connectTimeoutMs,
    requestTimeout: Math.max(connectTimeoutMs, REQUEST_TIMEOUT_MS),
    connectionsCheckingInterval: Math.min(connectTimeoutMs, TIMEOUT_CHECK_MS),
  };
  return tls
    ? createHttpsServer({ ...timeouts, handshakeTimeout: connectTimeoutMs, ...tls }, answer)
    : createServer(timeouts, answer);
}

/** Length of the queue of connections to accept. The kernel drops further ones, whose clients retry after seconds. */
const BACKLOG = 8_192;

/** @throws the error of `listen` (`EADDRINUSE`, `EACCES`, …) */
export function listen(
  server: HttpServer | HttpsServer,
  port: number,
  host: string,
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The URL at which the server listens. */
export function urlOf(server: HttpServer | HttpsServer, path: string): string {
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `${server instanceof HttpsServer ? 'https' : 'http'}://${host}:${port}${path}`;
}

/** Limits how long the client may take to answer a WebSocket close frame, in ms. The limit of `ws` is 30 seconds. */
export function endWithin(ms: number, socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), ms);
  socket.once('close', () => clearTimeout(timer));
}
