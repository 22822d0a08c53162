import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { invitationAt } from '../../test/contract/inbox.js';
import { invite, record, say } from '../../test/support/wire-client.js';
import type { Bus } from './bus.js';
import { MemoryInbox } from '../inbox/memory-inbox.js';
import { MemoryPresence } from '../presence/memory-presence.js';
import { createStamp } from '../messages/stamp.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { LostDeviceNotifier } from './lost-devices.js';

describe('the server, for a device that vanished,', () => {
  let quick: CallServerProcess;
  /** So slow that a client is back in time also where the machine is busy. */
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
  /** Alice and Bob are in a call. */
  const talk = async (server: CallServerProcess, callID: string) => {
    const [alice, bob] = [await ready(server, 'alice-1'), await ready(server, 'bob-1')];
    await alice.send(invite(callID, ['bob']));
    await alice.send({
      ...say('select', callID, ['bob'], { user: 'bob' }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    return { alice, bob };
  };

  it('says to its call that it is lost, after the time it may take', async () => {
    const { alice, bob } = await talk(quick, 'lost');
    const stranger = await ready(quick, 'eve-1');
    const before = Date.now();
    bob.close();
    const word = await alice.next('leave');
    assert.ok(Date.now() - before >= 190);
    assert.deepEqual(
      { ...word, id: '', at: 0 },
      {
        ...say('leave', 'lost', ['alice'], { reason: 'connection-lost', lost: 'bob-1' }),
        id: '',
        from: { userID: 'bob', userName: 'bob', deviceID: SERVER_DEVICE },
        at: 0,
      },
    );
    const last = await ready(quick, 'zoe-1');
    assert.equal((await stranger.allFrom(last)).length, 0);
    assert.equal((await alice.allFrom(last)).length, 1);
  });

  it("says it to its user's other devices too", async () => {
    const { bob } = await talk(quick, 'siblings');
    const second = await ready(quick, 'bob-2');
    bob.close();
    assert.equal((await second.next('leave')).lost, 'bob-1');
  });

  it('says nothing when it comes back in time', async () => {
    const { alice, bob } = await talk(slow, 'back');
    bob.close();
    const back = await clients.connect(slow.url, 'bob-1');
    await back.hello({ current: { callID: 'back', phase: 'in', round: 1 } });
    // Another one who vanishes now is spoken for later than the first would have been.
    const carol = await ready(slow, 'carol-1');
    await alice.send(invite('back', ['carol']));
    await alice.send({
      ...say('select', 'back', ['carol'], { user: 'carol' }),
      records: [alicesRecord, record('carol', 'in', { device: 'carol-1' })],
    });
    carol.close();
    assert.equal((await alice.next('leave')).lost, 'carol-1');
    assert.equal((await alice.allFrom(back)).length, 1);
  });

  it('says so of one who gave up a call of its own for this one, in a glare', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    const bobsRecord = record('bob', 'in', { device: 'bob-1', inviter: 'bob' });
    await alice.send(invite('a-survives', ['bob']));
    await bob.send(invite('b-gives-way', ['alice'], { initiator: 'bob', records: [bobsRecord] }));
    await bob.send(
      say('cancel', 'b-gives-way', ['alice'], { user: 'alice', reason: 'glare', customData: '' }),
    );
    await bob.send(say('accept', 'a-survives', ['alice'], { round: 1, customData: '' }));
    await alice.send({
      ...say('select', 'a-survives', ['bob'], { user: 'bob' }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    bob.close();
    const word = await alice.next('leave', ({ callID }) => callID === 'a-survives');
    assert.equal(word.lost, 'bob-1');
  });

  it('is not taken in by a member who selects a device that is in another call', async () => {
    const { alice, bob } = await talk(quick, 'true');
    const eve = await ready(quick, 'eve-1');
    const evesRecord = record('eve', 'in', { device: 'eve-1', inviter: 'eve' });
    await eve.send(invite('false', ['bob'], { initiator: 'eve', records: [evesRecord] }));
    await eve.send({
      ...say('select', 'false', ['bob'], { user: 'bob' }),
      records: [evesRecord, record('bob', 'in', { device: 'bob-1', inviter: 'eve' })],
    });
    bob.close();
    const word = await alice.next('leave', ({ callID }) => callID === 'true');
    assert.equal(word.lost, 'bob-1');
  });

  it('asks those who are in the call for a device that does not know it, and for no stranger', async () => {
    const { alice, bob } = await talk(quick, 'learn');
    bob.close();
    await alice.next('leave');
    const back = await ready(quick, 'bob-2');
    const sync = () => say('sync', 'learn', [], { phase: 'over', learn: true });
    const answer = await back.send(sync());
    assert.deepEqual(answer, { reached: [{ user: 'alice', devices: 1 }] });
    const asked = await alice.next('sync');
    assert.deepEqual([asked.from.deviceID, asked.learn], ['bob-2', true]);
    const eve = await ready(quick, 'eve-2');
    assert.deepEqual(await eve.send(sync()), { reached: [] });
  });

  it('says so at once when another page replaces it', async () => {
    const { alice, bob } = await talk(patient, 'replaced');
    bob.close();
    await ready(patient, 'bob-2', { replaces: 'bob-1' });
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it('says so at once, and again to whoever asks, when the replaced page is still connected', async () => {
    const { alice, bob } = await talk(patient, 'duplicate');
    const ended = bob.once('disconnect');
    await ready(patient, 'bob-2', { replaces: 'bob-1' });
    assert.equal(await ended, 'io server disconnect');
    const first = await alice.next('leave');
    assert.equal(first.lost, 'bob-1');
    await alice.send({
      ...say('sync', 'duplicate', ['bob'], { phase: 'in', round: 1 }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    const second = await alice.next('leave', ({ id }) => id !== first.id);
    assert.equal(second.lost, 'bob-1');
  });

  it('says so at once when a hello names it as replaced', async () => {
    const { alice, bob } = await talk(patient, 'hello');
    bob.close();
    const second = await ready(patient, 'bob-2');
    await second.hello({ replaces: 'bob-1' });
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it("does not say so when somebody else's page names it as replaced", async () => {
    const { alice, bob } = await talk(patient, 'trick');
    bob.close();
    const eve = await ready(patient, 'eve-1', { replaces: 'bob-1' });
    await eve.hello({ replaces: 'bob-1' });
    assert.equal((await alice.allFrom(eve)).length, 0);
  });

  it('says so at once when it comes back and knows nothing of the call', async () => {
    const { alice, bob } = await talk(patient, 'forgotten');
    await bob.hello();
    assert.equal((await alice.next('leave')).lost, 'bob-1');
  });

  it('says nothing of a device that left the call before', async () => {
    const { alice, bob } = await talk(quick, 'left');
    await bob.send({
      ...say('leave', 'left', ['alice'], { reason: 'hung-up' }),
      records: [record('bob', 'left', { device: 'bob-1' })],
    });
    bob.close();
    // One who vanishes after that is spoken for later than the first would have been.
    const [dan, eli] = [await ready(quick, 'dan-1'), await ready(quick, 'eli-1')];
    const dansRecord = record('dan', 'in', { device: 'dan-1', inviter: 'dan' });
    await dan.send(invite('other', ['eli'], { initiator: 'dan', records: [dansRecord] }));
    await dan.send({
      ...say('select', 'other', ['eli'], { user: 'eli' }),
      records: [dansRecord, record('eli', 'in', { device: 'eli-1', inviter: 'dan' })],
    });
    eli.close();
    await dan.next('leave');
    const words = (await alice.allFrom(dan)).filter(({ callID }) => callID === 'left');
    assert.deepEqual(
      words.map(({ type, lost }) => [type, lost]),
      [['leave', undefined]],
    );
  });

  it('cancels what rings when no device of the call is left, and makes it missed', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    await alice.send(invite('deserted', ['bob', 'carl']));
    await bob.next('invite');
    alice.close();
    const word = await bob.next('cancel');
    assert.equal(word.reason, 'lost');
    assert.equal(word.user, 'bob');
    assert.deepEqual(word.from, { userID: 'alice', userName: 'alice', deviceID: SERVER_DEVICE });
    assert.deepEqual(word.records, [record('bob', 'canceled')]);
    const carl = await clients.connect(quick.url, 'carl-1');
    const { missed } = await carl.hello();
    assert.deepEqual(
      missed.map(({ invite: { callID }, reason, fresh }) => ({ callID, reason, fresh })),
      [{ callID: 'deserted', reason: 'canceled', fresh: true }],
    );
    assert.equal((await carl.allFrom(bob)).length, 0);
  });

  it('waits for those whom a sync names, after it has forgotten everything', async () => {
    const { alice } = await talk(quick, 'sync');
    await quick.restart();
    const back = await ready(quick, 'alice-1');
    assert.equal(alice.socket.connected, false);
    const names = [alicesRecord, record('bob', 'in', { device: 'bob-1' })];
    const sync = () => ({
      ...say('sync', 'sync', ['bob', 'alice'], { phase: 'in', round: 1 }),
      records: names,
    });
    await back.send(sync());
    const first = await back.next('leave');
    assert.equal(first.lost, 'bob-1');
    // It knows by now, and says so at once.
    await back.send(sync());
    const second = await back.next('leave', ({ id }) => id !== first.id);
    assert.equal(second.lost, 'bob-1');
  });

  it('waits for one whom a sync names, whether or not it is there, until it says the same', async () => {
    const [alice, bob] = [await ready(quick, 'alice-1'), await ready(quick, 'bob-1')];
    const sync = (callID: string, to: string) => ({
      ...say('sync', callID, [to], { phase: 'in', round: 1 }),
      records: [alicesRecord, record('bob', 'in', { device: 'bob-1' })],
    });
    await alice.send(sync('unselected', 'bob'));
    const word = await alice.next('leave', ({ callID }) => callID === 'unselected');
    assert.equal(word.lost, 'bob-1');
    assert.deepEqual(word.from, { userID: 'bob', userName: 'bob', deviceID: SERVER_DEVICE });
    await alice.send(sync('selected', 'bob'));
    await bob.send(sync('selected', 'alice'));
    await alice.next('sync');
    bob.close();
    await alice.next('leave', ({ callID }) => callID === 'selected');
  });

  it('lets those go on with each other whose call it has come into the middle of, and nobody else', async () => {
    await talk(quick, 'middle');
    await quick.restart();
    const [alice, bob, eve, carol] = [
      await ready(quick, 'alice-1'),
      await ready(quick, 'bob-1'),
      await ready(quick, 'eve-1'),
      await ready(quick, 'carol-1'),
    ];
    const records = [alicesRecord, record('bob', 'in', { device: 'bob-1' })];
    const sync = (...to: string[]) => ({
      ...say('sync', 'middle', to, { phase: 'in', round: 1 }),
      records,
    });
    const signal = (...to: string[]) => say('signal', 'middle', to, { link: 1, data: {} });
    // Eve was in the call once, and says that she is.
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
    // Each is known to the other one by now, and may bring in a third.
    const added = [...records, record('carol', 'inviting', { inviter: 'bob' })];
    assert.deepEqual(await bob.send(invite('middle', ['carol'], { records: added })), {
      reached: [{ user: 'carol', devices: 1 }],
    });
    await bob.send({ ...say('roster', 'middle', ['alice'], {}), records: added.slice(2) });
    await carol.send(say('accept', 'middle', ['alice', 'bob'], { round: 1, customData: '' }));
    await alice.next('accept');
    await bob.next('accept');
    const select = { user: 'carol' } as const;
    await bob.send({
      ...say('select', 'middle', ['alice', 'carol'], select),
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

describe('the lost-device notifier, while another server is out of reach,', () => {
  /** Of Alice's call: Bob and Carol are at another server, and Dan and Eli are rung there, too. */
  const stage = async () => {
    const said: string[] = [];
    const presence = new MemoryPresence(3_600_000);
    const inbox = new MemoryInbox();
    const bus: Pick<Bus, 'publish'> = {
      publish(userID, { message, mayBeLate = false }) {
        said.push(`${String(message['type'])} ${userID}${mayBeLate ? ' late' : ''}`);
        return Promise.reject(new UnavailableError('Redis is out of reach.'));
      },
    };
    const metrics = { decided() {} };
    const stamp = createStamp();
    const parts = { presence, inbox, bus: bus as Bus, stamp, metrics };
    const alice = { userID: 'alice', userName: 'Alice', deviceID: 'alice-1' };
    const member = { round: 1, state: 'in' as const, inviter: 'alice' };
    const users = ['alice', 'bob', 'carol'];
    await presence.note('call', { members: new Map(users.map((user) => [user, member])) });
    for (const userID of ['dan', 'eli']) {
      await inbox.put(invitationAt(Date.now(), 'call', userID));
    }
    return { said, alice, spokesman: new LostDeviceNotifier(parts) };
  };

  it('lets all words follow, also after one that could not be said, and has somebody say again that a device is lost', async () => {
    const { said, alice, spokesman } = await stage();
    await assert.rejects(spokesman.reportLost(alice, 'call'), UnavailableError);
    assert.deepEqual(said, [
      'leave alice late',
      'leave bob late',
      'leave carol late',
      'cancel dan late',
      'cancel eli late',
    ]);
  });
});
