import { afterEach } from 'node:test';
import { WireClient } from './wire-client.js';

/** Connects clients in the current suite, and closes them after each test. */
export function useClients() {
  const open: WireClient[] = [];
  afterEach(() => {
    for (const client of open.splice(0)) client.close();
  });
  const keep = async (connecting: Promise<WireClient>) => {
    const client = await connecting;
    open.push(client);
    return client;
  };
  return {
    /** Rejects with the server's message if the connection is rejected. */
    connect: (...how: Parameters<typeof WireClient.connect>) => keep(WireClient.connect(...how)),
    /** Connects, and sends `hello`. */
    ready: (...how: Parameters<typeof WireClient.ready>) => keep(WireClient.ready(...how)),
  };
}
