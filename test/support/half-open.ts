import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** So many at once: what waits to be accepted has its limit, too. */
const AT_ONCE = 250;

/** What became of connections that were opened and left alone. */
export interface HalfOpen {
  /** How many are open now. */
  readonly open: number;
  /** How many were not taken. */
  readonly refused: number;
  /** Resolves when the server has closed all of them. */
  readonly closed: Promise<unknown>;
}

interface Wish {
  readonly count: number;
  /** The loopback address that they come from. */
  readonly from: string;
  /** They become WebSockets, and then say nothing more; else they say nothing at all. */
  readonly isUpgraded: boolean;
}

/** Opens connections that never say who they are. */
export async function openHalf(url: string, { count, from, isUpgraded }: Wish): Promise<HalfOpen> {
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
  let refused = 0;
  const open = async () => {
    const socket = connect({ port: Number(port), host: hostname, localAddress: from });
    // A reset is an end as well.
    socket.on('error', () => {});
    closed.push(once(socket, 'close').then(() => sockets.delete(socket)));
    await once(socket, 'connect');
    sockets.add(socket);
    if (isUpgraded) {
      socket.write(upgrade);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      if (!answer.toString().startsWith('HTTP/1.1 101')) refused += 1;
    }
    // What it is told it does not answer; else it would not see the end.
    socket.resume();
  };
  for (let done = 0; done < count; done += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - done) }, open));
  }
  return {
    get open() {
      return sockets.size;
    },
    refused,
    closed: Promise.all(closed),
  };
}
