import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device, presenceContract } from '../../test/contract/presence.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import { RedisFixture, useRedis } from '../../test/support/redis-fixture.js';
import { silentLogger } from '../observability/logger.js';
import { NOTE } from './redis-call-scripts.js';
import * as scripts from './redis-presence-scripts.js';
import { RedisPresence } from './redis-presence.js';
import { UnavailableError } from '../storage/unavailable-error.js';

const noted = (...users: string[]) => ({
  members: new Map(
    users.map((user) => [user, { round: 1, state: 'inviting' as const, inviter: 'alice' }]),
  ),
});

/** Short times, for tests that wait for Redis' clock. */
const QUICK = { leaseMs: 300, tickMs: 20, vanishAfterMs: 50 };

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis({ keeps: true });
  const { newFixture } = redis;

  presenceContract('presence', async (vanishAfterMs) => {
    // Long enough that a busy machine renews a running call in time: the ticks below renew it.
    const keepCallMs = 1_000;
    const { presence, store } = await newFixture().node({ vanishAfterMs, keepCallMs, tickMs: 20 });
    return {
      presence,
      forgetCalls: async () => {
        // Use the expiry of another key, by the same clock, as a timer.
        await store.commands.set(`${store.prefix}clock`, '', 'PX', keepCallMs);
        await eventually(
          async () => (await store.commands.exists(`${store.prefix}clock`)) === 0,
          'time passes',
        );
      },
    };
  });

  describe('the presence of several nodes', () => {
    /** Records the lost devices that these nodes are called for, with the index of the node. */
    const listen = (...nodes: RedisPresence[]) => {
      const reported: string[] = [];
      for (const [index, node] of nodes.entries()) {
        node.whenVanished(async ({ deviceID }, callID) => {
          reported.push(`${deviceID} ${callID} ${index}`);
        });
      }
      return reported;
    };
    const calls = (reported: readonly string[]) =>
      reported.map((text) => text.replace(/ \d$/, '')).sort();

    it('knows the devices that are connected to other nodes', async () => {
      const fixture = newFixture();
      const [one, two] = [(await fixture.node()).presence, (await fixture.node()).presence];
      await one.connect(device('alice-1'), 'x');
      await two.connect(device('alice-2', 'Al'), 'y');
      await two.connect(device('bob-1', 'B'), 'z');
      for (const node of [one, two]) {
        assert.deepEqual(await node.devicesOf('alice'), ['alice-1', 'alice-2']);
        assert.deepEqual(
          new Map((await node.users()).map((u) => [u.userID, u.userName])),
          new Map([
            ['alice', 'Al'],
            ['bob', 'B'],
          ]),
        );
      }
      await two.enter(device('alice-1'), 'call');
      assert.deepEqual(await one.standing(device('alice-1')), {
        device: device('alice-1'),
        connected: true,
        callID: 'call',
      });
      await one.note('call', noted('alice', 'bob'));
      assert.deepEqual((await two.call('call')).members, noted('alice', 'bob').members);
    });

    it('ignores the end of a connection that was replaced on another node', async () => {
      const fixture = newFixture();
      const [one, two] = [(await fixture.node()).presence, (await fixture.node()).presence];
      await one.connect(device('alice-1'), 'old');
      await two.connect(device('alice-1'), 'new');
      await one.disconnect(device('alice-1'), 'old');
      assert.equal((await one.standing(device('alice-1')))?.connected, true);
      await one.close();
      assert.deepEqual(
        await two.devicesOf('alice'),
        ['alice-1'],
        'the device belongs to the other node',
      );
      await two.disconnect(device('alice-1'), 'new');
      assert.deepEqual(await two.devicesOf('alice'), []);
    });

    it('calls exactly one node for each lost device', async () => {
      const fixture = newFixture();
      const nodes = [];
      for (let index = 0; index < 3; index += 1) nodes.push((await fixture.node(QUICK)).presence);
      const reported = listen(...nodes);
      const devices = Array.from({ length: 60 }, (_, index) => `user${index}-1`);
      for (const [index, deviceID] of devices.entries()) {
        const node = nodes[index % 3] as RedisPresence;
        await node.connect(device(deviceID), deviceID);
        await node.enter(device(deviceID), 'call');
        await node.disconnect(device(deviceID), deviceID);
      }
      await eventually(async () => reported.length >= devices.length, 'all devices are reported');
      // Devices that are due are reported in a later tick, together with this one.
      await nodes[0]?.connect(device('last-1'), 'x');
      await nodes[0]?.enter(device('last-1'), 'last');
      await nodes[0]?.disconnect(device('last-1'), 'x');
      await eventually(
        async () => reported.some((text) => text.startsWith('last-1')),
        'the last device is reported',
      );
      assert.deepEqual(
        calls(reported),
        [...devices.map((id) => `${id} call`), 'last-1 last'].sort(),
      );
      assert.equal(await nodes[2]?.isLost(device('user0-1')), true);
    });

    it('reports the devices of a crashed node once, except those that reconnected', async () => {
      const fixture = newFixture();
      const dying = await fixture.node({ ...QUICK, vanishAfterMs: 400 });
      const nodes = [
        (await fixture.node({ ...QUICK, vanishAfterMs: 400 })).presence,
        (await fixture.node({ ...QUICK, vanishAfterMs: 400 })).presence,
      ] as const;
      const reported = listen(...nodes);
      for (const deviceID of ['alice-1', 'bob-1', 'carol-1']) {
        await dying.presence.connect(device(deviceID), deviceID);
        if (deviceID !== 'carol-1') await dying.presence.enter(device(deviceID), 'call');
      }
      // A crash: the node stops renewing its lease.
      dying.store.close();
      await eventually(
        async () => (await nodes[0].standing(device('bob-1')))?.connected === false,
        'its devices are disconnected',
      );
      await nodes[1].connect(device('bob-1'), 'again');
      await eventually(async () => reported.length > 0, 'the device of alice is reported');
      assert.deepEqual(calls(reported), ['alice-1 call']);
      assert.equal((await nodes[0].standing(device('bob-1')))?.callID, 'call');
      assert.deepEqual(await nodes[0].devicesOf('carol'), []);
      assert.equal(await nodes[0].standing(device('carol-1')), undefined);
    });

    it('calls a node again if reporting a lost device fails, unless the device has reconnected', async () => {
      const fixture = newFixture();
      const times = { ...QUICK, reportTimeoutMs: 100 };
      const [node, other] = [
        await fixture.node(times),
        await fixture.node({ ...times, tickMs: 10_000 }),
      ];
      const calledFor: string[] = [];
      let isAble = false;
      node.presence.whenVanished(async ({ deviceID }) => {
        calledFor.push(deviceID);
        // The first call never finishes, as if the node had crashed. The next ones fail.
        if (calledFor.length === 1) await new Promise<void>(() => {});
        if (!isAble) throw new UnavailableError('Redis is unreachable.');
      });
      await node.presence.connect(device('alice-1'), 'x');
      await node.presence.enter(device('alice-1'), 'call');
      await node.presence.disconnect(device('alice-1'), 'x');
      await eventually(async () => calledFor.length > 2, 'the node is called again');
      await other.presence.connect(device('alice-1'), 'y');
      // With another device that is lost later, the order of calls shows that alice-1 is not reported any more.
      await node.presence.connect(device('bob-1'), 'x');
      await node.presence.enter(device('bob-1'), 'call');
      await node.presence.disconnect(device('bob-1'), 'x');
      await eventually(
        async () => calledFor.filter((id) => id === 'bob-1').length > 1,
        'the device of bob is reported',
      );
      assert.equal(calledFor.lastIndexOf('alice-1') < calledFor.indexOf('bob-1'), true);
      isAble = true;
      const telling = `${node.store.prefix}telling`;
      await eventually(
        async () => (await node.store.commands.exists(telling)) === 0,
        'the report is confirmed',
      );
    });

    it('disconnects the devices of a node that stops', async () => {
      const fixture = newFixture();
      const [stopping, other] = [await fixture.node(QUICK), await fixture.node(QUICK)];
      const reported = listen(other.presence);
      await stopping.presence.connect(device('alice-1'), 'x');
      await stopping.presence.enter(device('alice-1'), 'call');
      await stopping.presence.close();
      await stopping.presence.disconnect(device('alice-1'), 'x');
      assert.equal((await other.presence.standing(device('alice-1')))?.connected, false);
      await eventually(async () => reported.length > 0, 'the device is reported');
      assert.deepEqual(calls(reported), ['alice-1 call']);
    });

    it('registers the devices of a node again after its lease was over', async () => {
      const fixture = newFixture();
      const late = await fixture.node({ vanishAfterMs: 3_600_000, tickMs: 300 });
      const other = await fixture.node({ ...QUICK, vanishAfterMs: 3_600_000 });
      await late.presence.connect(device('alice-1'), 'x');
      await late.presence.connect(device('bob-1'), 'y');
      await late.presence.enter(device('alice-1'), 'call');
      await eventually(async () => {
        // As if the node had not renewed its lease in time.
        await other.store.commands.zadd(`${other.store.prefix}nodes`, 1, late.store.nodeID);
        return (await other.presence.devicesOf('bob')).length === 0;
      }, 'its devices are disconnected');
      await eventually(
        async () =>
          (await other.presence.devicesOf('alice')).length === 1 &&
          (await other.presence.devicesOf('bob')).length === 1,
        'its devices are registered again',
      );
      assert.equal((await other.presence.standing(device('alice-1')))?.callID, 'call');
      assert.equal((await other.presence.devicesIn('call')).length, 1);
    });

    it('answers from local state while Redis is unreachable, and writes the changes afterwards', async () => {
      const fixture = newFixture();
      const times = { ...QUICK, vanishAfterMs: 3_600_000 };
      const [here, there] = [
        (await fixture.node(times)).presence,
        (await fixture.node(times)).presence,
      ];
      const reported = listen(here, there);
      await here.connect(device('alice-1'), 'x');
      await here.connect(device('bob-1'), 'y');
      await here.connect(device('dan-1'), 'w');
      await there.connect(device('carol-1'), 'z');
      await here.note('call', noted('alice', 'bob'));
      await here.enter(device('alice-1'), 'call');
      await redis.kill();

      assert.deepEqual(await here.devicesOf('alice'), ['alice-1']);
      assert.deepEqual(await here.devicesOf('carol'), []);
      assert.deepEqual((await here.call('call')).members, noted('alice', 'bob').members);
      assert.equal((await here.standing(device('alice-1')))?.callID, 'call');
      assert.equal(await here.isLost(device('carol-1')), false);
      await here.enter(device('bob-1'), 'call');
      await here.leave(device('alice-1'), 'call');
      await here.disconnect(device('dan-1'), 'w');
      assert.equal((await here.devicesIn('call')).length, 1);
      await assert.rejects(here.connect(device('eve-1'), 'v'), UnavailableError);

      await redis.startAgain();
      await eventually(
        async () => (await there.standing(device('bob-1')))?.callID === 'call',
        'the queued changes are written',
      );
      await eventually(
        async () => (await there.devicesOf('dan')).length === 0,
        'dan is disconnected',
      );
      // The devices of a node are registered before its queued changes are written.
      await eventually(
        async () => (await there.devicesIn('call')).length === 1,
        'alice has left the call',
      );
      assert.deepEqual(
        (await there.devicesIn('call')).map(({ device: { deviceID } }) => deviceID),
        ['bob-1'],
      );
      for (const user of ['alice', 'bob', 'carol']) {
        assert.equal((await there.devicesOf(user)).length, 1, user);
      }
      assert.deepEqual(reported, []);
    });
  });

  describe('the presence of a node after Redis reconnects', () => {
    const times = { vanishAfterMs: 3_600_000, tickMs: 20 };
    /** Ticks only when its connections are ready again. */
    const NO_TICKS = { vanishAfterMs: 3_600_000, tickMs: 3_600_000 };

    it('renews its lease and registers its devices before it writes queued changes, merged into few scripts', async () => {
      const fixture = newFixture();
      const store = await fixture.store();
      const presence = await RedisPresence.open(store, silentLogger, { ...NO_TICKS, leaseMs: 1 });
      try {
        await presence.connect(device('alice-1'), 'x');
        await redis.kill();
        for (let index = 0; index < 1_000; index += 1) {
          await presence.note('call', noted('alice', `user${index % 50}`));
          await presence.enter(device('alice-1'), 'call');
          await presence.leave(device('alice-1'), 'call');
        }
        await presence.enter(device('alice-1'), 'last');
        const scriptsRun: unknown[] = [];
        const run = store.run.bind(store);
        store.run = (script, ...args) => {
          scriptsRun.push(script);
          return run(script, ...args);
        };
        await redis.startAgain();
        await eventually(
          async () => (await presence.standing(device('alice-1')))?.callID === 'last',
          'the last change is written',
        );
        await eventually(
          async () => scriptsRun.includes(NOTE) && scriptsRun.includes(scripts.ENTER),
          'all changes are written',
        );
        assert.deepEqual(scriptsRun.slice(0, 3), [
          scripts.TICK,
          scripts.CONNECT,
          scripts.CONNECTED,
        ]);
        assert.equal(scriptsRun.length, 6, 'with one script each for NOTE, LEAVE and ENTER');
        assert.equal((await presence.call('call')).members.size, 51);
        assert.equal((await presence.devicesIn('call')).length, 0);
      } finally {
        await presence.close();
      }
    });

    it('disconnects devices that left meanwhile, even if the queue overflowed', async () => {
      const fixture = newFixture();
      const { presence, store } = await fixture.node({ ...times, leaseMs: 60_000 });
      await presence.connect(device('alice-1'), 'x');
      await presence.connect(device('bob-1'), 'y');
      await presence.connect(device('bob-1'), 'newer');
      await redis.kill();
      await presence.disconnect(device('alice-1'), 'x');
      // More changes than the queue holds.
      for (let index = 0; index < 10_000; index += 1) {
        await presence.leave(device(`user${index}-1`), 'call');
      }
      await redis.startAgain();
      const online = () => store.commands.smembers(`${store.prefix}online`).catch(() => undefined);
      await eventually(async () => String(await online()) === 'bob', 'alice is disconnected');
      assert.deepEqual(await presence.devicesOf('bob'), ['bob-1']);
    });

    it('does not override newer changes with queued ones', async () => {
      const fixture = newFixture();
      const [late, other] = [await fixture.node(NO_TICKS), (await fixture.node(times)).presence];
      await late.presence.connect(device('alice-1'), 'x');
      for (const id of ['bob-1', 'carol-1', 'dan-1']) await other.connect(device(id), id);
      await other.enter(device('dan-1'), 'old');
      // Only this node loses its connection to Redis for a while.
      late.store.commands.disconnect();
      await eventually(async () => !late.store.isReady, 'the node is disconnected from Redis');
      await late.presence.enter(device('alice-1'), 'own');
      for (const id of ['bob-1', 'carol-1']) await late.presence.enter(device(id), 'call');
      await late.presence.lose({ ...device('dan-1'), userID: 'dan' });
      const now = Date.now();
      await eventually(async () => Date.now() > now, 'time passes');
      await other.enter(device('bob-1'), 'newer');
      await other.enter(device('carol-1'), 'newer');
      await other.leave(device('carol-1'), 'newer');
      await other.enter(device('dan-1'), 'newer');
      await late.store.commands.connect();
      await eventually(
        async () => (await other.standing(device('alice-1')))?.callID === 'own',
        'the queued change is written',
      );
      // This write comes after all queued ones.
      await late.presence.note('end', noted('alice'));
      await eventually(
        async () => (await other.call('end')).members.size === 1,
        'all changes are written',
      );
      const calls = [];
      for (const id of ['bob-1', 'carol-1', 'dan-1']) {
        calls.push((await other.standing(device(id)))?.callID);
      }
      assert.deepEqual(calls, ['newer', undefined, 'newer']);
    });

    it("does not affect another user's device with the same ID", async () => {
      const fixture = newFixture();
      const [here, there] = [
        (await fixture.node(times)).presence,
        (await fixture.node(times)).presence,
      ];
      await there.connect(device('alice-1'), 'x');
      await there.enter(device('alice-1'), 'call');
      await redis.kill();
      assert.equal(await here.lose({ ...device('alice-1'), userID: 'eve' }), undefined);
      await redis.startAgain();
      await here.note('end', noted('eve'));
      await eventually(
        async () => (await there.call('end')).members.size === 1,
        'the queued changes are written',
      );
      assert.equal((await here.standing(device('alice-1')))?.callID, 'call');
      assert.equal(await here.isLost(device('alice-1')), false);
    });
  });

  it('a node registers its devices again after Redis has lost its data', async () => {
    const redisWithoutData = await RedisServer.start();
    const fixture = new RedisFixture(redisWithoutData);
    try {
      const { presence } = await fixture.node(QUICK);
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      await redisWithoutData.kill();
      await redisWithoutData.startAgain();
      await eventually(
        async () => (await presence.devicesIn('call').catch(() => [])).length === 1,
        'the devices are registered with their calls',
      );
      assert.deepEqual(await presence.devicesOf('alice'), ['alice-1']);
    } finally {
      await fixture.close();
      await redisWithoutData.stop();
    }
  });
});
