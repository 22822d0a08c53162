import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MemberRecord, Message } from '../../src/core/protocol/messages.js';
import {
  BACKENDS,
  openRelayFixture,
  ServerFixture,
  type AttackFixture,
} from '../support/attack-fixture.js';
import {
  assertUnharmed,
  ringingWith,
  STATUSES,
  type AttackedCall,
} from '../support/attacked-call.js';
import type { HonestPerson } from '../support/honest-person.js';
import { CARRIER_TYPES, CARRIERS, type LyingClient } from '../support/lying-client.js';
import { invite, record, createMessage } from '../support/wire-client.js';

/*
 * Alice has invited Bob. Mallory sends messages about this invitation that only Alice, Bob or the server may send.
 */

const REASONS = ['canceled', 'timeout', 'busy', 'unreachable', 'unsupported', 'glare'] as const;

/** Forged records: the invitation has ended, Bob has answered it, or another user has invited him. */
const endings: readonly MemberRecord[] = [
  ...[1, 2].flatMap((round) => [
    ...REASONS.map((state) => record('bob', state, { round })),
    record('bob', 'declined', { round }),
    record('bob', 'in', { round, device: '!mallory' }),
    record('bob', 'left', { round, device: '!mallory', reason: 'hung-up' }),
  ]),
  record('bob', 'ringing', { inviter: '!mallory' }),
  record('bob', 'inviting', { round: 2, inviter: 'mallory' }),
];

for (const [where, open] of [
  ['with the server', () => ServerFixture.open()],
  ['with a relay that checks nothing', openRelayFixture],
] as const) {
  describe(`a ringing invitation, ${where}`, () => {
    let fixture: AttackFixture;
    afterEach(() => fixture.close());

    const assertRingsAndConnects = async (call: AttackedCall) => {
      const { alice, bob } = call;
      await fixture.settle();
      assert.equal(bob.call.status, 'incoming');
      assert.equal(bob.call.inviter?.userID, 'alice');
      assert.ok(alice.members.includes('bob ringing'), alice.members.join());
      await bob.service.accept();
      await Promise.all([alice.sees('bob', 'accepted'), bob.is('active')]);
      await alice.is('active');
      await fixture.settle();
      assertUnharmed(call);
    };

    for (const status of STATUSES) {
      for (const carrier of CARRIER_TYPES) {
        it(`continues to ring when a user who ${status} claims in a message of type ${carrier} that it has ended`, async () => {
          fixture = await open();
          const call = await ringingWith(status, fixture);
          const { mallory, callID } = call;
          for (const to of ['bob', 'alice']) {
            for (const lie of endings) {
              const fields = { callID, to: [to], records: [lie], subject: 'bob' };
              await mallory.send(CARRIERS[carrier](fields));
            }
          }
          await assertRingsAndConnects(call);
        });
      }

      it(`continues to ring when a user who ${status} cancels it`, async () => {
        fixture = await open();
        const call = await ringingWith(status, fixture);
        const { mallory, callID } = call;
        for (const reason of REASONS) {
          const fields = { user: 'bob', reason, customData: '' };
          const records = [record('bob', reason)];
          await mallory.send(
            createMessage('cancel', callID, ['bob', 'alice'], { ...fields, records }),
          );
        }
        await assertRingsAndConnects(call);
      });
    }
  });
}

type Attack = (callID: string) => Message;

const cancels = REASONS.map((reason): [string, Attack] => [
  `cancel: ${reason}`,
  (callID) =>
    createMessage('cancel', callID, ['bob'], {
      ...{ user: 'bob', reason, customData: '' },
      records: [record('bob', reason)],
    }),
]);
const selects = [1, 2, 1_000_000].map((round): [string, Attack] => [
  `select of round ${round}`,
  (callID) =>
    createMessage('select', callID, ['bob'], {
      user: 'bob',
      records: [record('bob', 'in', { round, device: 'bob-1' })],
    }),
]);
const invites = ['alice', 'mallory'].flatMap((initiator) =>
  [1, 2, 1_000_000].map((round): [string, Attack] => [
    `invite of round ${round} with ${initiator} as the initiator`,
    (callID) =>
      invite(callID, ['bob'], {
        initiator,
        records: [
          record('mallory', 'in', { device: 'mallory-1', inviter: 'alice' }),
          record('bob', 'inviting', { round, inviter: 'mallory' }),
        ],
        // Would time out soon.
        remainingMs: 1_000,
        timeoutMs: 1_000,
      }),
  ]),
);
const others: [string, Attack][] = [
  ['end', (callID) => createMessage('end', callID, ['bob'], { reason: 'hung-up' })],
  [
    'leave that names Bob',
    (callID) =>
      createMessage('leave', callID, ['bob'], {
        reason: 'hung-up',
        records: [record('bob', 'left', { device: 'bob-1' })],
      }),
  ],
  [
    'sync that names Bob',
    (callID) =>
      createMessage('sync', callID, ['bob', 'alice'], {
        phase: 'in',
        records: [record('bob', 'in', { device: 'bob-1' })],
      }),
  ],
];
const attacks = [...cancels, ...selects, ...invites, ...others];

for (const [backend, options, open] of BACKENDS) {
  describe(`an invitation of an offline user, stored ${backend}`, options, () => {
    let fixture: ServerFixture;
    afterEach(() => fixture.close());

    /** Alice invites Bob, who is offline. Mallory has declined, or was never invited. */
    const begin = async (isInvited: boolean) => {
      fixture = await open();
      const alice: HonestPerson = await fixture.person('alice');
      const mallory: LyingClient = await fixture.liar('mallory');
      const callID = await alice.rings('bob', ...(isInvited ? ['mallory'] : []));
      if (isInvited) {
        await mallory.declines(callID, ['alice', 'bob']);
        await alice.sees('mallory', 'declined');
      }
      return { alice, mallory, callID };
    };

    for (const isInvited of [true, false]) {
      const who = isInvited ? 'an invitee who declined' : 'a stranger';
      for (const [attack, message] of attacks) {
        it(`rings with the right caller when Bob connects, after ${who} has sent: ${attack}`, async () => {
          const { alice, mallory, callID } = await begin(isInvited);
          await mallory.send(message(callID));
          const bob = await fixture.person('bob');
          await bob.is('incoming');
          assert.equal(bob.call.callID, callID);
          assert.equal(bob.call.inviter?.userID, 'alice');
          assert.equal(bob.call.initiator?.userID, 'alice');
          await bob.service.accept();
          await Promise.all([alice.is('active'), bob.is('active')]);
          assert.equal(bob.linksTo('alice').length, 1);
        });
      }
    }

    for (const [attack, message] of attacks) {
      it(`is reported as missed with the right caller, after an invitee who declined has sent: ${attack}`, async () => {
        const { alice, mallory, callID } = await begin(true);
        await mallory.send(message(callID));
        await alice.service.cancel();
        await alice.transport.acknowledged();
        const bob = await fixture.person('bob');
        await bob.hasMissed(callID);
        const [missed] = bob.service.$missedCalls.get();
        assert.equal(missed?.caller.userID, 'alice');
        assert.deepEqual(
          bob.callbacks.map(([name]) => name),
          ['onIncomingCallTimeout'],
        );
      });
    }
  });
}
