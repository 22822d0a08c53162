import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { CallInvitationService } from '../../src/core/index.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { eventually } from '../../test/support/eventually.js';
import { ServerDevices, VANISH_AFTER_MS } from '../../test/support/server-devices.js';

/* Do-not-disturb and blocked people through real servers: services of several devices, without a browser and without media. */
describe('which calls ring for a user', () => {
  const devices = new ServerDevices();
  const device = (userID: string, url: string) => devices.connect(userID, url);
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

  devices.onOneServerAndTwoNodes('is the same on all devices, and looks like no answer', check);

  it('reaches the server also if it is changed before the connection is synced', async () => {
    const { url } = await devices.server();
    const bob = devices.start('bob', url);
    const until = Date.now() + 60_000;
    const changes = [bob.block('alice'), bob.setDoNotDisturb({ until })];
    assert.deepEqual(await Promise.all(changes), [true, true]);
    const phone = await device('bob', url);
    assert.deepEqual(phone.$blocked.get(), [{ userID: 'alice', userName: 'alice' }]);
    assert.notEqual(phone.$doNotDisturb.get(), false);
  });

  it('is kept by a server with a data folder; a blocked person leaves no missed call while the user is away', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'ringkit-preferences-server-'));
    const options = { vanishAfterMs: VANISH_AFTER_MS, dataDir };
    const first = await CallServerProcess.start(options);
    const bob = await device('bob', first.url);
    await bob.block('alice');
    bob.destroy();
    await first.stop();
    const server = await CallServerProcess.start(options);
    devices.after(
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
