import { afterEach } from 'node:test';
import { WireClient } from './wire-client.js';

/** Connects clients for the tests around it, and closes them after each. */
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
    /** Rejects with what the server says when it refuses. */
    connect: (...how: Parameters<typeof WireClient.connect>) => keep(WireClient.connect(...how)),
    /** Connects, and says hello. */
    ready: (...how: Parameters<typeof WireClient.ready>) => keep(WireClient.ready(...how)),
  };
}
