import { io, type Socket } from 'socket.io-client';

type Engine = Socket['io']['engine'];

/**
 * A Socket.IO connection that reads and writes raw frames, without the parser and without JSON, so that a few clients can
 * saturate a server.
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

  /** @param onFrame gets each frame: packet type, number and JSON */
  static async connect(
    url: string,
    userID: string,
    onFrame: (frame: string) => void,
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
    // Replaces the parser.
    client.#engine.off('data');
    client.#engine.on('data', (data) => onFrame(data as string));
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
