import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { assertDelayed, isRateLimited, reached } from '../../test/support/answers.js';
import { useClients } from '../../test/support/clients.js';
import { eventually } from '../../test/support/eventually.js';
import { withoutRedis } from '../../test/support/redis-server.js';
import { useRedis } from '../../test/support/redis-fixture.js';
import { invite, inviteBy, ringing, type WireClient } from '../../test/support/wire-client.js';
import { authenticateDemo, createCallServer, type CallServer } from '../index.js';

describe('two nodes with one Redis', { skip: withoutRedis }, () => {
  const redis = useRedis();
  const clients = useClients();
  let servers: CallServer[];
  before(async () => {
    const start = () =>
      createCallServer({
        authenticate: authenticateDemo,
        port: 0,
        redis: redis.url,
        limits: {
          attemptsPerUser: { points: 5, seconds: 600 },
          devicesPerUser: 3,
          invitationsPerCaller: { points: 4, seconds: 600 },
          invitationsPerPair: { points: 3, seconds: 600 },
        },
      });
    servers = [await start(), await start()];
  });
  after(async () => {
    for (const server of servers) await server.close();
  });
  const ready = (node: 0 | 1, deviceID: string) =>
    clients.ready(servers[node]?.url ?? '', deviceID);

  it('share the limits on invitations of a caller and of a pair', async () => {
    const alices = [await ready(0, 'alice-1'), await ready(1, 'alice-2')] as const;
    await ready(0, 'bob-1');
    await ready(1, 'carol-1');
    assert.deepEqual(await alices[0].send(invite('one', ['bob'])), reached('bob'));
    assert.deepEqual(await alices[1].send(invite('two', ['bob'])), reached('bob'));
    assert.deepEqual(await alices[0].send(invite('three', ['bob'])), reached('bob'));
    assert.ok(isRateLimited(await alices[1].send(invite('four', ['bob']))), 'limit of the pair');
    assert.ok(
      isRateLimited(await alices[0].send(invite('five', ['carol']))),
      'limit of the caller',
    );
    for (const [call, to] of [
      ['two', 'bob'],
      ['six', 'carol'],
    ] as const) {
      assert.deepEqual(await alices[1].send(ringing(call, [to])), { reached: [] });
    }
    const { commands } = await redis.newFixture().store();
    assert.deepEqual((await commands.keys('*limit:*:alice*')).sort(), [
      'ringkit:limit:attempts:alice',
      'ringkit:limit:callers:alice',
      'ringkit:limit:pairs:alice%20bob',
      'ringkit:limit:pairs:alice%20carol',
    ]);
  });

  it('share the limit on attempts of a user', async () => {
    for (const node of [0, 1, 0, 1, 0] as const) await ready(node, 'dan-1');
    for (const node of [0, 1] as const) await assertDelayed(ready(node, 'dan-1'));
  });

  it('share the limit on devices of a user', async () => {
    const [, second] = [
      await ready(0, 'eve-1'),
      await ready(1, 'eve-2'),
      await ready(0, 'eve-3'),
    ] as const;
    await assert.rejects(ready(1, 'eve-4'), {
      data: { code: 'unavailable' },
      message: /too many devices/,
    });
    // The same device at another node does not exceed the limit.
    const ended = second.once('disconnect');
    await ready(0, 'eve-2');
    await ended;
  });

  it('count separately while Redis is unreachable', async () => {
    const here = [await ready(0, 'fay-1'), await ready(0, 'gil-1')] as const;
    const there = [await ready(1, 'hal-1'), await ready(1, 'ida-1')] as const;
    const ask = ([caller]: readonly WireClient[], callID: string, callee: string) =>
      caller?.send(invite(callID, [callee], { initiator: caller.userID }));
    await redis.kill();
    for (const [pair, callee] of [
      [here, 'gil'],
      [there, 'ida'],
    ] as const) {
      for (const callID of ['a', 'b', 'c']) {
        assert.deepEqual(await ask(pair, `${callee}-${callID}`, callee), reached(callee));
      }
      assert.ok(isRateLimited(await ask(pair, `${callee}-d`, callee)));
      const message = ringing(`${callee}-a`, [callee]);
      assert.deepEqual(await pair[0].send(message), { reached: [] });
    }
    await redis.startAgain();
    let attempts = 0;
    let calls = 0;
    const someone = () => ready(0, `jo${String((attempts += 1))}-1`).catch(() => undefined);
    let jo: WireClient | undefined;
    await eventually(
      async () => (jo ??= await someone()) !== undefined,
      'connections are accepted again',
    );
    await eventually(async () => {
      const answer = jo && (await jo.send(inviteBy(jo, `e-${(calls += 1)}`, ['ida'])));
      return JSON.stringify(answer) === JSON.stringify(reached('ida'));
    }, 'the callee is reached');
  });
});
