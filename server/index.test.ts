import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { invite, WireClient } from '../test/support/wire-client.js';
import { authenticateDemo, createCallServer, type CallServer } from './index.js';

describe('a call server that is attached to another HTTP server', () => {
  let http: Server;
  let server: CallServer;
  let url: string;
  before(async () => {
    http = createServer((_request, response) => response.end('the page'));
    server = await createCallServer({
      authenticate: authenticateDemo,
      server: http,
      path: '/calls',
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    url = `http://127.0.0.1:${String((http.address() as AddressInfo).port)}/calls`;
  });
  after(async () => {
    await server.close();
    http.closeAllConnections();
    http.close();
    await once(http, 'close');
  });

  it('shares the port, and does not handle requests for other paths', async () => {
    const [alice, bob] = [
      await WireClient.ready(url, 'alice-1'),
      await WireClient.ready(url, 'bob-1', { userName: 'Bob' }),
    ];
    assert.deepEqual(await alice.send(invite('c', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
    await bob.next('invite');
    const page = await fetch(new URL('/', url));
    assert.equal(await page.text(), 'the page');
    assert.deepEqual(await server.users(), [
      { userID: 'alice', userName: 'alice' },
      { userID: 'bob', userName: 'Bob' },
    ]);
    alice.close();
    bob.close();
  });

  it('does not touch upgrade requests for other paths', async () => {
    const upgraded = once(http, 'upgrade');
    const other = request(new URL('/hot-reload', url), {
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    other.on('error', () => {});
    other.end();
    const [, socket] = (await upgraded) as [unknown, Duplex];
    assert.equal(socket.destroyed, false);
    socket.destroy();
  });

  it('closes its connections and accepts no more after close(), while the HTTP server continues', async () => {
    const alice = await WireClient.ready(url, 'alice-1');
    const closed = alice.once('disconnect');
    await server.close();
    assert.equal(await closed, 'transport close');
    await assert.rejects(WireClient.connect(url, 'alice-1'));
    const page = await fetch(new URL('/', url));
    assert.equal(await page.text(), 'the page');
  });
});

describe('a call server with its own port', () => {
  it('reports its URL, answers 404 to page requests, and can be closed twice', async (t) => {
    const server = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    t.after(() => server.close());
    const page = await fetch(server.url);
    assert.equal(page.status, 404);
    await server.close();
    await server.close();
    await assert.rejects(fetch(server.url));
  });

  it('rejects when it cannot listen', async (t) => {
    const first = await createCallServer({ authenticate: authenticateDemo, port: 0 });
    t.after(() => first.close());
    const port = Number(new URL(first.url).port);
    await assert.rejects(createCallServer({ authenticate: authenticateDemo, port }), {
      code: 'EADDRINUSE',
    });
  });

  it('answers `unavailable`, so that the client retries, when authentication fails with an error', async (t) => {
    const server = await createCallServer({
      authenticate: () => Promise.reject(new Error('the key server is unreachable')),
      port: 0,
    });
    t.after(() => server.close());
    await assert.rejects(WireClient.connect(server.url, 'alice-1'), {
      message: 'The server cannot accept connections now.',
      data: { code: 'unavailable' },
    });
  });

  it('uses the display name from authentication, and rejects a user ID that authentication does not confirm', async (t) => {
    const server = await createCallServer({
      authenticate: ({ userID }) =>
        Promise.resolve({ ok: true, userID: userID.replace('eve', 'alice'), userName: 'Verified' }),
      port: 0,
    });
    t.after(() => server.close());
    await assert.rejects(WireClient.connect(server.url, 'eve-1'), { data: { code: 'refused' } });
    const alice = await WireClient.ready(server.url, 'alice-1', { userName: 'Claimed' });
    assert.deepEqual(await server.users(), [{ userID: 'alice', userName: 'Verified' }]);
    alice.close();
  });
});
