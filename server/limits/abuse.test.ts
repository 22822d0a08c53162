import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { assertDelayed, isRateLimited, reached } from '../../test/support/answers.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import type { ServeOptions } from '../../test/support/serve.js';
import {
  invite,
  inviteBy,
  record,
  ringing,
  createMessage,
} from '../../test/support/wire-client.js';

describe('a server whose limits are exceeded', () => {
  let server: CallServerProcess;
  const clients = useClients();
  afterEach(async () => {
    await server.stop();
  });
  const start = async (options: ServeOptions) => {
    server = await CallServerProcess.start(options);
  };
  const connect = async (deviceID: string, headers: Record<string, string> = {}) => {
    const client = await clients.connect(server.url, deviceID, {}, { extraHeaders: headers });
    await client.hello();
    return client;
  };

  it('rejects a flood of messages with a time to wait, and serves other clients', async () => {
    // Two of the points are used for the hello and for one message.
    await start({
      limits: {
        messages: { points: 102, seconds: 600 },
        trafficPerPair: { points: 1_000_000, seconds: 1 },
      },
    });
    const [eve, alice, bob] = [
      await connect('eve-1'),
      await connect('alice-1'),
      await connect('bob-1'),
    ];
    await bob.send(inviteBy(bob, 'c', ['eve']));
    await eve.next('invite');
    await eve.send(ringing('c', ['bob']));
    const flood = Array.from({ length: 10_000 }, () => eve.send(ringing('c', ['bob'])));
    const answer = await alice.send(invite('d', ['bob']));
    assert.deepEqual(answer, reached('bob'));
    const answers = await Promise.all(flood);
    assert.equal(answers.filter(isRateLimited).length, 9_900);
    assert.deepEqual(await alice.send(invite('e', ['bob'])), answer);
    assert.equal((await bob.allFrom(alice)).length, 103);
    assert.equal(eve.socket.connected, true);
    assert.equal((await server.report()).refused['too-many'], 9_900);
  });

  it('limits the invitations of a caller, and of a caller to one callee', async () => {
    await start({
      limits: {
        invitationsPerCaller: { points: 3, seconds: 600 },
        invitationsPerPair: { points: 2, seconds: 600 },
      },
    });
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    const carol = await connect('carol-1');
    assert.deepEqual(await alice.send(invite('one', ['bob'])), reached('bob'));
    assert.deepEqual(await alice.send(invite('two', ['bob'])), reached('bob'));
    assert.ok(isRateLimited(await alice.send(invite('three', ['bob']))));
    assert.ok(
      isRateLimited(await alice.send(invite('four', ['carol']))),
      'the limit of three invitations is used up',
    );
    // Other messages are still accepted.
    await alice.send(createMessage('leave', 'two', ['bob'], { reason: 'canceled' }));
    assert.deepEqual(
      (await bob.allFrom(carol)).map(({ callID, type }) => `${String(type)} ${String(callID)}`),
      ['invite one', 'invite two', 'cancel two', 'leave two'],
    );
    const second = await connect('bob-2');
    assert.equal(
      (await second.allFrom(carol)).length,
      1,
      'stored for a device that connects later',
    );
  });

  it('rejects invitations of more users than a call can have, and continues the call', async () => {
    await start({ limits: { invitationsPerCaller: { points: 1_000, seconds: 60 } } });
    const [alice, bob] = [await connect('alice-1'), await connect('bob-1')];
    await alice.send(inviteBy(alice, 'c', ['bob']));
    const crowd = (from: number) =>
      Array.from({ length: 60 }, (_, index) => `user-${String(from + index)}`);
    const answers: { error?: unknown }[] = [];
    for (let from = 0; from < 300; from += 60) {
      answers.push((await alice.send(inviteBy(alice, 'c', crowd(from)))) as { error?: unknown });
    }
    assert.deepEqual(
      answers.map(({ error }) => error),
      [undefined, undefined, undefined, undefined, { code: 'not-allowed' }],
    );
    assert.equal((await server.report()).refused['too-many'], 1);
    await bob.send(ringing('c', ['alice']));
    assert.equal((await alice.allFrom(bob)).at(-1)?.['type'], 'ringing');
  });

  it('accepts ten devices of a user, and answers `unavailable` to further ones', async () => {
    await start({});
    for (let count = 1; count <= 10; count += 1) await connect(`alice-${String(count)}`);
    const rejection = { data: { code: 'unavailable' }, message: /too many devices/ };
    await assert.rejects(connect('alice-11'), rejection);
    const bob = await connect('bob-1');
    assert.deepEqual(await bob.send(inviteBy(bob, 'c', ['alice'])), reached('alice', 10));
    // The same device again, or one that replaces another, does not exceed the limit.
    await connect('alice-10');
    await clients.ready(server.url, 'alice-12', { replaces: 'alice-10' });
    await assert.rejects(connect('alice-11'), rejection);
  });

  it('limits the connection attempts of a user, who may retry later', async () => {
    await start({ limits: { attemptsPerUser: { points: 2, seconds: 600 } } });
    await connect('alice-1');
    await connect('alice-2');
    await assertDelayed(connect('alice-3'));
    await connect('bob-1');
  });

  it('limits the connections of an address, and uses the proxy’s header only if the proxy is trusted', async () => {
    await start({ limits: { connectionsPerAddress: 1 }, trustedProxies: 1 });
    const from = (address: string) => ({ 'x-forwarded-for': `203.0.113.9, ${address}` });
    const first = await connect('alice-1', from('192.0.2.1'));
    await assert.rejects(connect('alice-2', from('192.0.2.1')));
    await connect('bob-1', from('192.0.2.2'));
    const closed = first.once('disconnect');
    first.close();
    await closed;
    // The server may not have noticed yet that the connection has closed.
    const isBack = () =>
      connect('alice-2', from('192.0.2.1')).then(
        () => true,
        () => false,
      );
    await eventually(isBack, 'another connection is accepted');
    await server.stop();
    await start({ limits: { connectionsPerAddress: 1 } });
    await connect('alice-1', from('192.0.2.1'));
    await assert.rejects(connect('bob-1', from('192.0.2.2')));
  });
});

describe('a blocked caller', () => {
  let server: CallServerProcess;
  const clients = useClients();
  afterEach(async () => {
    await server.stop();
  });
  const start = async (blocked: Record<string, readonly string[]>, ...deviceIDs: string[]) => {
    server = await CallServerProcess.start({ blocked });
    return Promise.all(deviceIDs.map(connect));
  };
  const connect = (deviceID: string) => clients.ready(server.url, deviceID);

  it('gets the answer for a callee without devices, and reaches nobody', async () => {
    const [alice, bob, carol] = await start({ alice: ['bob'] }, 'alice-1', 'bob-1', 'carol-1');
    assert.ok(alice && bob && carol);
    const more = { group: true };
    assert.deepEqual(await alice.send(invite('c', ['nobody', 'bob', 'carol'], more)), {
      reached: [
        { user: 'nobody', devices: 0 },
        { user: 'bob', devices: 0 },
        { user: 'carol', devices: 1 },
      ],
    });
    assert.deepEqual(await alice.send({ ...invite('foreign', ['bob']), v: 2 }), reached('bob', 0));
    for (const to of ['bob', 'nobody', 'carol']) {
      for (const message of [
        ringing('c', [to]),
        createMessage('roster', 'c', [to], { records: [record(to, 'inviting')] }),
        createMessage('cancel', 'c', [to], { user: to, reason: 'timeout', customData: '' }),
        createMessage('seen', 'c', [to], { callIDs: ['c'] }),
        createMessage('signal', 'c', [to], { link: 1, data: {} }),
        ringing('another', [to]),
      ]) {
        assert.deepEqual(await alice.send(message), { reached: [] }, `${message.type} ${to}`);
      }
    }
    assert.equal((await bob.allFrom(carol)).length, 0);
    const later = await connect('bob-2');
    assert.deepEqual(await later.hello(), {
      missed: [],
      settled: [],
      history: 0,
      busy: [],
      preferences: { blocked: [] },
    });
  });

  it('can answer calls from the user who blocks them', async () => {
    const [alice, bob] = await start({ alice: ['bob'] }, 'alice-1', 'bob-1');
    assert.ok(alice && bob);
    assert.deepEqual(await bob.send(inviteBy(bob, 'c', ['alice'])), reached('alice'));
    await alice.send(ringing('c', ['bob']));
    await bob.next('ringing');
    assert.deepEqual(await alice.send(invite('d', ['bob'])), reached('bob', 0));
  });

  it('can call the other members of a group, and is in a call with users whom these invite', async () => {
    const [alice, bob, carol] = await start({ alice: ['carol'] }, 'alice-1', 'bob-1', 'carol-1');
    assert.ok(alice && bob && carol);
    assert.deepEqual(await alice.send(invite('c', ['bob', 'carol'], { group: true })), {
      reached: [
        { user: 'bob', devices: 1 },
        { user: 'carol', devices: 0 },
      ],
    });
    const accept = createMessage('accept', 'c', ['alice'], { round: 1, customData: '' });
    await bob.send(accept);
    await alice.next('accept');
    await alice.send({
      ...createMessage('select', 'c', ['bob'], { user: 'bob' }),
      records: [record('bob', 'in', { device: 'bob-1' })],
    });
    const state = (to: string) => createMessage('state', 'c', [to], { phase: 'in', round: 1 });
    await alice.send(state('carol'));
    assert.deepEqual(await bob.send(invite('c', ['carol'])), reached('carol'));
    await alice.send(state('carol'));
    assert.deepEqual(
      (await carol.allFrom(bob)).map(({ type }) => type),
      ['invite', 'state'],
    );
  });
});
