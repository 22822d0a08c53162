import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { TransportEvent } from '../../src/core/ports/signal-transport.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';

const TWO_IN_AN_HOUR = { points: 2, seconds: 3_600 };

describe('a restarted server', () => {
  const clients = useClients();
  let server: CallServerProcess;
  before(async () => {
    server = await CallServerProcess.start({
      limits: { attemptsPerAddress: TWO_IN_AN_HOUR, returningPerAddress: TWO_IN_AN_HOUR },
    });
  });
  after(() => server.stop());

  it(
    'admits a returning device while new devices at the same address exceed the limit',
    { timeout: 120_000 },
    async () => {
      const transport = createServerTransport(server.url);
      const events: TransportEvent['type'][] = [];
      let onEvent = () => {};
      transport.open({ userID: 'alice', userName: 'Alice', deviceID: 'alice-1' }, ({ type }) => {
        events.push(type);
        onEvent();
      });
      const until = (type: TransportEvent['type'], count: number) =>
        new Promise<void>((resolve) => {
          onEvent = () => {
            if (events.filter((event) => event === type).length >= count) resolve();
          };
          onEvent();
        });
      try {
        await until('online', 1);
        await server.kill();
        await until('offline', 1);
        await server.startAgain();
        await clients.connect(server.url, 'bob-1');
        await clients.connect(server.url, 'carol-1');
        await assert.rejects(clients.connect(server.url, 'dave-1'));
        await until('online', 2);
        await assert.rejects(clients.connect(server.url, 'dave-1'));
      } finally {
        transport.close();
      }
    },
  );
});
