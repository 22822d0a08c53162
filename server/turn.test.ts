import assert from 'node:assert/strict';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { WireClient } from '../test/support/wire-client.js';
import { authenticateDemo, createCallServer } from './index.js';
import { Turn, type IceServer } from './turn.js';

const URLS = ['turn:127.0.0.1:3478'];
const SECRET = 'shared with the relay';

describe('TURN credentials', () => {
  it('are what the TURN REST scheme says', () => {
    const turn = new Turn({ urls: URLS, secret: 'north', ttlMs: 60_000 }, () => 1_800_000_000_999);
    // echo -n 1800000060:alice | openssl dgst -sha1 -hmac north -binary | base64
    assert.deepEqual(turn.serversFor('alice'), [
      { urls: URLS, username: '1800000060:alice', credential: 'UbaApMeJuh1YFGpp//EYg4DW3bw=' },
    ]);
  });

  it('need an address, a secret and some time', () => {
    for (const wrong of [
      { urls: [] },
      { urls: ['stun:example.org'] },
      { urls: ['https://example.org'] },
      { urls: ['turn:'] },
      { secret: '' },
      { ttlMs: 59_999 },
      { ttlMs: NaN },
    ]) {
      assert.throws(() => new Turn({ urls: URLS, secret: SECRET, ...wrong }), TypeError);
    }
    for (const url of ['turn:example.org', 'turns:example.org:5349?transport=tcp', 'turn:[::1]']) {
      assert.ok(new Turn({ urls: [url], secret: SECRET }));
    }
  });

  it('are handed to each device that connects', async () => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      turn: { urls: URLS, secret: SECRET },
    });
    const before = Date.now();
    const servers = await iceServersOf(server.url, 'alice-1');
    assert.equal(servers.length, 1);
    const [expiry, userID] = servers[0]?.username.split(':') ?? [];
    assert.equal(userID, 'alice');
    assert.ok(Math.abs(Number(expiry) * 1_000 - before - 3_600_000) < 60_000);
    await server.close();
  });
});

/** What the server hands out right after the connection was made. */
async function iceServersOf(url: string, deviceID: string): Promise<readonly IceServer[]> {
  const client = await WireClient.ready(url, deviceID);
  const servers = client.iceServers as readonly IceServer[];
  client.close();
  return servers;
}

/** Waits until a STUN server answers a binding request (RFC 8489). */
async function answersAt(port: number): Promise<void> {
  const request = Buffer.alloc(20);
  request.writeUInt16BE(1, 0);
  request.writeUInt32BE(0x2112a442, 4);
  const socket = createSocket('udp4');
  const asking = setInterval(() => socket.send(request, port, '127.0.0.1'), 20);
  socket.on('error', () => {});
  await once(socket, 'message');
  clearInterval(asking);
  socket.close();
}

const missing = ['turnserver', 'turnutils_uclient'].filter(
  (program) => spawnSync('which', [program]).status !== 0,
);

describe('a real TURN server', { skip: missing.length > 0 && `no ${missing.join(', ')}` }, () => {
  let folder: string;
  let relay: ChildProcess;
  let port: number;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringkit-turn-'));
    port = await freePort();
    relay = spawn(
      'turnserver',
      [
        ...['-n', '--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', '--use-auth-secret'],
        ...[`--listening-port=${String(port)}`, `--static-auth-secret=${SECRET}`, '--realm=test'],
        ...['--allow-loopback-peers', '--no-cli', '--no-tls', '--no-dtls', '--log-file=stdout'],
        ...[`--pidfile=${join(folder, 'pid')}`, `--userdb=${join(folder, 'db')}`],
      ],
      { cwd: folder, stdio: 'ignore' },
    );
    await answersAt(port);
  });
  after(async () => {
    relay.kill('SIGKILL');
    await once(relay, 'close');
    await rm(folder, { recursive: true });
  });

  /** Whether it relays for whoever has these credentials. */
  const relays = async ({ username, credential }: IceServer): Promise<boolean> => {
    const client = spawn('turnutils_uclient', [
      ...['-y', '-n', '3', '-u', username, '-w', credential],
      ...['-p', String(port), '-e', '127.0.0.1', '127.0.0.1'],
    ]);
    client.stdout.resume();
    client.stderr.resume();
    const [code] = (await once(client, 'close')) as [number | null];
    return code === 0;
  };
  const credentials = (now: number, secret = SECRET) => {
    const turn = new Turn({ urls: URLS, secret, ttlMs: 60_000 }, () => now);
    const [server] = turn.serversFor('alice');
    assert.ok(server);
    return server;
  };

  it('relays with the credentials that were handed out, and with no others', async () => {
    const server = await createCallServer({
      authenticate: authenticateDemo,
      port: 0,
      turn: { urls: [`turn:127.0.0.1:${String(port)}`], secret: SECRET },
    });
    const [handed] = await iceServersOf(server.url, 'alice-1');
    await server.close();
    assert.ok(handed);
    const now = Date.now();
    assert.deepEqual(
      await Promise.all([
        relays(handed),
        relays(credentials(now - 120_000)),
        relays(credentials(now, 'another secret')),
        relays({ ...handed, username: handed.username.replace('alice', 'bob') }),
      ]),
      [true, false, false, false],
    );
  });
});

async function freePort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
