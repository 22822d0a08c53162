import assert from 'node:assert/strict';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { Manager } from 'socket.io-client';
import { useClients } from '../../test/support/clients.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import { inviteBy, say as messageOf, type WireClient } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer, lineLogger, type CallServer } from '../index.js';
import { MAX_HELLOS } from '../limits/limits.js';

const PATIENCE_MS = 8_000;
/** What Socket.IO says: that it wishes to connect, and that it disconnects. */
const connectAs = (userID: string) => `0${JSON.stringify({ userID, deviceID: `${userID}-1` })}`;
const DISCONNECT = '1';

describe('the door', () => {
  let server: CallServer;
  /** Who was asked to prove who that is. */
  let asked: string[];
  let log: string[];
  const clients = useClients();
  beforeEach(async () => {
    asked = [];
    log = [];
    server = await createCallServer({
      authenticate: (credentials) => {
        asked.push(credentials.userID);
        return credentials.userID === 'mallory'
          ? Promise.resolve({ ok: false, message: 'This user is not let in.' })
          : authenticateDemo(credentials);
      },
      port: 0,
      // What is closed here is not closed because it took its time.
      connectTimeoutMs: 600_000,
      limits: { ...UNLIMITED, devicesPerUser: 2 },
      push: false,
      logger: lineLogger((line) => log.push(line), 'debug'),
    });
  });
  afterEach(() => server.close());

  const connect = (deviceID: string) => clients.ready(server.url, deviceID);
  /** Says these at once, as soon as there is a WebSocket. @returns what it was told until it was closed */
  const say = async (...packets: string[]): Promise<string[]> => {
    const manager = new Manager(server.url, { transports: ['websocket'], reconnection: false });
    const told: string[] = [];
    manager.engine.once('open', () => {
      for (const packet of packets) manager.engine.write(packet);
    });
    manager.engine.on('data', (packet) => told.push(String(packet)));
    const signal = AbortSignal.timeout(PATIENCE_MS);
    await once(manager as unknown as NodeJS.EventEmitter, 'close', { signal });
    return told;
  };
  /** How many lines say that something was refused for this. */
  const logged = (cause: string) =>
    log.filter((line) => line.includes(' refused ') && line.includes(`"${cause}"`)).length;
  const devices = async (by: WireClient, user: string) => {
    const answer = (await by.send(inviteBy(by, 'c', [user]))) as { reached: { devices: number }[] };
    return answer.reached[0]?.devices;
  };

  it('asks once who it is, and closes a connection that would be somebody else, too', async () => {
    const packets = Array.from({ length: 50 }, (_, index) => connectAs(`eve${String(index)}`));
    await say(...packets);
    assert.deepEqual(asked, ['eve0']);
    assert.deepEqual(server.refused, { malformed: 1 });
    assert.equal(logged('malformed'), 1);
    assert.deepEqual(await server.users(), []);
  });

  it('closes a connection that it has refused, and says why before', async () => {
    const told = await say(connectAs('mallory'));
    const why = { message: 'This user is not let in.', data: { code: 'refused' } };
    assert.deepEqual(told, [`4${JSON.stringify(why)}`]);
  });

  it('closes a connection whose device says that it goes', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const closed = alice.once('disconnect');
    alice.socket.io.engine.write(DISCONNECT);
    assert.equal(await closed, 'transport close');
    assert.equal(await devices(bob, 'alice'), 0);
  });

  it('counts whom it refuses, and logs each', async () => {
    await connect('alice-1');
    await connect('alice-2');
    await assert.rejects(connect('alice-3'));
    await assert.rejects(connect('mallory-1'));
    await assert.rejects(clients.ready(server.url, 'x-1', { userID: 'two words' }));
    await assert.rejects(clients.connect(server.url, 'x-1', {}, { extraHeaders: { origin: 'x' } }));
    const refused = {
      'too-many-connections': 1,
      unproved: 1,
      'foreign-origin': 1,
      malformed: 1,
    };
    assert.deepEqual(server.refused, refused);
    for (const cause of Object.keys(refused)) assert.equal(logged(cause), 1, cause);
  });

  it('answers few hellos of a connection, and closes it at the next one', async () => {
    const alice = await connect('alice-1');
    for (let count = 1; count < MAX_HELLOS; count += 1) await alice.hello();
    const closed = alice.once('disconnect');
    alice.hello().catch(() => {});
    assert.equal(await closed, 'transport close');
    assert.equal(server.refused['too-many'], 1);
    await connect('alice-1');
  });

  it('cuts off a client that does not read, and nobody else', async () => {
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
    // The system takes some, too, before anything has to wait.
    let sent = 0;
    while (sent < 1_000 && (await reached())) sent += 1;
    assert.ok(sent < 1_000, 'it goes on for ever');
    assert.equal(server.refused.unread, 1);
    assert.equal(logged('unread'), 1);
    assert.deepEqual(await server.users(), [{ userID: 'bob', userName: 'bob' }]);
  });
});
