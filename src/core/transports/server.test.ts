import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signalTransportContract } from '../../../test/contract/signal-transport.js';
import { CallServerProcess } from '../../../test/support/call-server.js';
import type { TransportEvent, TransportIdentity } from '../ports/signal-transport.js';
import { createServerTransport } from './server.js';

const refused: TransportIdentity = { userID: 'mallory', userName: 'Mallory', deviceID: 'm-1' };

signalTransportContract(
  {
    name: 'the server transport',
    refused,
    invitesFirst: true,
    breaks: true,
    async start() {
      let server = await CallServerProcess.start({ rejectedUser: refused.userID });
      const { url } = server;
      return {
        transport: () => createServerTransport(url),
        cut: () => server.kill(),
        async mend() {
          const port = Number(new URL(url).port);
          server = await CallServerProcess.start({ port, rejectedUser: refused.userID });
        },
        close: () => server.stop(),
      };
    },
  },
  { describe, it, before, after },
);

describe('createServerTransport', () => {
  let server: CallServerProcess;
  before(async () => {
    server = await CallServerProcess.start({ path: '/calls' });
  });
  after(() => server.stop());

  /** Opens a transport and waits for the first event of one of these types. */
  const firstEvent = (
    url: string | URL,
    types: readonly TransportEvent['type'][],
    token?: NonNullable<TransportIdentity['token']>,
  ) =>
    new Promise<TransportEvent>((resolve) => {
      const transport = createServerTransport(url);
      const identity = { userID: 'alice', userName: 'Alice', deviceID: crypto.randomUUID() };
      transport.open({ ...identity, ...(token && { token }) }, (event) => {
        if (!types.includes(event.type)) return;
        transport.close();
        resolve(event);
      });
    });

  it('accepts http and ws URLs, with the path at which the server is mounted', async () => {
    for (const url of [server.url, server.url.replace('http', 'ws'), new URL(`${server.url}/`)]) {
      const event = await firstEvent(url, ['online', 'offline', 'refused']);
      assert.equal(event.type, 'online', String(url));
    }
  });

  it('throws for an invalid server URL', () => {
    for (const url of ['', 'calls', '/calls', 'ftp://example.org', 'local:', 'http://']) {
      assert.throws(() => createServerTransport(url), TypeError, url);
    }
  });

  it('reports once that the server is unreachable, and keeps retrying', async () => {
    const events: string[] = [];
    const spare = await CallServerProcess.start();
    const port = Number(new URL(spare.url).port);
    await spare.stop();
    const transport = createServerTransport(spare.url);
    let returned: CallServerProcess | undefined;
    await new Promise<void>((resolve) => {
      transport.open({ userID: 'a', userName: 'A', deviceID: 'a-1' }, ({ type }) => {
        events.push(type);
        if (type === 'offline') {
          void CallServerProcess.start({ port }).then((started) => (returned = started));
        }
        if (type === 'online') resolve();
      });
    });
    transport.close();
    await returned?.stop();
    assert.deepEqual(events, ['connecting', 'offline', 'online']);
  });

  it('requests a token for each connection, and again after the token function failed', async () => {
    let asked = 0;
    const event = await firstEvent(server.url, ['online'], async () => {
      asked += 1;
      if (asked === 1) throw new Error('no token yet');
      return 'token';
    });
    assert.equal(event.type, 'online');
    assert.equal(asked, 2);
  });

  it('emits refused when another connection of the same device replaces it', async () => {
    const identity = { userID: 'bob', userName: 'Bob', deviceID: 'b-1' };
    const [first, second] = [createServerTransport(server.url), createServerTransport(server.url)];
    const events: string[] = [];
    await new Promise<void>((resolve) => {
      first.open(identity, ({ type }) => {
        events.push(type);
        if (type === 'online') second.open(identity, () => {});
        if (type === 'refused') resolve();
      });
    });
    second.close();
    assert.deepEqual(events, ['connecting', 'online', 'refused']);
  });

  describe('when the network may have changed', () => {
    /** Opens a transport, and waits for its connection. */
    async function opened() {
      const transport = createServerTransport(server.url);
      const events: string[] = [];
      let notify = (): void => {};
      const reaches = async (count: number): Promise<void> => {
        while (events.length < count) await new Promise<void>((resolve) => (notify = resolve));
      };
      transport.open({ userID: 'eve', userName: 'Eve', deviceID: crypto.randomUUID() }, (event) => {
        events.push(event.type);
        notify();
      });
      await reaches(2);
      assert.deepEqual(events, ['connecting', 'online']);
      return { transport, events, reaches };
    }

    it('keeps a connection that works', async () => {
      const { transport, events } = await opened();
      assert.equal(await transport.networkChanged?.(false), true);
      assert.deepEqual(events, ['connecting', 'online']);
      transport.close();
    });

    it('replaces the connection at once if it is certain', async () => {
      const { transport, events, reaches } = await opened();
      assert.equal(await transport.networkChanged?.(true), false);
      await reaches(4);
      assert.deepEqual(events, ['connecting', 'online', 'connecting', 'online']);
      transport.close();
    });

    it('replaces a connection whose server does not answer', async () => {
      const { transport, events, reaches } = await opened();
      server.freeze();
      try {
        // Settles although the server still does not respond.
        assert.equal(await transport.networkChanged?.(false), false);
        assert.deepEqual(events, ['connecting', 'online', 'connecting']);
      } finally {
        server.thaw();
      }
      await reaches(4);
      assert.equal(events.at(-1), 'online');
      transport.close();
    });
  });
});
