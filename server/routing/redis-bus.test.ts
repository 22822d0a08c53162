import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { busContract } from '../../test/contract/bus.js';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-stage.js';
import { UnavailableError } from '../storage/unavailable-error.js';

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const { newStage } = redis;

  busContract('the bus', async () => {
    const stage = newStage();
    const nodes = [await stage.node(), await stage.node()] as const;
    return {
      nodes: [nodes[0].bus, nodes[1].bus],
      subscribe: (node, deviceID, ...how) => nodes[node].join(deviceID, ...how),
    };
  });

  describe('the bus', () => {
    it('reaches the same node without Redis, refuses what is for others, and heals with it', async () => {
      const stage = newStage();
      const [here, there] = [await stage.node(), await stage.node()];
      const got: unknown[] = [];
      const deaf = new Set<string>();
      await here.join('alice-1', ({ text }) => got.push(text));
      const users = Array.from({ length: 350 }, (_, index) => `user${index}`);
      await Promise.all(users.map((user) => there.join(`${user}-1`, () => deaf.delete(user))));
      await redis.kill();
      // What was on its way when it went is refused as well.
      assert.equal(await here.bus.publish('alice', { message: { text: 'away' } }), 1);
      const toOthers = here.bus.publish('user0', { message: { text: 'away' } });
      await assert.rejects(toOthers, UnavailableError);
      await assert.rejects(
        here.join('zoe-1', () => {}),
        UnavailableError,
      );
      assert.deepEqual(got, ['away']);

      await redis.startAgain();
      const back = Date.now();
      for (const user of users) deaf.add(user);
      await eventually(async () => {
        const message = { text: 'back' };
        await Promise.all(
          [...deaf].map((user) => here.bus.publish(user, { message }).catch(() => 0)),
        );
        return deaf.size === 0;
      }, 'all channels are heard again');
      // Within a second, where nothing else keeps the machine busy.
      assert.ok(Date.now() - back < 2_000, `healed in ${Date.now() - back} ms`);
      // Registered anew with what was lost: the count is right again.
      await eventually(
        async () => (await here.presence.devicesOf('user349')).length === 1,
        'the devices are registered anew',
      );
      assert.equal(await here.bus.publish('user349', { message: {} }), 1);
    });

    it('counts right while it does not listen', async () => {
      const stage = newStage();
      const [here, there] = [await stage.node(), await stage.node()];
      await here.join('alice-1', () => {});
      await there.join('alice-2', () => {});
      const publish = () => here.bus.publish('alice', { message: {} });
      assert.equal(await publish(), 2);
      const { listener, commands } = here.store;
      const name = here.store.channel('to', 'alice');
      const listening = async () => {
        const [, count] = (await commands.call('PUBSUB', 'SHARDNUMSUB', name)) as [string, number];
        return count;
      };
      listener.disconnect();
      await eventually(async () => (await listening()) === 1, 'it does not listen');
      assert.equal(await publish(), 2);
      await listener.connect();
      await eventually(async () => (await listening()) === 2, 'it listens again');
      assert.equal(await publish(), 2);
    });

    it('lets no word overtake one that is still to be said', async () => {
      const stage = newStage();
      const [here, there] = [await stage.node(), await stage.node()];
      const got: unknown[] = [];
      await there.join('bob-1', ({ text }) => got.push(text));
      const say = (text: string, mayBeLate = true) =>
        here.bus.publish('bob', { message: { text }, mayBeLate });
      // Once only, as a command that takes too long: the connection stands.
      const { commands } = here.store;
      const spublish = commands.spublish.bind(commands);
      let isSlow = true;
      commands.spublish = (...args: Parameters<typeof spublish>) => {
        if (!isSlow) return spublish(...args);
        isSlow = false;
        return Promise.reject(new Error('Command timed out'));
      };
      await assert.rejects(say('1'), UnavailableError);
      await assert.rejects(say('2'), UnavailableError);
      await assert.rejects(say('refused', false), UnavailableError);
      assert.equal(await here.bus.publish('dan', { message: {} }), 0);
      await eventually(async () => got.length === 2, 'they follow');
      assert.equal(await say('3'), 1);
      await eventually(async () => got.length === 3, 'the next one comes');
      assert.deepEqual(got, ['1', '2', '3']);
    });
  });
});
