import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A load balancer on loopback: passes each connection on to the first server that accepts it. */
export class Balancer {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;

  private constructor(server: Server, sockets: Set<Socket>) {
    this.#server = server;
    this.#sockets = sockets;
    this.url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  }

  /** @param urls in the order of preference */
  static async start(urls: readonly string[]): Promise<Balancer> {
    const ports = urls.map((url) => Number(new URL(url).port));
    const sockets = new Set<Socket>();
    const keep = (socket: Socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      return socket;
    };
    const server = createServer((client) => {
      keep(client).on('error', () => {});
      const tryNext = (index: number) => {
        const port = ports[index];
        if (port === undefined) return void client.destroy();
        const upstream = keep(connect(port, '127.0.0.1'));
        let isConnected = false;
        upstream.once('connect', () => {
          isConnected = true;
          client.pipe(upstream).pipe(client);
        });
        upstream.on('error', () => {
          if (!isConnected) tryNext(index + 1);
        });
        upstream.on('close', () => {
          if (isConnected) client.destroy();
        });
        client.once('close', () => upstream.destroy());
      };
      tryNext(0);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Balancer(server, sockets);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
