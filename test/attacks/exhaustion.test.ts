import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { DEFAULT_LIMITS, MAX_USERS_PER_CALL } from '../../server/limits/limits.js';
import { initialState, transition } from '../../src/core/machine/machine.js';
import type { EventInput } from '../../src/core/machine/events.js';
import type { MachineState } from '../../src/core/machine/types.js';
import type { Delivered, Message } from '../../src/core/protocol/messages.js';
import { BACKENDS, ServerFixture } from '../support/attack-fixture.js';
import { CARRIER_TYPES, CARRIERS } from '../support/lying-client.js';
import { UNLIMITED } from '../support/unlimited.js';
import { invite, record } from '../support/wire-client.js';

/*
 * Floods that cause work for others, or use up their resources.
 */

describe('a device', () => {
  /** Number of entries of maps, sets and arrays in a value, at any depth: each may be copied or visited at every event. */
  const countEntries = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    const parts =
      value instanceof Map
        ? [...value.values()]
        : value instanceof Set
          ? [...value]
          : Object.values(value);
    const own = value instanceof Map || value instanceof Set || Array.isArray(value);
    return parts.reduce<number>((sum, part) => sum + countEntries(part), own ? parts.length : 0);
  };

  const BOB = {
    userID: 'bob',
    userName: 'Bob',
    deviceID: 'bob-1',
    media: true,
    canTakeCalls: true,
  };
  const START = 1_800_000_000_000;
  const DEVICES = 10;
  /** Number of messages that ten devices may send in slightly more than one second, and in two seconds. */
  const [FIRST, ALL] = [4_000, 6_000];

  const step = (state: MachineState, event: EventInput, ms: number): MachineState =>
    transition(state, { ...event, now: START + ms })[0];

  const connected = (): MachineState =>
    step(step(initialState(BOB), { type: 'transport.online' }, 0), SYNCED, 0);
  const SYNCED: EventInput = { type: 'transport.synced', inbox: { missed: [], settled: [] } };

  const receive = (
    state: MachineState,
    message: Message,
    device: number,
    ms: number,
  ): MachineState => {
    const from = { userID: 'mallory', userName: 'Mallory', deviceID: `mallory-${device}` };
    const delivered: Delivered = { ...message, from, at: START + ms };
    return step(state, { type: 'transport.message', message: delivered }, ms);
  };

  /** State of Bob's device while an invitation of Mallory rings. */
  const ringing = (): MachineState =>
    receive(
      connected(),
      invite('ringing', ['bob'], {
        initiator: 'mallory',
        records: [
          record('mallory', 'in', { device: 'mallory-0', inviter: 'mallory' }),
          record('bob', 'inviting', { inviter: 'mallory' }),
        ],
      }),
      0,
      0,
    );

  const floods: readonly (readonly [string, (number: number) => Message])[] = [
    ...CARRIER_TYPES.filter((type) => type !== 'invite').flatMap((type) =>
      [(): string => 'ringing', (number: number): string => `unknown ${number}`].map(
        (callIDOf, index) =>
          [
            `of type ${type} in ${index === 0 ? 'a call that rings' : 'unknown calls'}`,
            (number: number) =>
              CARRIERS[type]({
                callID: callIDOf(number),
                to: ['bob'],
                records: [],
                subject: 'bob',
              }),
          ] as const,
      ),
    ),
  ];

  for (const [what, message] of floods) {
    it(`does not grow its state after many small messages ${what}, from ten devices`, () => {
      let state = ringing();
      assert.equal(state.calls.get('ringing')?.phase, 'incoming');
      const flood = (from: number, to: number): number => {
        for (let number = from; number < to; number += 1) {
          state = receive(state, message(number), number % DEVICES, number / 3);
        }
        return countEntries(state);
      };
      const first = flood(0, FIRST);
      const then = flood(FIRST, ALL);
      assert.ok(then <= first, `${then} entries after ${first}`);
    });
  }
});

describe('mayCall', () => {
  let fixture: ServerFixture;
  afterEach(() => fixture.close());

  for (const type of CARRIER_TYPES.filter((one) => one !== 'invite')) {
    it(`is called no more often for messages of type ${type} than for invitations`, async () => {
      const queries: string[] = [];
      const mayCall = (from: string, to: string) => queries.push(`${from} ${to}`) > 0;
      fixture = await ServerFixture.open({ mayCall, limits: {} });
      const mallory = await fixture.liar('mallory');
      for (let number = 0; number < 20; number += 1) {
        const users = Array.from({ length: 60 }, (_, index) => `user-${number}-${index}`);
        const records = users.map((user) => record(user, 'inviting'));
        const fields = { callID: `call ${number}`, records, subject: 'user-0-0' };
        await mallory.send(CARRIERS[type]({ ...fields, to: users }));
        await mallory.send(CARRIERS[type]({ ...fields, to: ['mallory', 'user-0-0'] }));
      }
      const most = DEFAULT_LIMITS.invitationsPerCaller.points;
      assert.ok(queries.length <= most, `called ${queries.length} times`);
    });
  }

  it('is called no more often than the limit allows about former members of a call', async () => {
    const queries: string[] = [];
    const mayCall = (from: string, to: string) => from === 'alice' || queries.push(to) > 0;
    const { contactQuestions } = DEFAULT_LIMITS;
    fixture = await ServerFixture.open({ mayCall, limits: { ...UNLIMITED, contactQuestions } });
    const [alice, mallory] = [await fixture.liar('alice'), await fixture.liar('mallory')];
    const users = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    for (const callID of ['first', 'second']) {
      const out = users.map((user) => `${callID}-${user}`);
      const invited = ['mallory', ...out];
      const records = [
        record('alice', 'in', { device: 'alice-1', inviter: 'alice' }),
        ...invited.map((user) => record(user, 'inviting', { inviter: 'alice' })),
      ];
      await alice.send(invite(callID, invited, { initiator: 'alice', records }));
      for (const subject of out) {
        const canceled = [record(subject, 'canceled', { inviter: 'alice' })];
        await alice.send(CARRIERS.cancel({ callID, to: [subject], records: canceled, subject }));
      }
      await mallory.send(CARRIERS.ringing({ callID, to: out, records: [], subject: 'mallory' }));
    }
    assert.equal(queries.length, contactQuestions.points);
  });
});

for (const [backend, options, open] of BACKENDS) {
  describe(`the list of users of a call, with a server ${backend}`, options, () => {
    let fixture: ServerFixture;
    afterEach(() => fixture.close());

    it('has room for users who are invited later, whichever users a member who declined has named', async () => {
      fixture = await open();
      const alice = await fixture.person('alice', { inCalling: { canInvitingInCalling: true } });
      const [bob, carol, mallory] = [
        await fixture.person('bob'),
        await fixture.person('carol'),
        await fixture.liar('mallory'),
      ];
      const callID = await alice.rings('bob', 'mallory');
      await bob.is('incoming');
      await bob.service.accept();
      await mallory.declines(callID, ['alice', 'bob']);
      await alice.sees('mallory', 'declined');
      for (let number = 0; number < 6; number += 1) {
        const users = Array.from({ length: 60 }, (_, index) => `user-${number}-${index}`);
        const records = users.map((user) => record(user, 'inviting', { inviter: 'mallory' }));
        for (const type of CARRIER_TYPES) {
          for (const to of [users, ['user-0-0']]) {
            await mallory.send(CARRIERS[type]({ callID, to, records, subject: 'user-0-0' }));
          }
        }
      }
      await fixture.settle();
      await alice.service.invite({ invitees: ['carol'] });
      await carol.is('incoming');
      await carol.service.accept();
      await alice.sees('carol', 'accepted');
      await fixture.settle();
      const { inboxReport: SYNCED, received } = await fixture.initialSync('carol');
      assert.deepEqual(
        SYNCED.settled.filter((one) => one.callID === callID),
        [{ callID, round: 1, how: 'answered' }],
      );
      const rings = received.filter(({ type }) => type === 'invite');
      assert.deepEqual(rings, [], 'no other device of Carol rings');
    });

    it('has room for users who are invited later, however many users a member has invited', async () => {
      fixture = await open({ limits: UNLIMITED });
      const alice = await fixture.person('alice', { inCalling: { canInvitingInCalling: true } });
      const [carol, mallory] = [await fixture.person('carol'), await fixture.liar('mallory')];
      const callID = await alice.rings('mallory');
      await mallory.accepts(callID, ['alice']);
      await alice.sees('mallory', 'accepted');
      for (let number = 0; number < MAX_USERS_PER_CALL; number += 1) {
        const user = `user-${number}`;
        const records = [record(user, 'inviting', { inviter: 'mallory' })];
        await mallory.send(invite(callID, [user], { initiator: 'alice', records }));
      }
      await fixture.settle();
      await alice.service.invite({ invitees: ['carol'] });
      await carol.is('incoming');
      await carol.service.accept();
      await alice.sees('carol', 'accepted');
    });
  });
}
