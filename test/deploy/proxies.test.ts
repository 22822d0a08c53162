import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { CallServerProcess } from '../support/call-server.js';
import { useClients } from '../support/clients.js';
import { RedisServer, withoutRedis } from '../support/redis-server.js';
import { invite } from '../support/wire-client.js';
import { startCaddy, startComposeCaddy, withoutCaddy } from './caddy-server.js';
import { startNginx, withoutNginx } from './nginx-server.js';
import type { ProxyServer } from './proxy-server.js';

/** The status with which a proxy answers a request. */
async function status({ url, certificate }: ProxyServer, path: string) {
  const request = get(new URL(path, url), { ca: certificate });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

for (const [name, start, missing] of [
  ['nginx configuration', startNginx, withoutNginx],
  ['Caddyfile', startCaddy, withoutCaddy],
] as const) {
  describe(`the ${name}`, { skip: missing || withoutRedis }, () => {
    const clients = useClients();
    let redis: RedisServer;
    let nodes: readonly CallServerProcess[];
    let proxy: ProxyServer;
    before(async () => {
      redis = await RedisServer.start();
      const startNode = () =>
        CallServerProcess.start({
          redis: redis.url,
          trustedProxies: 1,
          limits: { connectionsPerAddress: 2 },
        });
      nodes = await Promise.all([startNode(), startNode()]);
      proxy = await start(nodes.map(({ url }) => url));
    });
    after(async () => {
      // The set-up may have failed at any of them.
      await (proxy as ProxyServer | undefined)?.stop();
      await Promise.all(nodes.map((node) => node.stop()));
      await (redis as RedisServer | undefined)?.stop();
    });

    /** Connects from an address of loopback: each is another client for the server. */
    const connect = async (deviceID: string, localAddress: string, extraHeaders = {}) => {
      const agent = new Agent({ localAddress, ca: proxy.certificate });
      const more = { agent: agent as unknown as string, extraHeaders };
      const client = await clients.connect(proxy.url, deviceID, {}, more);
      await client.hello();
      return client;
    };

    it('passes WebSockets to both nodes, and a call rings from one to the other', async () => {
      const alice = await connect('alice-1', '127.0.0.11');
      const bob = await connect('bob-1', '127.0.0.12');
      const open = await Promise.all(nodes.map((node) => node.report()));
      assert.ok(
        open.every(({ connections }) => connections > 0),
        'each node has one of them',
      );
      const answer = await alice.send(invite('call-1', ['bob']));
      assert.deepEqual(answer, { reached: [{ user: 'bob', devices: 1 }] });
      assert.equal((await bob.next('invite')).callID, 'call-1');
    });

    it('tells the server the address of the client, which no header can change', async () => {
      const addresses = ['127.0.0.21', '127.0.0.22'];
      const from = (deviceID: string, address = '127.0.0.21', headers = {}) =>
        connect(deviceID, address, headers);
      // Two connections of an address on each of two nodes are allowed.
      const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
      const attempts = [];
      for (const name of names) {
        const forged = { 'X-Forwarded-For': `198.51.100.${names.indexOf(name)}` };
        attempts.push(...(await Promise.allSettled([from(`${name}-1`, addresses[0], forged)])));
      }
      const rejected = attempts.filter(({ status }) => status === 'rejected');
      assert.ok(rejected.length >= 3, 'the limit of connections counts the real address');
      await from('other-1', addresses[1]);
    });

    it('leads from http to https, and shows neither metrics nor health', async () => {
      const paths = ['metrics', 'healthz', 'readyz'];
      assert.deepEqual(
        await Promise.all(paths.map((path) => status(proxy, path))),
        [404, 404, 404],
      );
      const plain = await fetch(proxy.plainURL, { redirect: 'manual' });
      assert.ok([301, 308].includes(plain.status));
      assert.match(plain.headers.get('location') ?? '', /^https:/);
    });

    it('uses the other node while one is down', async () => {
      await nodes[0]?.kill();
      for (const [index, name] of ['carol', 'dave', 'erin'].entries()) {
        await connect(`${name}-1`, `127.0.0.3${index}`);
      }
    });
  });
}

describe('the Caddyfile of compose.yaml', { skip: withoutCaddy }, () => {
  const clients = useClients();

  it('passes WebSockets to the servers, and shows neither metrics nor health', async () => {
    const node = await CallServerProcess.start({ trustedProxies: 1 });
    const proxy = await startComposeCaddy(node.url);
    try {
      const agent = new Agent({ ca: proxy.certificate }) as unknown as string;
      const client = await clients.connect(proxy.url, 'alice-1', {}, { agent });
      await client.hello();
      for (const path of ['metrics', 'healthz', 'readyz'])
        assert.equal(await status(proxy, path), 404, path);
    } finally {
      await proxy.stop();
      await node.stop();
    }
  });
});
