import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { InvitationService } from '../../src/core/service/invitation-service.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { Balancer } from '../../test/support/balancer.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import {
  invite,
  inviteBy,
  record,
  createMessage,
  WireClient,
} from '../../test/support/wire-client.js';

describe('several servers with one Redis', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  let one: CallServerProcess;
  let two: CallServerProcess;
  let three: CallServerProcess;
  let killed: CallServerProcess | undefined;
  const clients = useClients();
  before(async () => {
    redis = await RedisServer.start({ keeps: true });
    const start = () => CallServerProcess.start({ redis: redis.url, vanishAfterMs: 200 });
    [one, two, three] = await Promise.all([start(), start(), start()]);
  });
  after(async () => {
    await Promise.all([one.stop(), two.stop(), three.stop()]);
    await redis.stop();
  });
  afterEach(async () => {
    await killed?.startAgain();
    killed = undefined;
  });

  const kill = async (node: CallServerProcess) => {
    killed = node;
    await node.kill();
  };
  const ready = (node: CallServerProcess, deviceID: string) => clients.ready(node.url, deviceID);
  const alicesRecord = record('alice', 'in', { device: 'alice-1' });
  const select = (callID: string, deviceID: string, to: readonly string[] = []) => {
    const [user = ''] = deviceID.split('-');
    return {
      ...createMessage('select', callID, [user, ...to], { user }),
      records: [alicesRecord, record(user, 'in', { device: deviceID })],
    };
  };
  /** Types of all messages of a call that a client has received by now. */
  const typesOf = async (client: WireClient, other: WireClient, call: string) =>
    (await client.allFrom(other)).filter(({ callID }) => callID === call).map(({ type }) => type);
  const accept = (callID: string) =>
    createMessage('accept', callID, ['alice', 'bob'], { round: 1, customData: '' });

  it('deliver calls among nodes, and report to the caller how many devices were reached', async () => {
    const alice = await ready(one, 'alice-1');
    const bobs = [await ready(two, 'bob-1'), await ready(one, 'bob-2'), await ready(two, 'bob-3')];
    assert.deepEqual(await alice.send(invite('across', ['bob', 'away'])), {
      reached: [
        { user: 'bob', devices: 3 },
        { user: 'away', devices: 0 },
      ],
    });
    for (const bob of bobs) await bob.next('invite');
    const [bob] = bobs as [WireClient, ...WireClient[]];
    assert.deepEqual(await bob.send(accept('across')), { reached: [] });
    await alice.next('accept');
    for (const sibling of bobs.slice(1)) await sibling.next('accept');
    await alice.send(select('across', 'bob-1'));
    const signal = {
      ...createMessage('signal', 'across', ['bob'], { link: 1, data: {} }),
      toDevice: 'bob-1',
    };
    assert.deepEqual(await alice.send(signal), { reached: [] });
    await bob.next('signal');
    // The rules apply across nodes as well.
    const eve = await ready(two, 'eve-1');
    const cancel = { user: 'bob', reason: 'canceled', customData: '' } as const;
    assert.deepEqual(await eve.send(createMessage('cancel', 'across', ['bob'], cancel)), {
      error: { code: 'not-allowed' },
    });
  });

  it('deliver a stored invitation, and later the missed call, on another node', async () => {
    const alice = await ready(one, 'alice-1');
    await alice.send(invite('kept', ['bob']));
    const bob = await ready(two, 'bob-1');
    assert.equal((await bob.next('invite')).replay, true);
    bob.close();
    const zoe = await ready(one, 'zoe-1');
    await eventually(
      async () =>
        JSON.stringify(await zoe.send(inviteBy(zoe, 'probe', ['bob']))).includes('"devices":0'),
      'bob is disconnected',
    );
    const cancel = { user: 'bob', reason: 'timeout', customData: '' } as const;
    await alice.send(createMessage('cancel', 'kept', ['bob'], cancel));
    const back = await clients.connect(one.url, 'bob-2');
    const { missed } = await back.hello();
    assert.deepEqual(
      missed.map(({ invite: { callID }, fresh }) => [callID, fresh]),
      [['kept', true]],
    );
  });

  it('close the older connection of a device that connects to another node', async () => {
    const older = await ready(one, 'bob-1');
    const ended = older.once('disconnect');
    const newer = await ready(two, 'bob-1');
    assert.equal(await ended, 'io server disconnect');
    const alice = await ready(one, 'alice-1');
    assert.deepEqual(await alice.send(invite('moved', ['bob'])), {
      reached: [{ user: 'bob', devices: 1 }],
    });
    await newer.next('invite');
  });

  it("keep a ringing call when the callee's node crashes", async () => {
    const alice = await ready(one, 'alice-1');
    const bob = await ready(two, 'bob-1');
    await alice.send(invite('callee', ['bob']));
    await bob.next('invite');
    await kill(two);
    const back = await ready(one, 'bob-1');
    assert.equal((await back.next('invite')).replay, true);
    await back.send(accept('callee'));
    await alice.next('accept');
    await alice.send(select('callee', 'bob-1'));
    await back.next('select');
    // There is only one outcome: no device gets another one, rings again or has a missed call.
    const second = await ready(one, 'bob-2');
    assert.deepEqual(await typesOf(alice, second, 'callee'), ['accept']);
    assert.deepEqual(await typesOf(back, second, 'callee'), ['invite', 'select']);
    const { missed, settled } = await second.hello();
    assert.equal(
      missed.some(({ invite: { callID } }) => callID === 'callee'),
      false,
    );
    assert.deepEqual(
      settled.filter(({ callID }) => callID === 'callee'),
      [{ callID: 'callee', round: 1, how: 'answered' }],
    );
  });

  it("continue a ringing call when the caller's node crashes and the caller reconnects", async () => {
    const alice = await ready(one, 'alice-1');
    const bob = await ready(two, 'bob-1');
    await alice.send(invite('caller', ['bob']));
    await bob.next('invite');
    await kill(one);
    const back = await clients.connect(two.url, 'alice-1');
    await back.hello({ current: { callID: 'caller', phase: 'in', round: 1 } });
    await bob.send(accept('caller'));
    await back.next('accept', ({ callID }) => callID === 'caller');
    const types = await typesOf(bob, back, 'caller');
    assert.deepEqual([...new Set(types)], ['invite'], 'at most a repeated invitation');
  });

  it('cancel a ringing call once when its caller is lost with a crashed node', async () => {
    const alice = await ready(one, 'alice-1');
    const bobs = [await ready(two, 'bob-1'), await ready(three, 'bob-2')] as const;
    // Their invitations end in the order in which they were stored, or in that of the names if that was the same millisecond:
    // that of Adam is a missed call when Bob hears of his.
    await alice.send(invite('gone', ['adam', 'bob']));
    for (const bob of bobs) await bob.next('invite');
    await kill(one);
    for (const bob of bobs) assert.equal((await bob.next('cancel')).reason, 'lost');
    const adam = await clients.connect(two.url, 'adam-1');
    const { missed } = await adam.hello();
    assert.deepEqual(
      missed.map(({ invite: { callID }, reason, fresh }) => ({ callID, reason, fresh })),
      [{ callID: 'gone', reason: 'canceled', fresh: true }],
    );
    for (const bob of bobs) {
      assert.deepEqual(await typesOf(bob, adam, 'gone'), ['invite', 'leave', 'cancel']);
    }
  });

  it('report a device once that is lost with a crashed node', async () => {
    const isOfTalk = ({ callID }: { readonly callID: string }) => callID === 'talk';
    const alice = await ready(one, 'alice-1');
    const bob = await ready(two, 'bob-1');
    const carol = await ready(three, 'carol-1');
    await alice.send(invite('talk', ['bob', 'carol']));
    await bob.next('invite');
    await alice.send(select('talk', 'bob-1', ['carol']));
    await alice.send(select('talk', 'carol-1', ['bob']));
    await kill(two);
    assert.equal((await alice.next('leave', isOfTalk)).lost, 'bob-1');
    assert.equal((await carol.next('leave', isOfTalk)).lost, 'bob-1');
    // A device that disconnects now would be reported later than a duplicate of the first report.
    carol.close();
    await alice.next('leave', ({ lost }) => lost === 'carol-1');
    const last = await ready(three, 'zoe-1');
    const types = (await alice.allFrom(last)).filter(
      ({ type, callID }) => type === 'leave' && callID === 'talk',
    );
    assert.deepEqual(
      types.map(({ lost }) => lost),
      ['bob-1', 'carol-1'],
    );
  });

  for (const [who, which] of [
    ['caller', 0],
    ['callee', 1],
  ] as const) {
    it(`reconnect the ${who} to another node while the call rings, and reach one outcome`, async () => {
      // Each phone is behind a load balancer that prefers another node.
      const servers = [one, two] as const;
      const balancers = [
        await Balancer.start([one.url, two.url]),
        await Balancer.start([two.url, one.url]),
      ] as const;
      const events: string[] = [];
      const phones = await Promise.all(
        [`${who}-fay`, `${who}-gil`].map(async (userID, index) => {
          const phone = new InvitationService({});
          phone.listen('onIncomingCallCanceled', () => events.push(`${index} canceled`));
          phone.listen('onIncomingCallTimeout', () => events.push(`${index} timeout`));
          phone.listen('onOutgoingCallAccepted', () => events.push(`${index} accepted`));
          const transport = createServerTransport(balancers[index]?.url ?? '');
          phone.start({ user: { userID, userName: userID }, transport });
          await until(phone.$connection, (state) => state === 'connected');
          return phone;
        }),
      );
      const [fay, gil] = phones as [InvitationService, InvitationService];
      try {
        const invitees = [{ userID: `${who}-gil`, userName: 'Gil' }];
        await fay.send({ invitees, callType: 'voice' });
        await until(gil.$call, ({ status }) => status === 'incoming');
        const disconnected = phones[which] as InvitationService;
        // The phone may reconnect before the process has ended.
        const isLost = until(disconnected.$connection, (state) => state !== 'connected');
        await kill(servers[which]);
        await isLost;
        await until(disconnected.$connection, (state) => state === 'connected');
        await gil.accept();
        for (const phone of phones) {
          await until(phone.$call, ({ status }) => status === 'active');
        }
        assert.deepEqual(events, ['0 accepted']);
        // No device rings for the call any more, and there is no missed call.
        const other = await clients.connect((which === 0 ? two : one).url, `${who}-gil-2`, {
          userID: `${who}-gil`,
        });
        const { missed, settled } = await other.hello();
        assert.deepEqual(missed, []);
        assert.deepEqual(
          settled.map(({ how }) => how),
          ['answered'],
        );
        assert.equal(other.received.length, 0);
      } finally {
        for (const phone of phones) phone.stop();
        for (const balancer of balancers) await balancer.stop();
      }
    });
  }

  it('continue without Redis where possible, and recover with it', async () => {
    const [alice, bob] = [await ready(one, 'alice-1'), await ready(one, 'bob-1')];
    const carol = await ready(two, 'carol-1');
    await alice.send(invite('running', ['bob', 'carol']));
    await alice.send(select('running', 'bob-1'));
    await redis.kill();
    const unavailable = { error: { code: 'unavailable' } };
    const ofCall = (type: 'signal', to: string) =>
      createMessage(type, 'running', [to], { link: 1, data: { sdp: type } });
    assert.deepEqual(await alice.send(ofCall('signal', 'bob')), { reached: [] });
    await bob.next('signal');
    assert.deepEqual(await alice.send(ofCall('signal', 'carol')), unavailable);
    assert.deepEqual(await bob.send(invite('here', ['alice'], { initiator: 'bob' })), {
      reached: [{ user: 'alice', devices: 1 }],
    });
    await alice.next('invite', ({ callID }) => callID === 'here');
    assert.deepEqual(await alice.send(accept('here')), { reached: [] });
    await bob.next('accept', ({ callID }) => callID === 'here');
    for (const to of [['carol'], ['bob', 'carol'], ['nobody']]) {
      assert.deepEqual(await alice.send(invite(`refused-${to.join('-')}`, to)), unavailable);
    }
    await assert.rejects(WireClient.connect(two.url, 'dan-1'), { data: { code: 'unavailable' } });
    assert.equal(
      (await bob.allFrom(alice)).some(({ callID }) => callID === 'refused-bob-carol'),
      false,
    );

    await redis.startAgain();
    await eventually(async () => {
      const sent = JSON.stringify(await alice.send(ofCall('signal', 'carol')));
      return sent === JSON.stringify({ reached: [] });
    }, 'the other node is reached');
    assert.deepEqual(await alice.send(invite('healed', ['carol'])), {
      reached: [{ user: 'carol', devices: 1 }],
    });
    await carol.next('invite', ({ callID }) => callID === 'healed');
    // Messages buffered meanwhile arrive, but no rejected invitations.
    await carol.next('signal', ({ callID }) => callID === 'running');
    assert.equal(
      (await carol.allFrom(alice)).some(({ callID }) => String(callID).startsWith('refused')),
      false,
    );
    await carol.send(createMessage('accept', 'healed', ['alice'], { round: 1, customData: '' }));
    await alice.next('accept', ({ callID }) => callID === 'healed');
    for (const client of [alice, bob, carol]) {
      assert.equal(client.socket.connected, true);
      const other = client === bob ? alice : bob;
      for (const call of ['running', 'here', 'healed']) {
        const types = await typesOf(client, other, call);
        assert.equal(types.includes('leave'), false, 'no device was reported as lost');
      }
    }
  });
});

/** Resolves when the value of a store fits. */
function until<T>(
  store: { subscribe(listener: (value: T) => void): () => void },
  fits: (value: T) => boolean,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: T;
    const deadline = setTimeout(() => {
      stop();
      reject(new Error(`timed out; the last value is ${JSON.stringify(last)}`));
    }, 30_000);
    let isDone = false;
    const stop = store.subscribe((value) => {
      last = value;
      if (isDone || !fits(value)) return;
      isDone = true;
      clearTimeout(deadline);
      // Deferred, because the first value may fit before `stop` is assigned.
      queueMicrotask(() => stop());
      resolve();
    });
  });
}
