import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MemberRecord, Message } from '../../src/core/protocol/messages.js';
import { PHASES } from '../../src/core/protocol/vocabulary.js';
import {
  BACKENDS,
  openRelayFixture,
  ServerFixture,
  type AttackFixture,
} from '../support/attack-fixture.js';
import {
  assertNotLinked,
  assertUnharmed,
  callWith,
  type AttackedCall,
  type LiarStatus,
} from '../support/attacked-call.js';
import type { HonestPerson } from '../support/honest-person.js';
import { CARRIER_TYPES, CARRIERS, type LyingClient } from '../support/lying-client.js';
import { record, createMessage } from '../support/wire-client.js';

/*
 * Alice and Bob are in a call. Mallory is not, and tries to find out who is in it with which device, or to join it without an
 * invitation.
 */

const BOTH = ['alice', 'bob'];

type Question = (callID: string) => Message;

const questions: readonly (readonly [string, Question])[] = [
  ...PHASES.flatMap((phase): (readonly [string, Question])[] => [
    [`a sync in the phase ${phase}`, (callID) => createMessage('sync', callID, BOTH, { phase })],
    [
      `a sync in the phase ${phase}, of round 1`,
      (callID) => createMessage('sync', callID, BOTH, { phase, round: 1 }),
    ],
    [
      `a state in the phase ${phase}`,
      (callID) => createMessage('state', callID, BOTH, { phase, round: 1 }),
    ],
  ]),
  [
    'a sync that claims to be in the call',
    (callID) =>
      createMessage('sync', callID, BOTH, { phase: 'in', round: 1, records: [malloryIn(1)] }),
  ],
  [
    'an accept of round 1',
    (callID) => createMessage('accept', callID, BOTH, { round: 1, customData: '' }),
  ],
  [
    'an accept of a later round',
    (callID) => createMessage('accept', callID, BOTH, { round: 2, customData: '' }),
  ],
];

const malloryIn = (round: number): MemberRecord =>
  record('mallory', 'in', { round, device: 'mallory-1' });

/** Asserts that the attacker has received no device ID or record of another user since `start`. */
function assertLearnsNothing({ alice, bob }: AttackedCall, liar: LyingClient, start: number): void {
  for (const message of liar.received.slice(start)) {
    const text = JSON.stringify(message['records'] ?? []);
    for (const { device } of [alice, bob])
      assert.ok(!text.includes(device), `the device ${device} is in ${text}`);
    for (const { user } of (message['records'] ?? []) as MemberRecord[]) {
      assert.equal(user, 'mallory', `a record of another user is in ${JSON.stringify(message)}`);
    }
  }
}

const wires: readonly (readonly [string, () => Promise<AttackFixture>])[] = [
  ...BACKENDS.map(([backend, , open]) => [`with a server ${backend}`, () => open()] as const),
  ['with a relay that checks nothing', openRelayFixture],
];

describe('the state of a call', () => {
  let fixture: AttackFixture;
  afterEach(() => fixture.close());

  for (const [where, open] of wires) {
    const OUT: readonly LiarStatus[] = [
      'declined',
      'was taken back',
      'has left',
      'was never invited',
    ];
    for (const status of OUT) {
      it(`is not revealed to a user who ${status}, ${where}`, async () => {
        fixture = await open();
        const call = await callWith(status, fixture);
        const { mallory, second, callID } = call;
        const starts = [mallory.received.length, second.received.length] as const;
        for (const [what, question] of questions) {
          for (const attacker of [mallory, second]) await attacker.send(question(callID));
          await fixture.settle();
          try {
            assertLearnsNothing(call, mallory, starts[0]);
            assertLearnsNothing(call, second, starts[1]);
          } catch (error) {
            throw new Error(`after ${what}`, { cause: error });
          }
        }
        assertUnharmed(call);
      });
    }
  }
});

type Entrance = (callID: string, device: string) => Message;

const entrances: readonly (readonly [string, Entrance])[] = [
  ...[1, 2, 3].flatMap((round): (readonly [string, Entrance])[] => [
    [
      `an accept of round ${round}`,
      (callID) => createMessage('accept', callID, BOTH, { round, customData: '' }),
    ],
    [
      `an accept with join of round ${round}`,
      (callID) => createMessage('accept', callID, BOTH, { round, join: true, customData: '' }),
    ],
    [
      `a sync with join of round ${round}`,
      (callID) => createMessage('sync', callID, BOTH, { phase: 'accepting', round, join: true }),
    ],
    [
      `a state with join of round ${round}`,
      (callID) => createMessage('state', callID, BOTH, { phase: 'accepting', round, join: true }),
    ],
    [
      `a select of round ${round}`,
      (callID) =>
        createMessage('select', callID, BOTH, { user: 'mallory', records: [malloryIn(round)] }),
    ],
  ]),
  [
    'a sync with join that names a replaced device',
    (callID, device) =>
      createMessage('sync', callID, BOTH, {
        ...{ phase: 'accepting', round: 2, join: true, replaces: device },
      }),
  ],
  ...CARRIER_TYPES.flatMap((carrier): (readonly [string, Entrance])[] =>
    [1, 2].map((round) => [
      `its own record of round ${round} in a message of type ${carrier}`,
      (callID) =>
        CARRIERS[carrier]({ callID, to: BOTH, records: [malloryIn(round)], subject: 'mallory' }),
    ]),
  ),
];

describe('a call', () => {
  let fixture: AttackFixture;
  afterEach(() => fixture.close());

  for (const [where, open] of wires) {
    for (const status of ['was taken back', 'was never invited'] as const) {
      it(`does not admit a user who ${status}, ${where}`, async () => {
        fixture = await open();
        const call = await callWith(status, fixture);
        const { mallory, callID, alice, bob, people } = call;
        for (const [entrance, message] of entrances) {
          for (const { device } of people) await mallory.send(message(callID, device));
          for (const { userID, device } of people) await mallory.offers(callID, userID, device);
          await fixture.settle();
          for (const { members } of [alice, bob]) {
            assert.ok(
              !members.includes('mallory accepted'),
              `after ${entrance}: ${members.join()}`,
            );
          }
          assertNotLinked(call, mallory);
        }
        assertUnharmed(call);
      });
    }
  }

  for (const [how, end] of [
    ['declined', (carol: HonestPerson) => carol.service.decline()],
    [
      'has left',
      async (carol: HonestPerson) => {
        await carol.service.accept();
        await carol.is('active');
        await carol.service.hangUp();
      },
    ],
  ] as const) {
    it(`admits a user who ${how}, and then joins`, async () => {
      fixture = await ServerFixture.open();
      const [alice, bob, carol] = [
        await fixture.person('alice'),
        await fixture.person('bob'),
        await fixture.person('carol'),
      ];
      const callID = await alice.rings('bob', 'carol');
      for (const person of [bob, carol]) await person.is('incoming');
      await bob.service.accept();
      await alice.is('active');
      await end(carol);
      await carol.is('ended');
      await fixture.settle();
      await carol.service.join(callID);
      await carol.is('active');
      for (const person of [alice, bob]) await person.sees('carol', 'accepted');
    });
  }
});
