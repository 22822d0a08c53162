import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { busContract } from '../../test/contract/bus.js';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { UnavailableError } from '../storage/unavailable-error.js';

describe('the bus over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const { newFixture } = redis;

  busContract('the bus', async () => {
    const fixture = newFixture();
    const nodes = [await fixture.node(), await fixture.node()] as const;
    return {
      nodes: [nodes[0].bus, nodes[1].bus],
      subscribe: (node, deviceID, ...how) => nodes[node].join(deviceID, ...how),
    };
  });

  describe('the bus', () => {
    it('delivers on the same node without Redis, rejects messages to other nodes, and recovers with Redis', async () => {
      const fixture = newFixture();
      const [here, there] = [await fixture.node(), await fixture.node()];
      const received: unknown[] = [];
      const unreached = new Set<string>();
      await here.join('alice-1', ({ text }) => received.push(text));
      const users = Array.from({ length: 350 }, (_, index) => `user${index}`);
      await Promise.all(users.map((user) => there.join(`${user}-1`, () => unreached.delete(user))));
      await redis.kill();
      // Messages in flight when the connection breaks are rejected as well.
      assert.equal(await here.bus.publish('alice', { message: { text: 'away' } }), 1);
      const toOthers = here.bus.publish('user0', { message: { text: 'away' } });
      await assert.rejects(toOthers, UnavailableError);
      await assert.rejects(
        here.join('zoe-1', () => {}),
        UnavailableError,
      );
      assert.deepEqual(received, ['away']);

      await redis.startAgain();
      for (const user of users) unreached.add(user);
      await eventually(async () => {
        const message = { text: 'back' };
        await Promise.all(
          [...unreached].map((user) => here.bus.publish(user, { message }).catch(() => 0)),
        );
        return unreached.size === 0;
      }, 'all channels are subscribed again');
      // The devices are registered again, so the count is correct.
      await eventually(
        async () => (await here.presence.devicesOf('user349')).length === 1,
        'the devices are registered again',
      );
      assert.equal(await here.bus.publish('user349', { message: {} }), 1);
    });

    it('counts devices correctly while it is not subscribed', async () => {
      const fixture = newFixture();
      const [here, there] = [await fixture.node(), await fixture.node()];
      await here.join('alice-1', () => {});
      await there.join('alice-2', () => {});
      const publish = () => here.bus.publish('alice', { message: {} });
      assert.equal(await publish(), 2);
      const { listener, commands } = here.store;
      const name = here.store.channel('to', 'alice');
      const subscribedNodes = async () => {
        const [, count] = (await commands.call('PUBSUB', 'SHARDNUMSUB', name)) as [string, number];
        return count;
      };
      listener.disconnect();
      await eventually(async () => (await subscribedNodes()) === 1, 'the node is not subscribed');
      assert.equal(await publish(), 2);
      await listener.connect();
      await eventually(async () => (await subscribedNodes()) === 2, 'the node is subscribed again');
      assert.equal(await publish(), 2);
    });

    it('does not let a message overtake a buffered one', async () => {
      const fixture = newFixture();
      const [here, there] = [await fixture.node(), await fixture.node()];
      const received: unknown[] = [];
      await there.join('bob-1', ({ text }) => received.push(text));
      const publishToBob = (text: string, mayBeLate = true) =>
        here.bus.publish('bob', { message: { text }, mayBeLate });
      // A single command times out, while the connection stays open.
      const { commands } = here.store;
      const spublish = commands.spublish.bind(commands);
      let isSlow = true;
      commands.spublish = (...args: Parameters<typeof spublish>) => {
        if (!isSlow) return spublish(...args);
        isSlow = false;
        return Promise.reject(new Error('Command timed out'));
      };
      await assert.rejects(publishToBob('1'), UnavailableError);
      await assert.rejects(publishToBob('2'), UnavailableError);
      await assert.rejects(publishToBob('refused', false), UnavailableError);
      assert.equal(await here.bus.publish('dan', { message: {} }), 0);
      await eventually(async () => received.length === 2, 'the buffered messages arrive');
      assert.equal(await publishToBob('3'), 1);
      await eventually(async () => received.length === 3, 'the next message arrives');
      assert.deepEqual(received, ['1', '2', '3']);
    });
  });
});
