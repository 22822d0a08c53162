import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * A TCP proxy that holds back everything for the same time, in each direction, and keeps the order. It stands before
 * each signalling server, so that all contestants have the same distance. From one page to another a message passes it
 * twice: on its way in, and on its way out.
 */
export interface DelayProxy {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * @param port of the server behind it, on 127.0.0.1
 * @param delayMs how long each piece is held back
 */
export async function startDelayProxy(port: number, delayMs: number): Promise<DelayProxy> {
  const sockets = new Set<Socket>();

  function keep(socket: Socket): void {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // What breaks is closed, and closing is passed on.
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

/** Timers of one length run out in the order in which they were started: so the order is kept. */
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
