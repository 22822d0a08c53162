import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { collectWhenAsked } from '../../load/collect.js';
import type { Started } from '../../load/serve.js';

/*
 * A minimal relay: Socket.IO with the settings of ringkit, a room for each user, and the sender added to each message. It
 * authenticates nobody, checks nothing and stores nothing. A separate process that exits with its parent.
 */

process.on('SIGINT', () => {});
process.once('disconnect', () => process.exit());
collectWhenAsked();

const http = createServer();
const io = new Server(http, {
  transports: ['websocket'],
  serveClient: false,
  maxHttpBufferSize: 65_600,
  connectTimeout: 5_000,
  pingInterval: 10_000,
  pingTimeout: 8_000,
});
io.on('connection', (socket) => {
  const { userID, deviceID } = socket.handshake.auth as { userID: string; deviceID: string };
  const from = { userID, userName: userID, deviceID };
  void socket.join(userID);
  socket.on('message', ({ to, ...message }: { to: string[] }, reply: (answer: unknown) => void) => {
    const stamped = { ...message, to, from, at: Date.now() };
    const reached = to.map((user) => {
      socket.to(user).emit('message', stamped);
      return { user, devices: io.of('/').adapter.rooms.get(user)?.size ?? 0 };
    });
    reply({ reached });
  });
});
http.listen(0, '127.0.0.1', () => {
  const { port } = http.address() as AddressInfo;
  process.send?.({ url: `http://127.0.0.1:${port}` } satisfies Started);
});
