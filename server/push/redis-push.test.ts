import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { device } from '../../test/contract/presence.js';
import { registration, subscriptionsContract } from '../../test/contract/push-subscriptions.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-stage.js';
import { DataError } from '../storage/data-error.js';
import { silentLogger } from '../observability/logger.js';
import type { PushOutcomeNotice } from './push-dispatcher.js';
import { RedisConnectedPages } from './redis-connected-pages.js';
import { openRedisBackend } from '../backend/redis-backend.js';
import { createPushOutcomeBus } from './redis-push-outcome-bus.js';
import { RedisSubscriptions } from './redis-subscriptions.js';

describe('over Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const { newStage } = redis;

  subscriptionsContract('subscriptions', async () => {
    const stage = newStage();
    const open = async () => new RedisSubscriptions(await stage.store());
    return { subscriptions: await open(), again: open };
  });

  it('a subscription that another node has found to be gone is forgotten, unless it was registered anew', async () => {
    const stage = newStage();
    const [one, two] = [
      new RedisSubscriptions(await stage.store()),
      new RedisSubscriptions(await stage.store()),
    ];
    await one.register('bob', registration('a'));
    const [stale] = await two.of('bob');
    assert.ok(stale);
    await one.register('bob', registration('a'));
    await two.forget(stale);
    const [fresh] = await two.of('bob');
    assert.ok(fresh, 'it was registered anew');
    await two.forget(fresh);
    assert.deepEqual(await one.of('bob'), []);
  });

  it('a browser has a page connected as long as one is, at whichever node', async () => {
    const stage = newStage();
    const [a, b] = [await stage.node(), await stage.node()];
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
    // The device comes to the other node before the first one has noticed that it went.
    const leaveAgain = await b.join('bob-1', () => {});
    await two.add(newer, 'bob', 'https://push.example/a');
    await leave();
    await one.remove(older);
    assert.equal(await one.has('bob', 'https://push.example/a'), true);
    // As if that node was killed: nobody unties it.
    await leaveAgain();
    assert.equal(await one.has('bob', 'https://push.example/a'), false);
    const back = await a.join('bob-1', () => {});
    await two.remove(newer);
    assert.equal(await one.has('bob', 'https://push.example/a'), false);
    await back();
  });

  it('nodes tell each other which pushes are void, also after Redis was away', async () => {
    const stage = newStage();
    const [one, two] = [
      createPushOutcomeBus(await stage.store()),
      createPushOutcomeBus(await stage.store()),
    ];
    const told: string[] = [];
    one.onPublished(({ callID }) => told.push(`one ${callID}`));
    two.onPublished(({ callID }) => told.push(`two ${callID}`));
    const notice = (callID: string): PushOutcomeNotice => ({
      userID: 'bob',
      callID,
      round: 1,
      how: 'over',
    });
    await eventually(async () => {
      one.publish(notice('first'));
      return told.length > 0;
    }, 'the other one is told');
    await redis.kill();
    await redis.startAgain();
    await eventually(async () => {
      one.publish(notice('second'));
      return told.includes('two second');
    }, 'the other one is told again');
    assert.equal(
      told.some((text) => text.startsWith('one')),
      false,
    );
  });

  const keysOf = ({
    secrets: { vapid, ticketSecret },
  }: Awaited<ReturnType<typeof openRedisBackend>>) => JSON.stringify([vapid, ticketSecret]);

  it('nodes have the same keys, which are never replaced', async () => {
    const open = (prefix: string) =>
      openRedisBackend({ url: redis.url, logger: silentLogger, prefix });
    const nodes = await Promise.all([open('keys:'), open('keys:'), open('keys:')]);
    const [first, ...others] = nodes.map(keysOf);
    for (const other of others) assert.equal(other, first);
    const apart = await open('others:');
    assert.notEqual(keysOf(apart), first);
    const store = await newStage().store();
    await store.commands.set('damaged:secrets', '{}');
    await assert.rejects(open('damaged:'), DataError);
    assert.equal(await store.commands.get('damaged:secrets'), '{}');
    for (const node of [...nodes, apart]) await node.close();
  });

  it('a Redis that can not be used is one clear sentence, without its password', async () => {
    const gone = await RedisServer.start();
    await gone.stop();
    const refuses = (url: string, why: RegExp) =>
      assert.rejects(openRedisBackend({ url, logger: silentLogger }), (error: unknown) => {
        assert.ok(error instanceof DataError);
        assert.match(error.message, why);
        assert.doesNotMatch(error.message, /\n|secret/);
        return true;
      });
    const { host } = new URL(gone.url);
    await refuses(
      `redis://user:secret@${host}`,
      new RegExp(`^Redis at ${host} can not be used: .*ECONNREFUSED`),
    );
    await refuses('http://user:secret@localhost', /redis:\/\//);
    await refuses('secret', /redis:\/\//);
  });
});
