import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { SERVER_DEVICE } from '../../src/core/protocol/limits.js';
import { isRateLimited } from '../../test/support/answers.js';
import { CallServerProcess } from '../../test/support/call-server.js';
import { useClients } from '../../test/support/clients.js';
import { RedisServer, withoutRedis } from '../../test/support/redis-server.js';
import type { ServeOptions } from '../../test/support/serve.js';
import {
  invite,
  inviteBy,
  record,
  ringing,
  createMessage,
  type WireClient,
} from '../../test/support/wire-client.js';

/*
 * Attacks by a client with a valid identity that sends well-formed messages, on the real server.
 */

const NOT_DELIVERED = { reached: [] };
const DENIED = { error: { code: 'not-allowed' } };
const free = { points: 100_000, seconds: 1 };
const bytes = { points: 1_000_000_000, seconds: 1 };
const limits = { invitationsPerCaller: free, invitationsPerPair: free };
const cancel = (user: string, reason: 'canceled' | 'glare' | 'timeout') =>
  ({ user, reason, customData: '' }) as const;

function attacks(name: string, options: () => ServeOptions): void {
  describe(`an attacker with a valid identity, on a server ${name},`, () => {
    const clients = useClients();
    let server: CallServerProcess;
    let serial = 0;
    afterEach(() => server.stop());
    /** Connects Alice, Bob, Carol, Mallory and a witness to a new server. */
    const start = async (more: ServeOptions = {}) => {
      server = await CallServerProcess.start({ limits, ...options(), ...more });
      const connect = (deviceID: string) => clients.ready(server.url, deviceID);
      const [alice, bob, carol, mallory, witness] = await Promise.all(
        ['alice-1', 'bob-1', 'carol-1', 'mallory-1', 'zoe-1'].map(connect),
      );
      assert.ok(alice && bob && carol && mallory && witness);
      const callID = `${name}-${(serial += 1)}`;
      const typesAt = async (client: WireClient) =>
        (await client.allFrom(witness)).flatMap((one) =>
          one['callID'] === callID ? [one['type']] : [],
        );
      return { alice, bob, carol, mallory, witness, callID, connect, typesAt };
    };
    /** Alice selects a device of a user whom she has invited. */
    const select = (callID: string, to: readonly string[], deviceID: string, round = 1) => {
      const [user = ''] = deviceID.split('-');
      return {
        ...createMessage('select', callID, to, { user }),
        records: [record(user, 'in', { device: deviceID, round })],
      };
    };
    const sync = (callID: string, to: readonly string[], more: object = {}) =>
      createMessage('sync', callID, to, { phase: 'over', round: 1, ...more });
    const decline = (callID: string, by: string) => ({
      ...createMessage('decline', callID, ['alice', by], {
        round: 1,
        reason: 'declined',
        customData: '',
      }),
      records: [record(by, 'declined')],
    });

    it('cannot drop the invitation of another user, or select a user, after declining', async () => {
      const { alice, mallory, callID, connect } = await start();
      await alice.send(invite(callID, ['mallory', 'away'], { group: true }));
      await mallory.send(decline(callID, 'mallory'));
      const away = record('away', 'in', { device: 'away-1' });
      for (const attempt of [
        createMessage('cancel', callID, ['away'], cancel('away', 'glare')),
        createMessage('cancel', callID, ['away'], cancel('away', 'canceled')),
        { ...createMessage('select', callID, ['away'], { user: 'away' }), records: [away] },
        createMessage('end', callID, ['away'], { reason: 'initiator-left' }),
        createMessage('roster', callID, ['away'], {}),
        invite(callID, ['away']),
      ]) {
        assert.deepEqual(await mallory.send(attempt), DENIED, attempt.type);
      }
      // The coordinator can't select a user in a round that was not opened either.
      for (const round of [2, 1_000_000]) {
        const opened = { ...away, round };
        const attempt = {
          ...createMessage('select', callID, ['away'], { user: 'away' }),
          records: [opened],
        };
        assert.deepEqual(await alice.send(attempt), DENIED);
      }
      await (await connect('away-1')).next('invite', (message) => message.callID === callID);
    });

    it('cannot make statements about others while not in the call, or assign a device to another user', async () => {
      const { alice, bob, mallory, callID } = await start();
      await alice.send(invite(callID, ['bob', 'mallory'], { group: true }));
      await alice.send(select(callID, ['bob', 'mallory'], 'bob-1'));
      await mallory.send({
        ...ringing(callID, ['alice', 'bob']),
        records: [
          record('mallory', 'ringing'),
          record('bob', 'left'),
          record('alice', 'left'),
          record('bob', 'in', { device: 'mallory-1', round: 2 }),
          record('mallory', 'in', { device: 'mallory-1' }),
        ],
      });
      const { records } = await bob.next('ringing');
      assert.deepEqual(records, [record('mallory', 'ringing')]);
      // Also for a participant, a device belongs to its own user.
      await alice.send(select(callID, ['mallory'], 'mallory-1'));
      await mallory.send({
        ...createMessage('state', callID, ['bob'], { phase: 'in', round: 1 }),
        records: [
          record('alice', 'in', { device: 'mallory-1' }),
          record('bob', 'left'),
          record('bob', 'in', { device: 'bob-1', customData: 'a lie', inviter: 'mallory' }),
        ],
      });
      const state = await bob.next('state');
      assert.deepEqual(state.records, [record('bob', 'in', { device: 'bob-1' })]);
    });

    it('cannot invite a user who is in, which the acknowledgement tells, and does not prevent the invitation of another one', async () => {
      const { alice, bob, carol, callID } = await start();
      await alice.send(invite(callID, ['bob', 'carol'], { group: true }));
      await alice.send(select(callID, ['bob', 'carol'], 'bob-1'));
      await alice.send(select(callID, ['bob', 'carol'], 'carol-1'));
      const records = [
        record('carol', 'inviting', { round: 2, inviter: 'bob' }),
        record('zoe', 'inviting', { inviter: 'bob' }),
      ];
      assert.deepEqual(await bob.send(invite(callID, ['carol', 'zoe'], { records })), {
        reached: [
          { user: 'carol', devices: 0, rejected: true },
          { user: 'zoe', devices: 1 },
        ],
      });
      assert.deepEqual(await bob.send(invite(callID, ['carol'], { records })), DENIED);
      const types = (await carol.allFrom(alice)).map((one) => one['type']);
      assert.equal(types.filter((type) => type === 'invite').length, 1, 'that of Alice');
    });

    it('cannot open a new round for other participants, or select a device of another user', async () => {
      const { alice, bob, mallory, callID, connect } = await start();
      const second = await connect('mallory-2');
      await alice.send(invite(callID, ['bob', 'mallory'], { group: true }));
      await alice.send(select(callID, ['bob', 'mallory'], 'bob-1'));
      await alice.send(select(callID, ['bob', 'mallory'], 'mallory-1'));
      const selected = (user: string, device: string, round: number) => ({
        ...createMessage('select', callID, ['bob'], { user }),
        records: [record(user, 'in', { device, round })],
      });
      for (const device of ['mallory-2', 'nobody-1', 'alice-1']) {
        const accepted = record('alice', 'in', { device, round: 2 });
        await mallory.send({ ...ringing(callID, ['bob']), records: [accepted] });
        assert.deepEqual((await bob.next('ringing')).records, []);
        assert.deepEqual(await mallory.send(selected('alice', device, 2)), DENIED);
      }
      // Also for an invitation whose coordinator is Mallory.
      const dave = record('dave', 'inviting', { inviter: 'mallory' });
      await mallory.send(invite(callID, ['dave'], { records: [dave] }));
      for (const device of [second.deviceID, 'bob-1']) {
        assert.deepEqual(await mallory.send(selected('dave', device, 1)), DENIED, device);
      }
      // A reloaded page names the device that it replaces.
      bob.close();
      const again = await clients.connect(server.url, 'bob-2');
      await again.hello({ replaces: 'bob-1' });
      await alice.next('leave');
      assert.deepEqual(await alice.send(select(callID, ['mallory'], 'bob-2', 2)), NOT_DELIVERED);
      const { records } = await mallory.next(
        'select',
        ({ user, records: [one] }) => user === 'bob' && one?.round === 2,
      );
      assert.equal(records[0]?.device, 'bob-2');
    });

    it('cannot observe a call after a cancel or without an invitation, but can ask to join after declining', async () => {
      const { alice, bob, carol, mallory, callID, typesAt } = await start();
      await alice.send(invite(callID, ['bob', 'carol'], { group: true }));
      await alice.send(createMessage('cancel', callID, ['bob'], cancel('bob', 'canceled')));
      await carol.send(decline(callID, 'carol'));
      const join = { round: 2, customData: '', join: true };
      for (const [client, user] of [
        [bob, 'bob'],
        [mallory, 'mallory'],
      ] as const) {
        const left = { ...createMessage('leave', callID, ['alice'], { reason: 'hung-up' }) };
        await client.send({ ...left, records: [record(user, 'left', { device: `${user}-1` })] });
        await client.send(createMessage('accept', callID, ['alice'], join));
        for (const more of [{}, { join: true, round: 2 }, { phase: 'in' }]) {
          assert.deepEqual(await client.send(sync(callID, ['alice'], more)), NOT_DELIVERED);
        }
        assert.deepEqual(await client.send(invite(callID, ['zoe'])), DENIED);
      }
      await carol.send(sync(callID, ['alice']));
      await carol.send(createMessage('accept', callID, ['alice'], join));
      assert.deepEqual(await typesAt(alice), ['decline', 'leave', 'accept']);
      // Until she is in the call, she gets only the records about herself.
      const records = [
        record('alice', 'in', { device: 'alice-1' }),
        record('bob', 'canceled'),
        record('carol', 'declined'),
      ];
      const state = createMessage('state', callID, ['carol'], { phase: 'in', round: 1 });
      await alice.send({ ...state, records });
      assert.deepEqual((await carol.next('state')).records, [record('carol', 'declined')]);
      await alice.send(select(callID, ['carol'], 'carol-1', 2));
      await carol.next('select');
      await carol.send(createMessage('signal', callID, ['alice'], { link: 1, data: {} }));
      await alice.next('signal');
    });

    it('cannot send signals to users who are not in the call', async () => {
      const { alice, bob, mallory, callID, typesAt } = await start();
      const signal = (to: string) => createMessage('signal', callID, [to], { link: 1, data: {} });
      assert.deepEqual(await mallory.send(signal('bob')), NOT_DELIVERED);
      await mallory.send(inviteBy(mallory, callID, ['bob', 'alice'], { group: true }));
      await bob.send(decline(callID, 'bob'));
      assert.deepEqual(await mallory.send(signal('bob')), NOT_DELIVERED);
      await mallory.send(signal('alice'));
      assert.deepEqual(await typesAt(bob), ['invite']);
      assert.deepEqual(await typesAt(alice), ['invite', 'decline', 'signal']);
    });

    it('learns nothing about users from messages other than invitations', async () => {
      const { bob, mallory, callID, typesAt } = await start();
      for (const to of ['bob', 'nobody']) {
        for (const attempt of [
          ringing(callID, [to]),
          createMessage('accept', callID, [to], { round: 1, customData: '' }),
          createMessage('leave', callID, [to], { reason: 'hung-up' }),
          createMessage('seen', callID, [to], { callIDs: [callID] }),
          createMessage('signal', callID, [to], { link: 1, data: {} }),
          sync(callID, [to]),
        ]) {
          assert.deepEqual(await mallory.send(attempt), NOT_DELIVERED, `${attempt.type} ${to}`);
        }
      }
      assert.deepEqual(await typesAt(bob), []);
    });

    it('cannot reach a user who blocks them through an earlier call', async () => {
      const { bob, mallory, callID, typesAt } = await start({ blocked: { mallory: ['bob'] } });
      // Bob has called Mallory, and left the call.
      await bob.send(inviteBy(bob, callID, ['mallory']));
      const left = record('bob', 'left', { device: 'bob-1', inviter: 'bob' });
      const leave = createMessage('leave', callID, ['mallory'], { reason: 'hung-up' });
      await bob.send({ ...leave, records: [left] });
      for (const attempt of [
        sync(callID, ['bob'], { phase: 'in' }),
        createMessage('state', callID, ['bob'], { phase: 'over', round: 1 }),
        createMessage('signal', callID, ['bob'], { link: 1, data: { pad: 'x'.repeat(50_000) } }),
        createMessage('accept', callID, ['bob'], { round: 1, customData: '' }),
      ]) {
        assert.deepEqual(await mallory.send(attempt), NOT_DELIVERED);
      }
      assert.deepEqual(await typesAt(bob), []);
    });

    it('cannot set the display name of other users', async () => {
      const { bob, mallory, callID, connect } = await start();
      const carol = await clients.ready(server.url, 'carol-2', { userName: 'Carol C.' });
      const names = [
        { userID: 'mallory', userName: 'Your bank' },
        { userID: 'carol', userName: 'Police' },
        { userID: 'never-seen', userName: 'Police' },
        { userID: 'alice', userName: 'Police' },
      ];
      const to = ['bob', 'carol', 'never-seen', 'late'];
      await mallory.send(inviteBy(mallory, callID, to, { names, group: true }));
      const shown = [
        { userID: 'mallory', userName: 'mallory' },
        { userID: 'carol', userName: 'Carol C.' },
      ];
      assert.deepEqual((await bob.next('invite', (one) => one.callID === callID)).names, shown);
      const late = await connect('late-1');
      assert.deepEqual(
        (await late.next('invite', (one) => one.callID === callID)).names,
        shown,
        'also in the stored invitation',
      );
      carol.close();
    });

    it('cannot present a user as a participant in the first invitation, or select a user who was not invited', async () => {
      const { bob, carol, mallory, callID, typesAt } = await start();
      const carols = record('carol', 'in', { device: 'carol-1', inviter: 'mallory' });
      const first = inviteBy(mallory, callID, ['bob'], { group: true });
      await mallory.send({ ...first, records: [...first.records, carols] });
      const usersOf = ({ records }: { records?: unknown }) =>
        (records as { user: string }[]).map(({ user }) => user);
      const isOfCall = (one: Record<string, unknown>) => one['callID'] === callID;
      assert.deepEqual(usersOf(await bob.next('invite', isOfCall)), ['mallory', 'bob']);
      const roster = { ...createMessage('roster', callID, ['bob'], {}), records: [carols] };
      await mallory.send(roster);
      assert.deepEqual(usersOf(await bob.next('roster', isOfCall)), []);
      const chosen = createMessage('select', callID, ['bob', 'carol'], { user: 'carol' });
      assert.deepEqual(await mallory.send({ ...chosen, records: [carols] }), DENIED);
      assert.deepEqual(await typesAt(carol), []);
    });

    it('cannot take over invitations or calls of others', async () => {
      const { alice, bob, carol, mallory, callID, typesAt } = await start();
      await alice.send(invite(callID, ['bob', 'mallory'], { group: true }));
      await alice.send(select(callID, ['mallory', 'bob'], 'mallory-1'));
      const round = (count: number, inviter = 'mallory') =>
        record('bob', 'inviting', { round: count, inviter });
      for (const count of [2, 3, 1_000_000]) {
        const again = invite(callID, ['bob'], { records: [round(count)] });
        assert.deepEqual(await mallory.send(again), DENIED, `round ${count}`);
      }
      // At the same time as Alice: nothing changes, and the invitation remains hers. Mallory is told so.
      await mallory.send(invite(callID, ['bob'], { records: [round(1)] }));
      const { from, records } = await mallory.next('roster', (one) => one.callID === callID);
      assert.equal(from.deviceID, SERVER_DEVICE);
      assert.deepEqual(records, [record('bob', 'inviting', { inviter: 'alice' })]);
      assert.deepEqual(
        await mallory.send(createMessage('cancel', callID, ['bob'], cancel('bob', 'canceled'))),
        DENIED,
      );
      const foreign = { initiator: 'mallory' };
      assert.deepEqual(await mallory.send(invite(callID, ['carol'], foreign)), DENIED);
      const rule = { endWithInitiator: true };
      assert.deepEqual(await mallory.send(invite(callID, ['carol'], rule)), DENIED);
      const end = createMessage('end', callID, ['alice', 'bob'], { reason: 'initiator-left' });
      assert.deepEqual(await alice.send(end), DENIED, 'the call does not end with its initiator');
      assert.deepEqual(await mallory.send(invite(`${callID}-new`, ['carol'])), DENIED);
      await bob.next('invite', (one) => one.from.userID === 'alice' && one.callID === callID);
      assert.deepEqual(await typesAt(carol), []);
    });

    it('cannot flood a user from several devices', async () => {
      const { bob, mallory, callID } = await start({
        limits: { ...limits, messageBurst: free, messages: free, bytesPerUser: bytes },
      });
      await mallory.send(inviteBy(mallory, callID, ['bob']));
      const devices = [mallory];
      for (const one of ['2', '3', '4']) {
        devices.push(await clients.ready(server.url, `mallory-${one}`));
      }
      const data = { pad: 'x'.repeat(60_000) };
      const answers: unknown[] = [];
      for (let count = 0; count < 20; count += 1) {
        for (const device of devices) {
          answers.push(
            await device.send(createMessage('signal', callID, ['bob'], { link: 1, data })),
          );
        }
      }
      const accepted = answers.filter((answer) => !isRateLimited(answer)).length;
      assert.ok(accepted >= 20 && accepted <= 60, `${accepted} of ${answers.length}`);
      assert.ok(bob.received.filter((one) => one['callID'] === callID).length <= accepted + 1);
    });
  });
}

attacks('in-memory', () => ({}));

describe('authority with Redis', { skip: withoutRedis }, () => {
  let redis: RedisServer;
  before(async () => {
    redis = await RedisServer.start();
  });
  after(() => redis.stop());
  attacks('with-redis', () => ({ redis: redis.url }));
});
