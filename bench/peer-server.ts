/**
 * PeerJS's own server, in a process of its own: it has timers that nothing ends. It tells its port to the process that
 * has started it, and ends with it.
 */
import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
