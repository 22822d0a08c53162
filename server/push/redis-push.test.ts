import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device } from '../../test/contract/presence.js';
import { registration, subscriptionsContract } from '../../test/contract/push-subscriptions.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { DataError } from '../storage/data-error.js';
import { silentLogger } from '../observability/logger.js';
import type { PushOutcomeNotice } from './push-dispatcher.js';
import { RedisConnectedPages } from './redis-connected-pages.js';
import { openRedisBackend } from '../backend/redis-backend.js';
import { createPushOutcomeBus } from './redis-push-outcome-bus.js';
import { RedisSubscriptions } from './redis-subscriptions.js';

describe('push over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const { newFixture } = redis;

  subscriptionsContract('subscriptions', async () => {
    const fixture = newFixture();
    const open = async () => new RedisSubscriptions(await fixture.store());
    return { subscriptions: await open(), again: open };
  });

  it('forgets a subscription that another node reports as gone, unless it was registered again', async () => {
    const fixture = newFixture();
    const [one, two] = [
      new RedisSubscriptions(await fixture.store()),
      new RedisSubscriptions(await fixture.store()),
    ];
    await one.register('bob', registration('a'));
    const [stale] = await two.of('bob');
    assert.ok(stale);
    await one.register('bob', registration('a'));
    await two.forget(stale);
    const [fresh] = await two.of('bob');
    assert.ok(fresh, 'it was registered again');
    await two.forget(fresh);
    assert.deepEqual(await one.of('bob'), []);
  });

  it('counts a page as connected while it is connected to any node', async () => {
    const fixture = newFixture();
    const [a, b] = [await fixture.node(), await fixture.node()];
    const [one, two] = [
      new RedisConnectedPages(a.store, a.presence),
      new RedisConnectedPages(b.store, b.presence),
    ];
    const older = { sender: device('bob-1') };
    const newer = { sender: device('bob-1') };
    const leave = await a.join('bob-1', () => {});
    await one.add(older, 'bob', 'https://push.example/a');
    assert.equal(await two.has('bob', 'https://push.example/a'), true);
    assert.equal(await two.has('alice', 'https://push.example/a'), false);
    assert.equal(await two.has('bob', 'https://push.example/b'), false);
    // The device connects to the other node before the first one has noticed the disconnection.
    const leaveAgain = await b.join('bob-1', () => {});
    await two.add(newer, 'bob', 'https://push.example/a');
    await leave();
    await one.remove(older);
    assert.equal(await one.has('bob', 'https://push.example/a'), true);
    // As if that node had crashed: nobody removes the entry.
    await leaveAgain();
    assert.equal(await one.has('bob', 'https://push.example/a'), false);
    const back = await a.join('bob-1', () => {});
    await two.remove(newer);
    assert.equal(await one.has('bob', 'https://push.example/a'), false);
    await back();
  });

  it('notifies other nodes of settled invitations, also after Redis was unreachable', async () => {
    const fixture = newFixture();
    const [one, two] = [
      createPushOutcomeBus(await fixture.store()),
      createPushOutcomeBus(await fixture.store()),
    ];
    const received: string[] = [];
    one.onPublished(({ callID }) => received.push(`one ${callID}`));
    two.onPublished(({ callID }) => received.push(`two ${callID}`));
    const notice = (callID: string): PushOutcomeNotice => ({
      userID: 'bob',
      callID,
      round: 1,
      how: 'over',
    });
    await eventually(async () => {
      one.publish(notice('first'));
      return received.length > 0;
    }, 'the other node receives the notice');
    await redis.kill();
    await redis.startAgain();
    await eventually(async () => {
      one.publish(notice('second'));
      return received.includes('two second');
    }, 'the other node receives the notice after the outage');
    assert.equal(
      received.some((text) => text.startsWith('one')),
      false,
    );
  });

  const keysOf = ({
    secrets: { vapid, ticketSecret },
  }: Awaited<ReturnType<typeof openRedisBackend>>) => JSON.stringify([vapid, ticketSecret]);

  it('shares the same keys among nodes, and does not replace damaged ones', async () => {
    const open = (prefix: string) =>
      openRedisBackend({ url: redis.url, logger: silentLogger, prefix });
    const nodes = await Promise.all([open('keys:'), open('keys:'), open('keys:')]);
    const [first, ...others] = nodes.map(keysOf);
    for (const other of others) assert.equal(other, first);
    const apart = await open('others:');
    assert.notEqual(keysOf(apart), first);
    const store = await newFixture().store();
    await store.commands.set('damaged:secrets', '{}');
    await assert.rejects(open('damaged:'), DataError);
    assert.equal(await store.commands.get('damaged:secrets'), '{}');
    for (const node of [...nodes, apart]) await node.close();
  });

  it('explains in one sentence why Redis cannot be used, without its password', async () => {
    const stopped = await RedisServer.start();
    await stopped.stop();
    const rejectsToOpen = (url: string, why: RegExp) =>
      assert.rejects(openRedisBackend({ url, logger: silentLogger }), (error: unknown) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, why);
        assert.doesNotMatch(error.message, /\n|secret/);
        return true;
      });
    const { host } = new URL(stopped.url);
    await rejectsToOpen(
      `redis://user:secret@${host}`,
      new RegExp(`^Cannot use Redis at ${host}: .*ECONNREFUSED`),
    );
    await rejectsToOpen('http://user:secret@localhost', /redis:\/\//);
    await rejectsToOpen('secret', /redis:\/\//);
  });
});
