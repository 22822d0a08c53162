import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { DEFAULT_LIMITS } from '../../server/limits/limits.js';
import { initialState, transition } from '../../src/core/machine/machine.js';
import type { MachineEvent, MachineState } from '../../src/core/machine/types.js';
import type { Delivered, Message } from '../../src/core/protocol/messages.js';
import { BACKENDS, ServerStage } from '../support/attack-stage.js';
import { CARRIER_TYPES, CARRIERS } from '../support/lying-client.js';
import { UNLIMITED } from '../support/unlimited.js';
import { invite, record } from '../support/wire-client.js';

/*
 * Somebody sends much, to make work for others or to use up what they need.
 */

describe('a device', () => {
  /** What is kept, in entries of maps, sets and lists: each may be copied, or looked at, at every event. */
  const remembered = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    const parts =
      value instanceof Map
        ? [...value.values()]
        : value instanceof Set
          ? [...value]
          : Object.values(value);
    const own = value instanceof Map || value instanceof Set || Array.isArray(value);
    return parts.reduce<number>((sum, part) => sum + remembered(part), own ? parts.length : 0);
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
  /** As many as ten devices may send in little more than one second, and in two. */
  const [FIRST, ALL] = [4_000, 6_000];

  const step = (state: MachineState, event: object, ms: number): MachineState =>
    transition(state, { ...event, now: START + ms } as MachineEvent)[0];

  const connected = (): MachineState =>
    step(step(initialState(BOB), { type: 'transport.online' }, 0), drained, 0);
  const drained = { type: 'transport.drained', inbox: { missed: [], settled: [] } } as const;

  const heard = (
    state: MachineState,
    message: Message,
    device: number,
    ms: number,
  ): MachineState => {
    const from = { userID: 'mallory', userName: 'Mallory', deviceID: `mallory-${device}` };
    const delivered: Delivered = { ...message, from, at: START + ms };
    return step(state, { type: 'transport.message', message: delivered }, ms);
  };

  /** An invitation of Mallory's that rings at Bob. */
  const ringing = (): MachineState =>
    heard(
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
    it(`remembers no more after many small messages ${what}, of ten devices`, () => {
      let state = ringing();
      const flood = (from: number, to: number): number => {
        for (let number = from; number < to; number += 1) {
          state = heard(state, message(number), number % DEVICES, number / 3);
        }
        return remembered(state);
      };
      const first = flood(0, FIRST);
      const then = flood(FIRST, ALL);
      assert.ok(then <= first, `${then} entries after ${first}`);
    });
  }
});

describe('mayCall', () => {
  let stage: ServerStage;
  afterEach(() => stage.close());

  for (const type of CARRIER_TYPES.filter((one) => one !== 'invite')) {
    it(`is asked no more often than for invitations, by messages of type ${type}`, async () => {
      const asked: string[] = [];
      const mayCall = (from: string, to: string) => asked.push(`${from} ${to}`) > 0;
      stage = await ServerStage.open({ mayCall, limits: {} });
      const mallory = await stage.liar('mallory');
      for (let number = 0; number < 20; number += 1) {
        const users = Array.from({ length: 60 }, (_, index) => `user-${number}-${index}`);
        const records = users.map((user) => record(user, 'inviting'));
        const said = { callID: `call ${number}`, records, subject: 'user-0-0' };
        await mallory.send(CARRIERS[type]({ ...said, to: users }));
        await mallory.send(CARRIERS[type]({ ...said, to: ['mallory', 'user-0-0'] }));
      }
      const most = DEFAULT_LIMITS.invitationsPerCaller.points;
      assert.ok(asked.length <= most, `asked ${asked.length} times`);
    });
  }

  it('is asked no more often than the limit says about members who are out of a call', async () => {
    const asked: string[] = [];
    const mayCall = (from: string, to: string) => from === 'alice' || asked.push(to) > 0;
    const { contactQuestions } = DEFAULT_LIMITS;
    stage = await ServerStage.open({ mayCall, limits: { ...UNLIMITED, contactQuestions } });
    const [alice, mallory] = [await stage.liar('alice'), await stage.liar('mallory')];
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
    assert.equal(asked.length, contactQuestions.points);
  });
});

for (const [backend, options, open] of BACKENDS) {
  describe(`the users of a call, with a server ${backend}`, options, () => {
    let stage: ServerStage;
    afterEach(() => stage.close());

    it('have room for those who are invited later, whomever somebody names who declined', async () => {
      stage = await open();
      const alice = await stage.person('alice', { inCalling: { canInvitingInCalling: true } });
      const [bob, carol, mallory] = [
        await stage.person('bob'),
        await stage.person('carol'),
        await stage.liar('mallory'),
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
      await stage.settle();
      await alice.service.invite({ invitees: ['carol'] });
      await carol.is('incoming');
      await carol.service.accept();
      await alice.sees('carol', 'accepted');
      await stage.settle();
      const { drained, received } = await stage.welcome('carol');
      assert.deepEqual(
        drained.settled.filter((one) => one.callID === callID),
        [{ callID, round: 1, how: 'answered' }],
      );
      const rings = received.filter(({ type }) => type === 'invite');
      assert.deepEqual(rings, [], 'her other devices do not ring');
    });
  });
}
