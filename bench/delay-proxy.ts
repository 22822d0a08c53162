import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP proxy that delays all data by the same time in each direction, and preserves their order. One is in front of each
 * signalling server, so that all contestants have the same network latency. A message from one page to another passes the
 * proxy twice: to the server, and from it.
 */
export interface DelayProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @param port port of the server on 127.0.0.1
 * @param delayMs delay in each direction, in ms
 */
export async function startDelayProxy(port: number, delayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();

  function keep(socket: Socket): void {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // An error closes the socket, and `passOn` closes the other one.
    socket.on('error', () => socket.destroy());
  }

  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1');
    keep(near);
    keep(far);
    passOn(near, far, delayMs);
    passOn(far, near, delayMs);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Forwards data with a delay. Timers with the same delay fire in the order in which they were started. */
function passOn(from: Socket, to: Socket, delayMs: number): void {
  const later = (act: () => void): void => void setTimeout(act, delayMs);
  from.on('data', (piece: Buffer) => {
    later(() => {
      if (to.writable) to.write(piece);
    });
  });
  from.on('end', () => later(() => to.end()));
  from.on('close', () => later(() => to.destroy()));
}
