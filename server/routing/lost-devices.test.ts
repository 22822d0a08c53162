import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { invitationAt } from '../../test/contract/inbox.js';
import { invite, record, createMessage } from '../../test/support/wire-client.js';
import type { Bus } from './bus.js';
import { MemoryInbox } from '../inbox/memory-inbox.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { createStamp } from '../messages/stamp.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { BusyDevices } from './busy-devices.js';
import { LostDeviceNotifier } from './lost-devices.js';

describe('the server, for a disconnected device,', () => {
  let quick: CallServerProcess;
  /** Waits long enough that a client can reconnect in time on a busy machine. */
  let slow: CallServerProcess;
  let patient: CallServerProcess;
  const clients = useClients();
  before(async () => {
    const start = (vanishAfterMs: number) => CallServerProcess.start({ vanishAfterMs });
    [quick, slow, patient] = await Promise.all([start(200), start(1_500), start(3_600_000)]);
  });
  after(() => Promise.all([quick.stop(), slow.stop(), patient.stop()]));

  const ready = (
    server: CallServerProcess,
    deviceID: string,
    auth?: Readonly<Record<string, unknown>>,
  ) => clients.ready(server.url, deviceID, auth);
  const alicesRecord = record('alice', 'in', { device: 'alice-1' });
  /** Sets up a call of Alice and Bob. */
  const setUpCall = async (server: CallServerProcess, callID: string) => {
    const [alice, bob] = [await ready(server, 'alice-1'), await ready(server, 'bob-1')];
    await alice.send(invite(callID, ['bob']));
    await alice.send({
      ...createMessage('select', callID, ['bob'], { user: 'bob' }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    return { alice, bob };
  };

  it('reports it as lost to the other members after the wait', async () => {
    const { alice, bob } = await setUpCall(quick, 'lost');
    const stranger = await ready(quick, 'eve-1');
    const before = Date.now();
    bob.close();
    const message = await alice.next('leave');
    assert.ok(Date.now() - before >= 190);
    assert.deepEqual(
      { ...message, id: '', at: 0 },
      {
        ...createMessage('leave', 'lost', ['alice'], { reason: 'connection-lost', lost: 'bob-1' }),
        id: '',
        from: { userID: 'bob', userName: 'bob', deviceID: SERVER_DEVICE },
        at: 0,
      },
    );
    const last = await ready(quick, 'zoe-1');
    assert.equal((await stranger.allFrom(last)).length, 0);
    assert.equal((await alice.allFrom(last)).length, 1);
  });

  it("reports it as lost to its user's other devices, too", async () => {
    const { bob } = await setUpCall(quick, 'siblings');
    const second = await ready(quick, 'bob-2');
    bob.close();
    assert.equal((await second.next('leave')).lost, 'bob-1');
  });

  it('reports nothing if it reconnects in time', async () => {
    const { alice, bob } = await setUpCall(slow, 'back');
    bob.close();
    const back = await clients.connect(slow.url, 'bob-1');
    await back.hello({ current: { callID: 'back', phase: 'in', round: 1 } });
    // A device that disconnects now would be reported later than the first one.
    const carol = await ready(slow, 'carol-1');
    await alice.send(invite('back', ['carol']));
    await alice.send({
      ...createMessage('select', 'back', ['carol'], { user: 'carol' }),
      records: [alicesRecord, record('carol', 'in', { device: 'carol-1' })],
    });
    carol.close();
    assert.equal((await alice.next('leave')).lost, 'carol-1');
    assert.equal((await alice.allFrom(back)).length, 1);
  });

  it('reports it as lost after its own call was dropped in a glare', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    const bobsRecord = record('bob', 'in', { device: 'bob-1', inviter: 'bob' });
    await alice.send(invite('a-survives', ['bob']));
    await bob.send(invite('b-gives-way', ['alice'], { initiator: 'bob', records: [bobsRecord] }));
    await bob.send(
      createMessage('cancel', 'b-gives-way', ['alice'], {
        user: 'alice',
        reason: 'glare',
        customData: '',
      }),
    );
    await bob.send(createMessage('accept', 'a-survives', ['alice'], { round: 1, customData: '' }));
    await alice.send({
      ...createMessage('select', 'a-survives', ['bob'], { user: 'bob' }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    bob.close();
    const message = await alice.next('leave', ({ callID }) => callID === 'a-survives');
    assert.equal(message.lost, 'bob-1');
  });

  it('reports it in all its calls when it has answered one with another on hold', async () => {
    const { alice, bob } = await setUpCall(quick, 'on-hold');
    const carol = await ready(quick, 'carol-1');
    const carolsRecord = record('carol', 'in', { device: 'carol-1', inviter: 'carol' });
    await carol.send(invite('second', ['bob'], { initiator: 'carol', records: [carolsRecord] }));
    await bob.next('invite', ({ callID }) => callID === 'second');
    await bob.send(
      createMessage('accept', 'second', ['carol'], {
        ...{ round: 1, customData: '', keepsOthers: true },
      }),
    );
    await carol.send({
      ...createMessage('select', 'second', ['bob'], { user: 'bob' }),
      records: [carolsRecord, record('bob', 'in', { device: 'bob-1', inviter: 'carol' })],
    });
    // It is lost before it reports to be in the second call.
    bob.close();
    const isLost = (callID: string) => (message: { callID: string }) => message.callID === callID;
    assert.equal((await alice.next('leave', isLost('on-hold'))).lost, 'bob-1');
    assert.equal((await carol.next('leave', isLost('second'))).lost, 'bob-1');
  });

  it('keeps it in its call when another caller selects it for a forged call', async () => {
    const { alice, bob } = await setUpCall(quick, 'true');
    const eve = await ready(quick, 'eve-1');
    const evesRecord = record('eve', 'in', { device: 'eve-1', inviter: 'eve' });
    await eve.send(invite('false', ['bob'], { initiator: 'eve', records: [evesRecord] }));
    await eve.send({
      ...createMessage('select', 'false', ['bob'], { user: 'bob' }),
      records: [evesRecord, record('bob', 'in', { device: 'bob-1', inviter: 'eve' })],
    });
    bob.close();
    const message = await alice.next('leave', ({ callID }) => callID === 'true');
    assert.equal(message.lost, 'bob-1');
  });

  it('forwards a sync about an unknown call to its members, but not for a stranger', async () => {
    const { alice, bob } = await setUpCall(quick, 'learn');
    bob.close();
    await alice.next('leave');
    const back = await ready(quick, 'bob-2');
    const sync = () => createMessage('sync', 'learn', [], { phase: 'over', learn: true });
    const answer = await back.send(sync());
    assert.deepEqual(answer, { reached: [{ user: 'alice', devices: 1 }] });
    const asked = await alice.next('sync');
    assert.deepEqual([asked.from.deviceID, asked.learn], ['bob-2', true]);
    const eve = await ready(quick, 'eve-2');
    assert.deepEqual(await eve.send(sync()), { reached: [] });
  });

  it('reports it as lost immediately when another page replaces it', async () => {
    const { alice, bob } = await setUpCall(patient, 'replaced');
    bob.close();
    await ready(patient, 'bob-2', { replaces: 'bob-1' });
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it('reports it as lost immediately, and again on request, when the replaced page is still connected', async () => {
    const { alice, bob } = await setUpCall(patient, 'duplicate');
    const ended = bob.once('disconnect');
    await ready(patient, 'bob-2', { replaces: 'bob-1' });
    assert.equal(await ended, 'io server disconnect');
    const first = await alice.next('leave');
    assert.equal(first.lost, 'bob-1');
    await alice.send({
      ...createMessage('sync', 'duplicate', ['bob'], { phase: 'in', round: 1 }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    const second = await alice.next('leave', ({ id }) => id !== first.id);
    assert.equal(second.lost, 'bob-1');
  });

  it('reports it as lost immediately when a hello names it as replaced', async () => {
    const { alice, bob } = await setUpCall(patient, 'hello');
    bob.close();
    const second = await ready(patient, 'bob-2');
    await second.hello({ replaces: 'bob-1' });
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it("does not report it when another user's page names it as replaced", async () => {
    const { alice, bob } = await setUpCall(patient, 'trick');
    bob.close();
    const eve = await ready(patient, 'eve-1', { replaces: 'bob-1' });
    await eve.hello({ replaces: 'bob-1' });
    assert.equal((await alice.allFrom(eve)).length, 0);
  });

  it('reports it as lost immediately when it reconnects without the call', async () => {
    const { alice, bob } = await setUpCall(patient, 'forgotten');
    await bob.hello();
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it('reports nothing if it had left the call before', async () => {
    const { alice, bob } = await setUpCall(quick, 'left');
    await bob.send({
      ...createMessage('leave', 'left', ['alice'], { reason: 'hung-up' }),
      records: [record('bob', 'left', { device: 'bob-1' })],
    });
    bob.close();
    // A device that disconnects now would be reported later than the first one.
    const [dan, eli] = [await ready(quick, 'dan-1'), await ready(quick, 'eli-1')];
    const dansRecord = record('dan', 'in', { device: 'dan-1', inviter: 'dan' });
    await dan.send(invite('other', ['eli'], { initiator: 'dan', records: [dansRecord] }));
    await dan.send({
      ...createMessage('select', 'other', ['eli'], { user: 'eli' }),
      records: [dansRecord, record('eli', 'in', { device: 'eli-1', inviter: 'dan' })],
    });
    eli.close();
    await dan.next('leave');
    const messages = (await alice.allFrom(dan)).filter(({ callID }) => callID === 'left');
    assert.deepEqual(
      messages.map(({ type, lost }) => [type, lost]),
      [['leave', undefined]],
    );
  });

  it('cancels open invitations, as missed calls, when no device of the call is left', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    await alice.send(invite('deserted', ['bob', 'carl']));
    await bob.next('invite');
    alice.close();
    const message = await bob.next('cancel');
    assert.equal(message.reason, 'lost');
    assert.equal(message.user, 'bob');
    assert.deepEqual(message.from, { userID: 'alice', userName: 'alice', deviceID: SERVER_DEVICE });
    assert.deepEqual(message.records, [record('bob', 'canceled')]);
    const carl = await clients.connect(quick.url, 'carl-1');
    const { missed } = await carl.hello();
    assert.deepEqual(
      missed.map(({ invite: { callID }, reason, fresh }) => ({ callID, reason, fresh })),
      [{ callID: 'deserted', reason: 'canceled', fresh: true }],
    );
    assert.equal((await carl.allFrom(bob)).length, 0);
  });

  it('waits for devices that a sync names after a restart', async () => {
    const { alice } = await setUpCall(quick, 'sync');
    await quick.restart();
    const back = await ready(quick, 'alice-1');
    assert.equal(alice.socket.connected, false);
    const names = [alicesRecord, record('bob', 'in', { device: 'bob-1' })];
    const sync = () => ({
      ...createMessage('sync', 'sync', ['bob', 'alice'], { phase: 'in', round: 1 }),
      records: names,
    });
    await back.send(sync());
    const first = await back.next('leave');
    assert.equal(first.lost, 'bob-1');
    // The server knows already that the device is lost, and answers immediately.
    await back.send(sync());
    const second = await back.next('leave', ({ id }) => id !== first.id);
    assert.equal(second.lost, 'bob-1');
  });

  it('waits for a device that a sync names until it confirms that it is in the call, whether or not it is connected', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    const sync = (callID: string, to: string) => ({
      ...createMessage('sync', callID, [to], { phase: 'in', round: 1 }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    await alice.send(sync('unselected', 'bob'));
    const message = await alice.next('leave', ({ callID }) => callID === 'unselected');
    assert.equal(message.lost, 'bob-1');
    assert.deepEqual(message.from, { userID: 'bob', userName: 'bob', deviceID: SERVER_DEVICE });
    await alice.send(sync('selected', 'bob'));
    await bob.send(sync('selected', 'alice'));
    await alice.next('sync');
    bob.close();
    await alice.next('leave', ({ callID }) => callID === 'selected');
  });

  it('lets the members of a recovered call continue, and excludes others', async () => {
    await setUpCall(quick, 'middle');
    await quick.restart();
    const [alice, bob, eve, carol] = [
      await ready(quick, 'alice-1'),
      await ready(quick, 'bob-1'),
      await ready(quick, 'eve-1'),
      await ready(quick, 'carol-1'),
    ];
    const records = [alicesRecord, record('bob', 'in', { device: 'bob-1' })];
    const sync = (...to: string[]) => ({
      ...createMessage('sync', 'middle', to, { phase: 'in', round: 1 }),
      records,
    });
    const signal = (...to: string[]) =>
      createMessage('signal', 'middle', to, { link: 1, data: {} });
    // Eve was in the call once, and claims that she still is.
    const eves = record('eve', 'in', { device: 'eve-1' });
    await eve.send({ ...sync('alice', 'bob'), records: [...records, eves] });
    await alice.send(sync('bob'));
    await bob.send(sync('alice'));
    await alice.next('sync');
    await bob.send(signal('alice', 'carol'));
    await alice.next('signal');
    await eve.send(signal('alice', 'bob', 'carol'));
    assert.deepEqual(await eve.send(invite('middle', ['carol'], { records })), {
      error: { code: 'not-allowed' },
    });
    // The two members have confirmed each other by now, and may invite a third.
    const added = [...records, record('carol', 'inviting', { inviter: 'bob' })];
    assert.deepEqual(await bob.send(invite('middle', ['carol'], { records: added })), {
      reached: [{ user: 'carol', devices: 1 }],
    });
    await bob.send({
      ...createMessage('roster', 'middle', ['alice'], {}),
      records: added.slice(2),
    });
    await carol.send(
      createMessage('accept', 'middle', ['alice', 'bob'], { round: 1, customData: '' }),
    );
    await alice.next('accept');
    await bob.next('accept');
    const select = { user: 'carol' } as const;
    await bob.send({
      ...createMessage('select', 'middle', ['alice', 'carol'], select),
      records: [...records, record('carol', 'in', { device: 'carol-1', inviter: 'bob' })],
    });
    await carol.next('select');
    const typesOf = async (client: typeof alice) =>
      (await client.allFrom(eve)).map(({ type }) => type);
    assert.deepEqual(await typesOf(alice), ['sync', 'signal', 'roster', 'accept', 'select']);
    assert.deepEqual(await typesOf(carol), ['invite', 'select']);
    assert.equal(
      (await bob.allFrom(eve)).some(({ from }) => userOf(from) === 'eve'),
      false,
    );
  });
});

const userOf = (from: unknown): unknown => (from as { userID?: unknown }).userID;

describe('LostDeviceNotifier, while another node is unreachable,', () => {
  /** A call of Alice, with Bob and Carol on another node, and open invitations of Dan and Eli. */
  const stage = async () => {
    const published: string[] = [];
    const presence = new MemoryPresence(3_600_000);
    const inbox = new MemoryInbox();
    const bus: Pick<Bus, 'publish'> = {
      publish(userID, { message, mayBeLate = false }) {
        published.push(`${String(message['type'])} ${userID}${mayBeLate ? ' late' : ''}`);
        return Promise.reject(new UnavailableError('Redis is unreachable.'));
      },
    };
    const metrics = { decided() {} };
    const stamp = createStamp();
    const busyDevices = new BusyDevices({ presence, bus: bus as Bus, stamp });
    const parts = { presence, busyDevices, inbox, bus: bus as Bus, stamp, metrics };
    const alice = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
    const member = { round: 1, state: 'in' as const, inviter: 'alice' };
    const users = ['alice', 'bob', 'carol'];
    await presence.note('call', { members: new Map(users.map((user) => [user, member])) });
    for (const userID of ['dan', 'eli']) {
      await inbox.put(invitationAt(Date.now(), 'call', userID));
    }
    return { published, alice, notifier: new LostDeviceNotifier(parts) };
  };

  it('publishes all messages although each one fails, and rejects so that the report is repeated', async () => {
    const { published: published, alice, notifier: notifier } = await stage();
    await assert.rejects(notifier.reportLost(alice, 'call'), UnavailableError);
    assert.deepEqual(published, [
      'leave alice late',
      'leave bob late',
      'leave carol late',
      'cancel dan late',
      'cancel eli late',
    ]);
  });
});
