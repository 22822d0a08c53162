import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createServer, type ViteDevServer } from 'vite';
import { WireClient } from '../test/support/wire-client.js';
import { ringkitSignaling } from './signaling-plugin.js';

describe('the Vite plugin of the demo', () => {
  let root: string;
  let vite: ViteDevServer;
  let url: string;
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'ringkit-vite-'));
    await writeFile(join(root, 'index.html'), '<!doctype html><title>demo</title>');
    vite = await createServer({
      root,
      configFile: false,
      logLevel: 'silent',
      plugins: [ringkitSignaling()],
      server: { host: '127.0.0.1', port: 0 },
    });
    await vite.listen();
    url = vite.resolvedUrls?.local[0] ?? '';
  });
  after(async () => {
    await vite.close();
    await rm(root, { recursive: true });
  });

  it('serves signalling, the list of users and the page on one port', async () => {
    const alice = await WireClient.ready(url, 'alice-1', { userName: 'Alice' });
    const users = await fetch(new URL('/demo/users', url));
    assert.equal(users.headers.get('content-type'), 'application/json');
    assert.deepEqual(await users.json(), [{ userID: 'alice', userName: 'Alice' }]);
    const wrong = await fetch(new URL('/demo/users', url), { method: 'POST' });
    assert.equal(wrong.status, 405);
    assert.match(await (await fetch(url)).text(), /<title>demo/);
    const state = await fetch(new URL('/ringkit/state', url), { method: 'POST', body: 'x' });
    assert.equal(state.status, 403);
    alice.close();
  });

  it('accepts only connections of pages that it serves itself, on any address', async () => {
    const connect = async (deviceID: string, headers: Readonly<Record<string, string>>) => {
      const client = await WireClient.connect(url, deviceID, {}, { extraHeaders: headers });
      client.close();
    };
    const { origin, port } = new URL(url);
    await connect('alice-1', { origin });
    await connect('alice-2', { origin: 'http://localhost:9000' });
    // A second device, as with --host.
    const host = `192.168.1.5:${port}`;
    await connect('alice-3', { origin: `https://${host}`, host });
    const refused = { data: { code: 'refused' } };
    await assert.rejects(connect('eve-1', { origin: 'https://evil.example' }), refused);
    const rebound = `evil.example:${port}`;
    await assert.rejects(connect('eve-2', { origin: `http://${rebound}`, host: rebound }), refused);
  });

  it("does not affect Vite's own WebSocket", async () => {
    const script = await (await fetch(new URL('/@vite/client', url))).text();
    const token = /wsToken = "([^"]+)"/.exec(script)?.[1] ?? '';
    const status = await new Promise((resolve, reject) => {
      const upgrade = request(new URL(`/?token=${token}`, url), {
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': 'vite-hmr',
        },
      });
      upgrade.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      upgrade.on('response', (response) => resolve(response.statusCode));
      upgrade.on('error', reject);
      upgrade.end();
    });
    assert.equal(status, 101);
  });
});
