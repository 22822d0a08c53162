import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, get } from 'node:https';
import { after, before, describe, it } from 'node:test';
import { CallServerProcess } from '../support/call-server.js';
import { useClients } from '../support/clients.js';
import { RedisServer, withoutRedis } from '../support/redis-server.js';
import { invite } from '../support/wire-client.js';
import { NginxServer, withoutNginx } from './nginx-server.js';

describe('the nginx configuration', { skip: withoutNginx || withoutRedis }, () => {
  const clients = useClients();
  let redis: RedisServer;
  let nodes: readonly CallServerProcess[];
  let nginx: NginxServer;
  before(async () => {
    redis = await RedisServer.start();
    const start = () =>
      CallServerProcess.start({
        redis: redis.url,
        trustedProxies: 1,
        limits: { connectionsPerAddress: 2 },
      });
    nodes = await Promise.all([start(), start()]);
    nginx = await NginxServer.start(nodes.map(({ url }) => url));
  });
  after(async () => {
    // The set-up may have failed at any of them.
    await (nginx as NginxServer | undefined)?.stop();
    await Promise.all(nodes.map((node) => node.stop()));
    await (redis as RedisServer | undefined)?.stop();
  });

  /** Connects from an address of loopback: each is another client for the server. */
  const connect = async (deviceID: string, localAddress: string, extraHeaders = {}) => {
    const agent = new Agent({ localAddress, ca: nginx.certificate });
    const more = { agent: agent as unknown as string, extraHeaders };
    const client = await clients.connect(nginx.url, deviceID, {}, more);
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
    const ports = ['127.0.0.21', '127.0.0.22'];
    const from = (deviceID: string, address = '127.0.0.21', headers = {}) =>
      connect(deviceID, address, headers);
    // Two connections of an address on each of two nodes are allowed.
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const attempts = [];
    for (const name of names) {
      const forged = { 'X-Forwarded-For': `198.51.100.${names.indexOf(name)}` };
      attempts.push(...(await Promise.allSettled([from(`${name}-1`, ports[0], forged)])));
    }
    const rejected = attempts.filter(({ status }) => status === 'rejected');
    assert.ok(rejected.length >= 3, 'the limit of connections counts the real address');
    await from('other-1', ports[1]);
  });

  it('leads from http to https, and shows neither metrics nor health', async () => {
    const paths = ['metrics', 'healthz', 'readyz'];
    const status = async (path: string): Promise<number | undefined> => {
      const request = get(new URL(path, nginx.url), { ca: nginx.certificate });
      const [response] = (await once(request, 'response')) as [IncomingMessage];
      response.resume();
      return response.statusCode;
    };
    assert.deepEqual(await Promise.all(paths.map(status)), [404, 404, 404]);
    const plain = await fetch(nginx.plainURL, { redirect: 'manual' });
    assert.equal(plain.status, 301);
    assert.match(plain.headers.get('location') ?? '', /^https:/);
  });

  it('uses the other node while one is down', async () => {
    await nodes[0]?.kill();
    for (const [index, name] of ['carol', 'dave', 'erin'].entries()) {
      await connect(`${name}-1`, `127.0.0.3${index}`);
    }
  });
});
