import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { createMessage, invite, record } from '../../test/support/wire-client.js';

describe('the server, for a device that comes back into a call,', () => {
  let server: CallServerProcess;
  const clients = useClients();
  before(async () => {
    server = await CallServerProcess.start({ vanishAfterMs: 1_000 });
  });
  after(() => server.stop());
  const ready = (deviceID: string) => clients.ready(server.url, deviceID);
  const alices = record('alice', 'in', { device: 'alice-1' });
  const bobs = record('bob', 'in', { device: 'bob-1' });

  it('states the open invitations, which it may have to coordinate now', async () => {
    const [alice, bob, carol] = [
      await ready('alice-1'),
      await ready('bob-1'),
      await ready('carol-1'),
    ];
    await alice.send(invite('back', ['bob']));
    const select = createMessage('select', 'back', ['bob'], { user: 'bob' });
    await alice.send({ ...select, records: [alices, bobs] });
    bob.close();
    await alice.send(
      invite('back', ['carol'], { records: [alices, bobs, record('carol', 'inviting')] }),
    );
    await carol.next('invite');
    await alice.send({
      ...createMessage('leave', 'back', ['bob', 'carol'], { reason: 'hung-up' }),
      records: [record('alice', 'left', { device: 'alice-1' })],
    });
    const back = await clients.connect(server.url, 'bob-1');
    const current = { callID: 'back', phase: 'in', round: 1 } as const;
    await back.hello({ current });
    const { from, records } = await back.next('roster');
    assert.equal(from.deviceID, SERVER_DEVICE);
    assert.deepEqual(records, [record('carol', 'inviting')]);
    // Carol is not in the call: she hears nothing about others.
    const carolsOther = await clients.connect(server.url, 'carol-2');
    await carolsOther.hello({ current });
    assert.deepEqual(
      (await carolsOther.allFrom(back)).filter(({ type }) => type === 'roster'),
      [],
    );
  });

  it('states who has come in again meanwhile, with another device, and whether that has left', async () => {
    const [alice, bob, carol, other] = [
      await ready('alice-1'),
      await ready('bob-1'),
      await ready('carol-1'),
      await ready('carol-2'),
    ];
    const call = 'came-in';
    const select = (user: string) => createMessage('select', call, [user], { user });
    const carols = record('carol', 'in', { device: 'carol-1' });
    await alice.send(invite(call, ['bob', 'carol']));
    await alice.send({ ...select('bob'), records: [alices, bobs] });
    await bob.next('select');
    await alice.send({ ...select('carol'), records: [alices, carols] });
    await carol.next('select');
    const sync = { phase: 'in', round: 1 } as const;
    const ask = async (...records: MemberRecord[]) => {
      const message = createMessage('sync', call, ['alice', 'carol'], sync);
      await bob.send({ ...message, records: [alices, bobs, ...records] });
      const rosters = (await bob.allFrom(alice)).filter(({ type }) => type === 'roster');
      const fresh = rosters.slice(heard);
      heard = rosters.length;
      return fresh.map((roster) => roster.records);
    };
    let heard = 0;
    assert.deepEqual(await ask(carols), []);
    const again = { ...carols, round: 2, device: 'carol-2', inviter: 'alice' };
    const join = { round: 2, join: true, customData: '' };
    await other.send(createMessage('accept', call, ['alice'], join));
    await alice.send({ ...select('carol'), records: [alices, again] });
    assert.deepEqual(await ask(carols), [[again]]);
    assert.deepEqual(await ask(again), []);
    const left = { ...again, state: 'left', reason: 'hung-up' } as const;
    const leave = createMessage('leave', call, ['alice'], { reason: 'hung-up' });
    await other.send({ ...leave, records: [left] });
    await alice.next('leave', ({ callID }) => callID === call);
    assert.deepEqual(await ask(carols), []);
    const told = await bob.next('leave', ({ callID }) => callID === call);
    assert.deepEqual([told.from.userID, told.from.deviceID], ['carol', SERVER_DEVICE]);
    assert.deepEqual(told.records, [left]);
  });

  it('counts its join as an answer to an invitation of the same round only once a member lets it in', async () => {
    const [alice, carol] = [await ready('alice-1'), await ready('carol-1')];
    await ready('bob-1');
    const callID = 'crossing';
    await alice.send(invite(callID, ['bob', 'carol']));
    const select = createMessage('select', callID, ['bob'], { user: 'bob' });
    await alice.send({ ...select, records: [alices, bobs] });
    const declined = { reason: 'declined', round: 1, customData: '' } as const;
    await carol.send(createMessage('decline', callID, ['alice'], declined));
    const carols = record('carol', 'inviting', { round: 2 });
    const again = { to: ['carol'], initiator: 'alice', records: [alices, bobs, carols] };
    await alice.send({ ...invite(callID, ['carol']), ...again });
    await carol.next('invite', ({ records }) => records.some(({ round }) => round === 2));
    const join = { round: 2, join: true } as const;
    const isOpen = async (deviceID: string) => {
      const other = await clients.connect(server.url, deviceID);
      const { settled } = await other.hello();
      const isReplayed = (await other.allFrom(alice)).some(({ replay }) => replay);
      const rounds = settled.flatMap((one) => (one.callID === callID ? [one.round] : []));
      assert.deepEqual(rounds, isReplayed ? [1] : [2]);
      return isReplayed;
    };
    await carol.send(createMessage('accept', callID, ['alice'], { ...join, customData: '' }));
    assert.equal(await isOpen('carol-2'), true);
    await carol.send(createMessage('sync', callID, ['alice'], { ...join, phase: 'accepting' }));
    assert.equal(await isOpen('carol-3'), true);
    await carol.hello({ current: { callID, phase: 'accepting', ...join } });
    assert.equal(await isOpen('carol-4'), true);
    const selected = { ...record('carol', 'in', { device: 'carol-1', round: 2 }) };
    await alice.send({
      ...createMessage('select', callID, ['carol'], { user: 'carol' }),
      records: [alices, selected],
    });
    assert.equal(await isOpen('carol-5'), false);
  });

  it('counts it as in after a restart if its record states that, although it has just been selected', async () => {
    const [alice, bob] = [await ready('alice-1'), await ready('bob-1')];
    const nobody = record('zed', 'in', { device: 'zed-1' });
    await alice.send({
      ...createMessage('sync', 'restarted', ['bob', 'zed'], { phase: 'in', round: 1 }),
      records: [alices, bobs, nobody],
    });
    await bob.send({
      ...createMessage('state', 'restarted', ['alice'], { phase: 'accepting', round: 1 }),
      records: [alices, bobs],
    });
    // The server has waited for both devices equally long.
    await alice.next('leave', ({ lost }) => lost === 'zed-1');
    const lost = (await alice.allFrom(bob)).flatMap((message) =>
      message.type === 'leave' && message.callID === 'restarted' ? [message.lost] : [],
    );
    assert.deepEqual(lost, ['zed-1']);
  });
});
