import { io, type Socket } from 'socket.io-client';

type Engine = Socket['io']['engine'];

/**
 * A connection of Socket.IO whose frames are written and read as they are, without its parser and without JSON: so a
 * few clients make more load than a server can take.
 */
export class RawClient {
  readonly userID: string;
  readonly #socket: Socket;
  readonly #engine: Engine;

  private constructor(userID: string, socket: Socket) {
    this.userID = userID;
    this.#socket = socket;
    this.#engine = socket.io.engine;
  }

  /** @param hear gets each frame: packet type, number, and JSON */
  static async connect(
    url: string,
    userID: string,
    hear: (frame: string) => void,
  ): Promise<RawClient> {
    const socket = io(url, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      timeout: 60_000,
      auth: { userID, deviceID: deviceOf(userID) },
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    const client = new RawClient(userID, socket);
    // In the place of the parser.
    client.#engine.off('data');
    client.#engine.on('data', (data) => hear(data as string));
    client.#engine.write('2["hello",{"over":[],"missed":[]}]');
    return client;
  }

  write(frame: string): void {
    this.#engine.write(frame);
  }

  close(): void {
    this.#socket.disconnect();
  }
}

export const deviceOf = (userID: string): string => `${userID}-device`;
