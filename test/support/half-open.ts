import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Number of simultaneous connections: the queue of the listener is limited. */
const AT_ONCE = 250;

/** The state of connections that were opened and left idle. */
export interface HalfOpen {
  /** Number of open connections. */
  readonly open: number;
  /** Number of rejected connections. */
  readonly rejected: number;
  /** Resolves when the server has closed all of them. */
  readonly closed: Promise<unknown>;
}

interface HalfOpenOptions {
  readonly count: number;
  /** The loopback address of the client. */
  readonly from: string;
  /** Whether they are upgraded to WebSockets before they are left idle. */
  readonly isUpgraded: boolean;
}

/** Opens connections that never authenticate. */
export async function openHalf(
  url: string,
  { count, from, isUpgraded }: HalfOpenOptions,
): Promise<HalfOpen> {
  const { hostname, port, host } = new URL(url);
  const upgrade = [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
  const sockets = new Set<Socket>();
  const closed: Promise<unknown>[] = [];
  let rejected = 0;
  const open = async () => {
    const socket = connect({ port: Number(port), host: hostname, localAddress: from });
    // A reset also counts as closed.
    socket.on('error', () => {});
    closed.push(once(socket, 'close').then(() => sockets.delete(socket)));
    await once(socket, 'connect');
    sockets.add(socket);
    if (isUpgraded) {
      socket.write(upgrade);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      if (!answer.toString().startsWith('HTTP/1.1 101')) rejected += 1;
    }
    // Reads and discards data; otherwise, the socket would not emit its end.
    socket.resume();
  };
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - done) }, open));
  }
  return {
    get open() {
      return sockets.size;
    },
    rejected,
    closed: Promise.all(closed),
  };
}
