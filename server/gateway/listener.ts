import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer, Server as HttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** How long a whole request may take, in ms, and how often it is looked at which ones are late. */
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_MS = 1_000;

/**
 * A server of one's own, which does not listen yet.
 * @param tls certificate chain and private key, PEM; without it, it speaks plain http
 * @param connectTimeoutMs who has opened a connection and said nothing is not waited for any longer
 */
export function createListener(
  tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | undefined,
  connectTimeoutMs: number,
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): HttpServer | HttpsServer {
  const patience = {
    headersTimeout: connectTimeoutMs,
    requestTimeout: Math.max(connectTimeoutMs, REQUEST_TIMEOUT_MS),
    connectionsCheckingInterval: Math.min(connectTimeoutMs, TIMEOUT_CHECK_MS),
  };
  return tls
    ? createHttpsServer({ ...patience, handshakeTimeout: connectTimeoutMs, ...tls }, answer)
    : createServer(patience, answer);
}

/** Connections that wait to be accepted, as many as the system allows: what comes on top is dropped, and comes seconds later. */
const BACKLOG = 8_192;

/** @throws the listening error (`EADDRINUSE`, `EACCES`, …) */
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

/** Where it listens. */
export function urlOf(server: HttpServer | HttpsServer, path: string): string {
  const { address, family, port } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `${server instanceof HttpsServer ? 'https' : 'http'}://${host}:${port}${path}`;
}

/** Who is told goodbye may answer it for so long, in ms; the WebSocket library alone would wait half a minute. */
export function endWithin(ms: number, socket: Socket): void {
  if (socket.destroyed) return;
  const timer = setTimeout(() => socket.destroy(), ms);
  socket.once('close', () => clearTimeout(timer));
}
