import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { authenticateDemo, createCallServer } from '../server/index.js';
import { startDelayProxy } from './delay-proxy.js';

/** Added latency of a signalling message from one page to another, in ms. */
export const ONE_WAY_DELAY_MS = 50;

/** A signalling server behind a delay proxy. */
export interface Signaling {
  /** The URL of the proxy, for the pages. */
  readonly url: string;
  close(): Promise<void>;
}

/** Half of the delay is added before the server, half behind it. */
async function behindDelay(port: number, closeServer: () => Promise<unknown>): Promise<Signaling> {
  const proxy = await startDelayProxy(port, ONE_WAY_DELAY_MS / 2);
  return {
    url: `http://127.0.0.1:${proxy.port}`,
    async close() {
      await proxy.close();
      await closeServer();
    },
  };
}

/** The kit's server. */
export async function startKitSignaling(): Promise<Signaling> {
  // The same two users call each other in every round.
  const often = { points: 1_000_000, seconds: 1 };
  const server = await createCallServer({
    authenticate: authenticateDemo,
    port: 0,
    limits: { invitationsPerCaller: often, invitationsPerPair: often },
  });
  return behindDelay(Number(new URL(server.url).port), () => server.close());
}

/** A minimal Socket.IO relay: a room for each user. */
export async function startBareSignaling(): Promise<Signaling> {
  const http = createServer();
  const io = new Server(http, { transports: ['websocket'], serveClient: false });
  io.on('connection', (socket) => {
    const { user } = socket.handshake.auth as { user: string };
    void socket.join(user);
    socket.on('message', (to: string, message: unknown) => {
      socket.to(to).emit('message', message, user);
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  return behindDelay((http.address() as AddressInfo).port, () => io.close());
}

/** PeerJS's server. */
export async function startPeerSignaling(): Promise<Signaling> {
  const child = fork(new URL('./peer-server.ts', import.meta.url));
  const ended = once(child, 'exit');
  const [port] = (await Promise.race([once(child, 'message'), ended])) as [unknown];
  if (typeof port !== 'number' || !child.connected) throw new Error("PeerJS's server has exited.");
  return behindDelay(port, () => {
    child.kill();
    return ended;
  });
}
