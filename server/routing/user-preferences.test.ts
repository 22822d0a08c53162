import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'node:test';
import { createCallInvitationService, type CallInvitationService } from '../../src/core/index.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { eventually } from '../../test/support/eventually.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';

/* Do-not-disturb and blocked people through real servers: services of several devices, without a browser and without media. */
describe('which calls ring for a user', () => {
  const services: CallInvitationService[] = [];
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const service of services.splice(0)) service.destroy();
    for (const stop of stops.splice(0)) await stop();
  });

  const device = async (userID: string, url: string) => {
    const service = createCallInvitationService({
      user: { userID, userName: userID.toUpperCase() },
      transport: createServerTransport(url),
    });
    services.push(service);
    // The call history is ready after the initial sync.
    await eventually(
      async () => service.$callHistoryState.get() !== 'loading',
      `${userID} is connected`,
    );
    return service;
  };
  const ends = async (service: CallInvitationService) => {
    await eventually(async () => service.$call.get().status === 'ended', 'the call ends');
    return service.$call.get().endReason;
  };
  const missed = ({ $missedCalls }: CallInvitationService) =>
    $missedCalls.get().map(({ caller }) => caller.userID);

  /** @param urls two servers of one system, or the same one twice */
  const check = async ([one, two]: readonly [string, string]) => {
    const [alice, carol] = [await device('alice', one), await device('carol', two)];
    const [laptop, phone] = [await device('bob', one), await device('bob', two)];
    assert.equal(await laptop.block({ userID: 'alice', userName: 'Alice' }), true);
    await eventually(async () => phone.$blocked.get().length === 1, 'the phone knows it');
    const rings: string[] = [];
    for (const { $call } of [laptop, phone])
      $call.listen(({ status, inviter }) => {
        if (status === 'incoming') rings.push(inviter?.userID ?? '');
      });
    const call = { invitees: ['bob'], callType: 'voice', timeoutSeconds: 1 } as const;
    const { unreachable } = await alice.send(call);
    assert.deepEqual(unreachable, []);
    await eventually(async () => alice.$call.get().status === 'ringing-out', 'Alice hears ringing');
    assert.equal(await ends(alice), 'timeout');
    assert.equal(await phone.setDoNotDisturb({ until: Date.now() + 60_000 }), true);
    await eventually(async () => laptop.$doNotDisturb.get() !== false, 'the laptop knows it');
    await carol.send(call);
    assert.equal(await ends(carol), 'timeout');
    await eventually(async () => missed(phone).length > 0, 'the call is missed');
    assert.deepEqual([missed(phone), rings], [['carol'], []]);
    // A device that connects later knows both from the start.
    const tablet = await device('bob', two);
    assert.deepEqual(tablet.$blocked.get(), [{ userID: 'alice', userName: 'Alice' }]);
    assert.notEqual(tablet.$doNotDisturb.get(), false);
    assert.equal(await tablet.setDoNotDisturb(false), true);
    await eventually(async () => laptop.$doNotDisturb.get() === false, 'it is off on all devices');
    await carol.send(call);
    await eventually(async () => rings.includes('carol'), 'it rings');
  };

  it('is the same on all devices, and looks like no answer', async () => {
    const server = await CallServerProcess.start({ vanishAfterMs: 300 });
    stops.push(() => server.stop());
    await check([server.url, server.url]);
  });

  it('is the same on the devices at another node', { skip: withoutRedis }, async () => {
    const redis = await RedisServer.start();
    const start = () => CallServerProcess.start({ redis: redis.url, vanishAfterMs: 300 });
    const [one, two] = await Promise.all([start(), start()]);
    stops.push(
      () => one.stop(),
      () => two.stop(),
      () => redis.stop(),
    );
    await check([one.url, two.url]);
  });

  it('is kept by a server with a data folder; a blocked person leaves no missed call while the user is away', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ringkit-preferences-server-'));
    const options = { vanishAfterMs: 300, dataDir };
    const first = await CallServerProcess.start(options);
    const bob = await device('bob', first.url);
    await bob.block('alice');
    bob.destroy();
    await first.stop();
    const server = await CallServerProcess.start(options);
    stops.push(
      () => server.stop(),
      () => rm(dataDir, { recursive: true, force: true }),
    );
    const call = { invitees: ['bob'], callType: 'voice', timeoutSeconds: 1 } as const;
    for (const caller of ['alice', 'carol']) {
      const service = await device(caller, server.url);
      await service.send(call);
      await ends(service);
    }
    const phone = await device('bob', server.url);
    assert.deepEqual(phone.$blocked.get(), [{ userID: 'alice', userName: 'alice' }]);
    await eventually(async () => missed(phone).length > 0, 'a call is missed');
    assert.deepEqual(missed(phone), ['carol']);
  });
});
