import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Manager } from 'socket.io-client';
import { useClients } from '../../test/support/clients.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import {
  inviteBy,
  createMessage as messageOf,
  type WireClient,
} from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer, lineLogger, type CallServer } from '../index.js';
import { MAX_HELLOS } from '../limits/limits.js';

const PATIENCE_MS = 30_000;
/** CONNECT and DISCONNECT packets of Socket.IO. */
const connectAs = (userID: string) => `0${JSON.stringify({ userID, deviceID: `${userID}-1` })}`;
const DISCONNECT = '1';

describe('the authentication of connections', () => {
  let server: CallServer;
  /** User IDs for which `authenticate` was called. */
  let authenticated: string[];
  let log: string[];
  const clients = useClients();
  beforeEach(async () => {
    authenticated = [];
    log = [];
    server = await createCallServer({
      authenticate: (credentials) => {
        authenticated.push(credentials.userID);
        return credentials.userID === 'mallory'
          ? Promise.resolve({ ok: false, message: 'This user may not connect.' })
          : authenticateDemo(credentials);
      },
      port: 0,
      // Long enough that no connection in these tests is closed by the time-out.
      connectTimeoutMs: 600_000,
      limits: { ...UNLIMITED, devicesPerUser: 2 },
      push: false,
      logger: lineLogger((line) => log.push(line), 'debug'),
    });
  });
  afterEach(() => server.close());

  const connect = (deviceID: string) => clients.ready(server.url, deviceID);
  /** Sends packets as soon as the WebSocket is open. @returns the packets received until it was closed */
  const exchangePackets = async (...packets: string[]): Promise<string[]> => {
    const manager = new Manager(server.url, { transports: ['websocket'], reconnection: false });
    const received: string[] = [];
    manager.engine.once('open', () => {
      for (const packet of packets) manager.engine.write(packet);
    });
    manager.engine.on('data', (packet) => received.push(String(packet)));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await once(manager as unknown as NodeJS.EventEmitter, 'close', { signal });
    return received;
  };
  /** Number of log lines that report a rejection with this cause. */
  const logged = (cause: string) =>
    log.filter((line) => line.includes(' rejected ') && line.includes(`"${cause}"`)).length;
  const devices = async (by: WireClient, user: string) => {
    const answer = (await by.send(inviteBy(by, 'c', [user]))) as { reached: { devices: number }[] };
    return answer.reached[0]?.devices;
  };

  it('authenticates a connection once, and closes it when it sends another CONNECT packet', async () => {
    const packets = Array.from({ length: 50 }, (_, index) => connectAs(`eve${String(index)}`));
    await exchangePackets(...packets);
    assert.deepEqual(authenticated, ['eve0']);
    assert.deepEqual(server.refused, { malformed: 1 });
    assert.equal(logged('malformed'), 1);
    assert.deepEqual(await server.users(), []);
  });

  it('sends the reason to a rejected client, then closes the connection', async () => {
    const received = await exchangePackets(connectAs('mallory'));
    const why = { message: 'This user may not connect.', data: { code: 'refused' } };
    assert.deepEqual(received, [`4${JSON.stringify(why)}`]);
  });

  it('closes a connection after a DISCONNECT packet', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const closed = alice.once('disconnect');
    alice.socket.io.engine.write(DISCONNECT);
    assert.equal(await closed, 'transport close');
    assert.equal(await devices(bob, 'alice'), 0);
  });

  it('counts and logs rejected connections by cause', async () => {
    await connect('alice-1');
    await connect('alice-2');
    await assert.rejects(connect('alice-3'));
    await assert.rejects(connect('mallory-1'));
    await assert.rejects(clients.ready(server.url, 'x-1', { userID: 'two words' }));
    await assert.rejects(clients.connect(server.url, 'x-1', {}, { extraHeaders: { origin: 'x' } }));
    const rejections = {
      'too-many-connections': 1,
      unproved: 1,
      'foreign-origin': 1,
      malformed: 1,
    };
    assert.deepEqual(server.refused, rejections);
    for (const cause of Object.keys(rejections)) assert.equal(logged(cause), 1, cause);
  });

  it('answers MAX_HELLOS hellos on a connection, and closes it at the next one', async () => {
    const alice = await connect('alice-1');
    for (let count = 1; count < MAX_HELLOS; count += 1) await alice.hello();
    const closed = alice.once('disconnect');
    alice.hello().catch(() => {});
    assert.equal(await closed, 'transport close');
    assert.equal(server.refused['too-many'], 1);
    await connect('alice-1');
  });

  it('terminates the connection of a client that does not read, and no other', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const { ws } = alice.socket.io.engine.transport as unknown as { ws: { pause(): void } };
    ws.pause();
    await bob.send(inviteBy(bob, 'c', ['alice']));
    const long = messageOf('signal', 'c', ['alice'], {
      link: 1,
      data: { pad: 'x'.repeat(60_000) },
    });
    const reached = async () => {
      await bob.send(long);
      return (await server.users()).some(({ userID }) => userID === 'alice');
    };
    // The operating system buffers some of the data first.
    let sent = 0;
    while (sent < 1_000 && (await reached())) sent += 1;
    assert.ok(sent < 1_000, 'the connection was not terminated');
    assert.equal(server.refused.unread, 1);
    assert.equal(logged('unread'), 1);
    assert.deepEqual(await server.users(), [{ userID: 'bob', userName: 'bob' }]);
  });
});
