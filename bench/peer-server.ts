/**
 * PeerJS's server, in a separate process because it never stops its timers. It sends its port to the parent process, and
 * exits with it.
 */
import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (server) => {
  process.send?.((server.address() as AddressInfo).port);
});
process.once('disconnect', () => process.exit());
