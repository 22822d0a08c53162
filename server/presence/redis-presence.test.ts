import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device, presenceContract } from '../../test/contract/presence.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import { RedisStage, useRedis } from '../../test/support/redis-stage.js';
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

/** Fast, where a test waits for what a clock does. */
const QUICK = { leaseMs: 300, tickMs: 20, vanishAfterMs: 50 };

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis({ keeps: true });
  const { newStage } = redis;

  presenceContract('presence', async (vanishAfterMs) => {
    const keepCallMs = 100;
    const { presence, store } = await newStage().node({ vanishAfterMs, keepCallMs, tickMs: 20 });
    return {
      presence,
      forgetCalls: async () => {
        // Goes by the same clock, and later than all that was touched before.
        await store.commands.set(`${store.prefix}clock`, '', 'PX', keepCallMs);
        await eventually(
          async () => (await store.commands.exists(`${store.prefix}clock`)) === 0,
          'time passes',
        );
      },
    };
  });

  describe('the presence of several nodes', () => {
    /** What these nodes are told of devices that vanished, by node. */
    const listen = (...nodes: RedisPresence[]) => {
      const told: string[] = [];
      for (const [index, node] of nodes.entries()) {
        node.whenVanished(async ({ deviceID }, callID) => {
          told.push(`${deviceID} ${callID} ${index}`);
        });
      }
      return told;
    };
    const calls = (told: readonly string[]) => told.map((text) => text.replace(/ \d$/, '')).sort();

    it('knows devices wherever they are connected', async () => {
      const stage = newStage();
      const [one, two] = [(await stage.node()).presence, (await stage.node()).presence];
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

    it('takes the end of a connection at the older node for no end', async () => {
      const stage = newStage();
      const [one, two] = [(await stage.node()).presence, (await stage.node()).presence];
      await one.connect(device('alice-1'), 'old');
      await two.connect(device('alice-1'), 'new');
      await one.disconnect(device('alice-1'), 'old');
      assert.equal((await one.standing(device('alice-1')))?.connected, true);
      await one.close();
      assert.deepEqual(
        await two.devicesOf('alice'),
        ['alice-1'],
        'it is not of the node that stops',
      );
      await two.disconnect(device('alice-1'), 'new');
      assert.deepEqual(await two.devicesOf('alice'), []);
    });

    it('tells one node alone of each device that was waited for in vain', async () => {
      const stage = newStage();
      const nodes = [];
      for (let index = 0; index < 3; index += 1) nodes.push((await stage.node(QUICK)).presence);
      const told = listen(...nodes);
      const devices = Array.from({ length: 60 }, (_, index) => `user${index}-1`);
      for (const [index, deviceID] of devices.entries()) {
        const node = nodes[index % 3] as RedisPresence;
        await node.connect(device(deviceID), deviceID);
        await node.enter(device(deviceID), 'call');
        await node.disconnect(device(deviceID), deviceID);
      }
      await eventually(async () => told.length >= devices.length, 'all are told of');
      // Whatever is due is told of in a later tick than this one.
      await nodes[0]?.connect(device('last-1'), 'x');
      await nodes[0]?.enter(device('last-1'), 'last');
      await nodes[0]?.disconnect(device('last-1'), 'x');
      await eventually(async () => told.some((text) => text.startsWith('last-1')), 'the last one');
      assert.deepEqual(calls(told), [...devices.map((id) => `${id} call`), 'last-1 last'].sort());
      assert.equal(await nodes[2]?.isLost(device('user0-1')), true);
    });

    it('speaks for the devices of a node that is dead, once, and not for those that came back', async () => {
      const stage = newStage();
      const dying = await stage.node({ ...QUICK, vanishAfterMs: 400 });
      const nodes = [
        (await stage.node({ ...QUICK, vanishAfterMs: 400 })).presence,
        (await stage.node({ ...QUICK, vanishAfterMs: 400 })).presence,
      ] as const;
      const told = listen(...nodes);
      for (const deviceID of ['alice-1', 'bob-1', 'carol-1']) {
        await dying.presence.connect(device(deviceID), deviceID);
        if (deviceID !== 'carol-1') await dying.presence.enter(device(deviceID), 'call');
      }
      // Dead: it says nothing any more.
      dying.store.close();
      await eventually(
        async () => (await nodes[0].standing(device('bob-1')))?.connected === false,
        'its devices are disconnected',
      );
      await nodes[1].connect(device('bob-1'), 'again');
      await eventually(async () => told.length > 0, 'alice is spoken for');
      assert.deepEqual(calls(told), ['alice-1 call']);
      assert.equal((await nodes[0].standing(device('bob-1')))?.callID, 'call');
      assert.deepEqual(await nodes[0].devicesOf('carol'), []);
      assert.equal(await nodes[0].standing(device('carol-1')), undefined);
    });

    it('has somebody else speak when one can not, unless the device has come back', async () => {
      const stage = newStage();
      const times = { ...QUICK, tellMs: 100 };
      const [node, other] = [
        await stage.node(times),
        await stage.node({ ...times, tickMs: 10_000 }),
      ];
      const asked: string[] = [];
      let isAble = false;
      node.presence.whenVanished(async ({ deviceID }) => {
        asked.push(deviceID);
        // As one that dies in the middle of it: neither done nor failed. Then as one that fails.
        if (asked.length === 1) await new Promise<void>(() => {});
        if (!isAble) throw new UnavailableError('Redis is out of reach.');
      });
      await node.presence.connect(device('alice-1'), 'x');
      await node.presence.enter(device('alice-1'), 'call');
      await node.presence.disconnect(device('alice-1'), 'x');
      await eventually(async () => asked.length > 2, 'it is asked again');
      await other.presence.connect(device('alice-1'), 'y');
      // Nobody is waited for any more, so that what follows is asked last.
      await node.presence.connect(device('bob-1'), 'x');
      await node.presence.enter(device('bob-1'), 'call');
      await node.presence.disconnect(device('bob-1'), 'x');
      await eventually(async () => asked.filter((id) => id === 'bob-1').length > 1, 'bob is');
      assert.equal(asked.lastIndexOf('alice-1') < asked.indexOf('bob-1'), true);
      isAble = true;
      const telling = `${node.store.prefix}telling`;
      await eventually(
        async () => (await node.store.commands.exists(telling)) === 0,
        'it is known by now',
      );
    });

    it('waits at once for the devices of a node that stops', async () => {
      const stage = newStage();
      const [stopping, other] = [await stage.node(QUICK), await stage.node(QUICK)];
      const told = listen(other.presence);
      await stopping.presence.connect(device('alice-1'), 'x');
      await stopping.presence.enter(device('alice-1'), 'call');
      await stopping.presence.close();
      await stopping.presence.disconnect(device('alice-1'), 'x');
      assert.equal((await other.presence.standing(device('alice-1')))?.connected, false);
      await eventually(async () => told.length > 0, 'it is spoken for');
      assert.deepEqual(calls(told), ['alice-1 call']);
    });

    it('registers anew the devices of a node that was taken for dead', async () => {
      const stage = newStage();
      const late = await stage.node({ vanishAfterMs: 3_600_000, tickMs: 300 });
      const other = await stage.node({ ...QUICK, vanishAfterMs: 3_600_000 });
      await late.presence.connect(device('alice-1'), 'x');
      await late.presence.connect(device('bob-1'), 'y');
      await late.presence.enter(device('alice-1'), 'call');
      await eventually(async () => {
        // As if it had said nothing for too long.
        await other.store.commands.zadd(`${other.store.prefix}nodes`, 1, late.store.nodeID);
        return (await other.presence.devicesOf('bob')).length === 0;
      }, 'it is taken for dead');
      await eventually(
        async () =>
          (await other.presence.devicesOf('alice')).length === 1 &&
          (await other.presence.devicesOf('bob')).length === 1,
        'its devices are there',
      );
      assert.equal((await other.presence.standing(device('alice-1')))?.callID, 'call');
      assert.equal((await other.presence.devicesIn('call')).length, 1);
    });

    it('goes on by what it has seen while Redis is away, and tells it afterwards', async () => {
      const stage = newStage();
      const times = { ...QUICK, vanishAfterMs: 3_600_000 };
      const [here, there] = [
        (await stage.node(times)).presence,
        (await stage.node(times)).presence,
      ];
      const told = listen(here, there);
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
        'what happened is told',
      );
      await eventually(async () => (await there.devicesOf('dan')).length === 0, 'dan has gone');
      assert.deepEqual(
        (await there.devicesIn('call')).map(({ device: { deviceID } }) => deviceID),
        ['bob-1'],
      );
      for (const user of ['alice', 'bob', 'carol']) {
        assert.equal((await there.devicesOf(user)).length, 1, user);
      }
      assert.deepEqual(told, []);
    });
  });

  describe('the presence of a node, when Redis is back,', () => {
    const times = { vanishAfterMs: 3_600_000, tickMs: 20 };
    /** Ticks when its connections are back, and not by itself. */
    const still = { vanishAfterMs: 3_600_000, tickMs: 3_600_000 };

    it('renews its lease and registers its devices before it tells what happened, and that in few steps', async () => {
      const stage = newStage();
      const store = await stage.store();
      const presence = await RedisPresence.open(store, silentLogger, { ...still, leaseMs: 1 });
      try {
        await presence.connect(device('alice-1'), 'x');
        await redis.kill();
        for (let index = 0; index < 1_000; index += 1) {
          await presence.note('call', noted('alice', `user${index % 50}`));
          await presence.enter(device('alice-1'), 'call');
          await presence.leave(device('alice-1'), 'call');
        }
        await presence.enter(device('alice-1'), 'last');
        const said: unknown[] = [];
        const run = store.run.bind(store);
        store.run = (script, ...args) => {
          said.push(script);
          return run(script, ...args);
        };
        await redis.startAgain();
        await eventually(
          async () => (await presence.standing(device('alice-1')))?.callID === 'last',
          'it is told',
        );
        await eventually(
          async () => said.includes(NOTE) && said.includes(scripts.ENTER),
          'all of it',
        );
        assert.deepEqual(said.slice(0, 3), [scripts.TICK, scripts.CONNECT, scripts.CONNECTED]);
        assert.equal(said.length, 6, 'with one step each that involves, leaves, enters');
        assert.equal((await presence.call('call')).members.size, 51);
        assert.equal((await presence.devicesIn('call')).length, 0);
      } finally {
        await presence.close();
      }
    });

    it('has no devices there that have gone meanwhile, though it could not keep all that happened', async () => {
      const stage = newStage();
      const { presence, store } = await stage.node({ ...times, leaseMs: 60_000 });
      await presence.connect(device('alice-1'), 'x');
      await presence.connect(device('bob-1'), 'y');
      await presence.connect(device('bob-1'), 'newer');
      await redis.kill();
      await presence.disconnect(device('alice-1'), 'x');
      // More than it keeps.
      for (let index = 0; index < 10_000; index += 1) {
        await presence.leave(device(`user${index}-1`), 'call');
      }
      await redis.startAgain();
      const online = () => store.commands.smembers(`${store.prefix}online`).catch(() => undefined);
      await eventually(async () => String(await online()) === 'bob', 'alice has gone');
      assert.deepEqual(await presence.devicesOf('bob'), ['bob-1']);
    });

    it('undoes nothing that is newer than what it has to tell', async () => {
      const stage = newStage();
      const [late, other] = [await stage.node(still), (await stage.node(times)).presence];
      await late.presence.connect(device('alice-1'), 'x');
      for (const id of ['bob-1', 'carol-1', 'dan-1']) await other.connect(device(id), id);
      await other.enter(device('dan-1'), 'old');
      // It alone has lost its connection, for a while.
      late.store.commands.disconnect();
      await eventually(async () => !late.store.isReady, 'it is cut off');
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
        'it is told',
      );
      // Behind all that was owed.
      await late.presence.note('end', noted('alice'));
      await eventually(async () => (await other.call('end')).members.size === 1, 'all of it');
      const calls = [];
      for (const id of ['bob-1', 'carol-1', 'dan-1']) {
        calls.push((await other.standing(device(id)))?.callID);
      }
      assert.deepEqual(calls, ['newer', undefined, 'newer']);
    });

    it("takes no other user's device out of its call by what was said of an unknown one", async () => {
      const stage = newStage();
      const [here, there] = [
        (await stage.node(times)).presence,
        (await stage.node(times)).presence,
      ];
      await there.connect(device('alice-1'), 'x');
      await there.enter(device('alice-1'), 'call');
      await redis.kill();
      assert.equal(await here.lose({ ...device('alice-1'), userID: 'eve' }), undefined);
      await redis.startAgain();
      await here.note('end', noted('eve'));
      await eventually(async () => (await there.call('end')).members.size === 1, 'it is told');
      assert.equal((await here.standing(device('alice-1')))?.callID, 'call');
      assert.equal(await here.isLost(device('alice-1')), false);
    });
  });

  it('the presence of a node tells a Redis that has lost everything what it has', async () => {
    const forgetful = await RedisServer.start();
    const stage = new RedisStage(forgetful);
    try {
      const { presence } = await stage.node(QUICK);
      await presence.connect(device('alice-1'), 'x');
      await presence.enter(device('alice-1'), 'call');
      await forgetful.kill();
      await forgetful.startAgain();
      await eventually(
        async () => (await presence.devicesIn('call').catch(() => [])).length === 1,
        'its devices are there with their calls',
      );
      assert.deepEqual(await presence.devicesOf('alice'), ['alice-1']);
    } finally {
      await stage.close();
      await forgetful.stop();
    }
  });
});
