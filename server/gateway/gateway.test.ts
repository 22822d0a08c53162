import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { Manager } from 'socket.io-client';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { UNLIMITED } from '../../test/support/unlimited.js';
import { invite, inviteBy, ringing, createMessage } from '../../test/support/wire-client.js';

describe('the gateway', () => {
  let server: CallServerProcess;
  const clients = useClients();
  before(async () => {
    server = await CallServerProcess.start({
      connectTimeoutMs: 300,
      limits: UNLIMITED,
      rejectedUser: 'mallory',
      origins: ['https://pages.example'],
    });
  });
  after(() => server.stop());

  const connect = (deviceID: string, auth?: Readonly<Record<string, unknown>>) =>
    clients.ready(server.url, deviceID, auth);
  const isOf = (call: string) => (message: Record<string, unknown>) => message['callID'] === call;
  const rejectionOf = async (
    deviceID: string,
    auth: Readonly<Record<string, unknown>>,
    headers: Record<string, string> = {},
  ) => {
    const error = await clients.connect(server.url, deviceID, auth, { extraHeaders: headers }).then(
      () => undefined,
      (reason: unknown) => reason as Error & { data?: unknown },
    );
    return { message: error?.message ?? '(accepted)', data: error?.data };
  };

  it('rejects a handshake with a missing or invalid userID or deviceID, with a reason', async () => {
    const cases: [string, Record<string, unknown>, RegExp][] = [
      ['x-1', { userID: undefined }, /userID/],
      ['x-1', { userID: '' }, /userID/],
      ['x-1', { userID: 'two words' }, /userID/],
      ['x-1', { userID: 'x'.repeat(129) }, /userID/],
      ['x-1', { userID: { toString: 'x' } }, /userID/],
      ['', {}, /userID|deviceID/],
      ['x-1', { deviceID: undefined }, /deviceID/],
      ['x-1', { deviceID: '@server' }, /deviceID/],
      ['x-1', { deviceID: 7 }, /deviceID/],
    ];
    for (const [deviceID, auth, pattern] of cases) {
      const { message, data } = await rejectionOf(deviceID, auth);
      assert.match(message, pattern, JSON.stringify(auth));
      assert.deepEqual(data, { code: 'refused' });
    }
  });

  it('rejects a user whom `authenticate` rejects', async () => {
    const { message } = await rejectionOf('mallory-1', {});
    assert.equal(message, 'This user is not let in.');
  });

  it('rejects pages of other origins, and accepts clients without an Origin header', async () => {
    const { message } = await rejectionOf('eve-1', {}, { origin: 'https://evil.example' });
    assert.match(message, /origin/);
    const page = await clients.connect(
      server.url,
      'eve-1',
      {},
      { extraHeaders: { origin: 'https://pages.example' } },
    );
    assert.equal(page.socket.connected, true);
  });

  it('keeps devices of two users apart that have the same device ID', async () => {
    const alice = await connect('alice-1');
    const eve = await connect('alice-1', { userID: 'eve' });
    const bob = await connect('bob-1');
    assert.deepEqual(await bob.send(inviteBy(bob, 'same', ['alice'])), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    await alice.next('invite');
    // Also when one of the two devices sends a message to the other.
    const call = inviteBy({ userID: 'eve', deviceID: 'alice-1' }, 'to-alice', ['alice']);
    assert.deepEqual(await eve.send(call), { reached: [{ user: 'alice', devices: 1 }] });
    await alice.next('invite', ({ callID }) => callID === 'to-alice');
    assert.equal(eve.received.length, 0);
    eve.close();
    const back = await connect('alice-1');
    assert.equal(back.socket.connected, true);
  });

  it('closes the older of two connections of the same device', async () => {
    const older = await connect('alice-1');
    const ended = older.once('disconnect');
    const newer = await connect('alice-1');
    assert.equal(await ended, 'io server disconnect');
    const bob = await connect('bob-1');
    assert.deepEqual(await bob.send(inviteBy(bob, 'newer', ['alice'])), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    await newer.next('invite', ({ callID }) => callID === 'newer');
    assert.equal(
      older.received.some(({ callID }) => callID === 'newer'),
      false,
    );
  });

  it('closes the connection of a device that a new device replaces', async () => {
    const older = await connect('alice-1');
    const ended = older.once('disconnect');
    await connect('alice-2', { replaces: 'alice-1' });
    assert.equal(await ended, 'io server disconnect');
  });

  it("does not close the connection of another user's device that a client claims to replace", async () => {
    const alice = await connect('alice-1');
    const eve = await connect('eve-1', { replaces: 'alice-1' });
    await eve.hello({ replaces: 'alice-1' });
    assert.deepEqual(await eve.send(inviteBy(eve, 'trick', ['alice'])), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    assert.equal(alice.socket.connected, true);
  });

  it('closes a connection that never authenticates', async () => {
    const manager = new Manager(server.url, { transports: ['websocket'], reconnection: false });
    const closed = new Promise((resolve) => manager.once('close', resolve));
    assert.equal(await closed, 'transport close');
  });

  it('keeps the connection open after invalid messages, and counts them by cause', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const { refused: before, log } = await server.report();
    const lines = log.length;
    const error = { error: { code: 'invalid-argument' } };
    for (const junk of [undefined, null, 7, 'x', [], {}, { ...ringing('c', ['bob']), id: 5 }]) {
      assert.deepEqual(await alice.send(junk), error);
    }
    assert.deepEqual(await alice.send({ ...ringing('c', ['bob']), type: 'wave' }), error);
    assert.deepEqual(await alice.send({ ...ringing('c', ['bob']), v: 3 }), error);
    assert.deepEqual(await alice.send({ ...ringing('c', ['bob']), blob: Buffer.from('x') }), error);
    const lost = createMessage('leave', 'c', ['bob'], { reason: 'connection-lost', lost: 'bob-1' });
    assert.deepEqual(await alice.send(lost), { error: { code: 'not-allowed' } });
    alice.socket.emit('wave', 1);
    alice.socket.emit('hello', 'nonsense');
    alice.socket.emit('message', null);
    alice.socket.emit('message', ringing('c', []), 'no function');
    assert.deepEqual(await alice.send(invite('taken', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
    assert.equal((await bob.allFrom(alice)).filter(isOf('taken')).length, 1);
    const { refused, log: after } = await server.report();
    const counted = (cause: keyof typeof refused) => (refused[cause] ?? 0) - (before[cause] ?? 0);
    assert.deepEqual(
      {
        malformed: counted('malformed'),
        type: counted('unknown-type'),
        version: counted('foreign-version'),
        role: counted('forged-role'),
      },
      { malformed: 11, type: 1, version: 1, role: 1 },
    );
    // One log line for each cause on a connection, however often it occurs.
    assert.equal(after.slice(lines).filter((line) => / debug rejected /.test(line)).length, 4);
  });

  it('closes a connection that sends an oversized message, and serves the others', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const pad = (bytes: number) => {
      const message = { ...invite(`long-${bytes}`, ['bob']), pad: '' };
      return { ...message, pad: 'x'.repeat(bytes - JSON.stringify(message).length) };
    };
    assert.deepEqual(await alice.send(pad(65_536)), { reached: [{ user: 'bob', devices: 1 }] });
    const closed = alice.once('disconnect');
    alice.send(pad(65_700)).catch(() => {});
    assert.equal(await closed, 'transport close');
    const back = await connect('alice-1');
    assert.deepEqual(await back.send(invite('after', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
    const invites = (await bob.allFrom(back)).filter(({ type }) => type === 'invite');
    const receivedIDs = invites.map(({ callID }) => callID);
    assert.deepEqual(
      receivedIDs.filter((callID) => /^(long|after)/.test(String(callID))),
      ['long-65536', 'after'],
    );
    assert.equal((await server.report()).refused.oversized, 1);
  });

  it('stamps each message with its sender and a strictly increasing time, and ignores claimed values', async () => {
    const [alice, bob] = [
      await connect('alice-1', { userName: ' Alice ' }),
      await connect('bob-1'),
    ];
    const claim = {
      from: { userID: 'bob', userName: 'B', deviceID: '@server' },
      at: 1,
      replay: true,
    };
    for (let count = 0; count < 20; count += 1) {
      const sent = inviteBy(alice, `stamped-${count}`, ['bob']);
      await alice.send({ ...sent, ...claim, novelty: 'unknown here' });
    }
    const received = (await bob.allFrom(alice)).filter(({ callID }) =>
      String(callID).startsWith('stamped'),
    );
    assert.equal(received.length, 20);
    for (const message of received) {
      assert.deepEqual(message['from'], {
        userID: 'alice',
        userName: 'Alice',
        deviceID: 'alice-1',
      });
      assert.equal(message['replay'], undefined);
      assert.equal(message['novelty'], undefined);
    }
    const times = received.map(({ at }) => at as number);
    assert.equal(new Set(times).size, 20);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });

  it('uses the userID as the display name if there is none, and truncates long names', async () => {
    const bob = await connect('bob-1');
    const names: [string, unknown, string][] = [
      ['a-1', undefined, 'a'],
      ['b-1', '', 'b'],
      ['c-1', 7, 'c'],
      ['d-1', 'x'.repeat(200), 'x'.repeat(128)],
    ];
    for (const [deviceID, userName, expected] of names) {
      const client = await connect(deviceID, { userName });
      await client.send(inviteBy(client, `by-${deviceID}`, ['bob']));
      const { from } = await bob.next('invite', (message) => message.from.deviceID === deviceID);
      assert.equal(from.userName, expected);
    }
  });

  it('delivers an invite of another protocol version with a stamp, and does not store it in an inbox', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const foreign = { ...invite('foreign', ['bob', 'carol']), v: 2, records: 'of another shape' };
    assert.deepEqual(await alice.send(foreign), {
      reached: [
        { user: 'bob', devices: 1 },
        { user: 'carol', devices: 0 },
      ],
    });
    const [received] = (await bob.allFrom(alice)).filter(isOf('foreign'));
    assert.equal(received?.['v'], 2);
    // The answer to it is delivered to the caller.
    const decline = { round: 1, reason: 'unsupported', customData: '' } as const;
    await bob.send(createMessage('decline', 'foreign', ['alice'], decline));
    await alice.next('decline', ({ callID }) => callID === 'foreign');
    assert.deepEqual(received['from'], { userID: 'alice', userName: 'alice', deviceID: 'alice-1' });
    const carol = await connect('carol-1');
    assert.deepEqual(await carol.hello(), {
      missed: [],
      settled: [],
      history: 0,
      busy: [],
      preferences: { blocked: [] },
    });
    assert.equal((await carol.allFrom(alice)).length, 0);
  });

  it('rejects messages about a call from a user who is not a member', async () => {
    const [alice, bob, eve] = [
      await connect('alice-1'),
      await connect('bob-1'),
      await connect('eve-1'),
    ];
    await alice.send(invite('secret', ['bob']));
    await bob.next('invite');
    const denied = { error: { code: 'not-allowed' } };
    const cancel = { user: 'bob', reason: 'canceled', customData: '' } as const;
    for (const message of [
      createMessage('cancel', 'secret', ['bob'], cancel),
      createMessage('select', 'secret', ['bob'], { user: 'bob' }),
      createMessage('end', 'secret', ['bob'], { reason: 'initiator-left' }),
      createMessage('roster', 'secret', ['bob'], {}),
      invite('secret', ['bob']),
    ]) {
      assert.deepEqual(await eve.send(message), denied, message.type);
    }
    assert.equal((await bob.allFrom(alice)).filter(isOf('secret')).length, 1);
    const second = await connect('bob-2');
    assert.equal((await second.allFrom(alice)).filter(isOf('secret')).length, 1);
  });

  it('preserves the order of 200 messages that a connection sends at once', async () => {
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    await bob.send(inviteBy(bob, 'order', ['alice']));
    await alice.next('invite', ({ callID }) => callID === 'order');
    const sent = Array.from({ length: 200 }, () => ringing('order', ['bob']));
    const answers = await Promise.all(sent.map((message) => alice.send(message)));
    assert.equal(answers.filter((answer) => 'reached' in (answer as object)).length, 200);
    assert.deepEqual(
      (await bob.allFrom(alice)).filter(isOf('order')).map(({ id }) => id),
      sent.map(({ id }) => id),
    );
  });

  it('releases the resources of a client that disconnects while it is being admitted', async () => {
    const manager = new Manager(server.url, { transports: ['websocket'], reconnection: false });
    const socket = manager.socket('/', { auth: { userID: 'hasty', deviceID: 'hasty-1' } });
    manager.engine.once('open', () => {
      socket.connect();
      setImmediate(() => manager.engine.close());
    });
    await once(manager as unknown as NodeJS.EventEmitter, 'close');
    const bob = await connect('bob-1');
    assert.deepEqual(await bob.send(inviteBy(bob, 'hasty', ['hasty'])), {
      reached: [{ user: 'hasty', devices: 0 }],
    });
  });
});
