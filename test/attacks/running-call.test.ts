import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { openRelayFixture, ServerFixture, type AttackFixture } from '../support/attack-fixture.js';
import {
  assertNotLinked,
  assertUnharmed,
  callWith,
  STATUSES,
  type AttackedCall,
} from '../support/attacked-call.js';
import { CARRIER_TYPES, CARRIERS } from '../support/lying-client.js';
import { record, createMessage } from '../support/wire-client.js';

/*
 * Alice and Bob are in a call, and Mallory sends statements about them that only others may send. Tested with the real server,
 * and with a relay that checks nothing, where the devices must protect themselves.
 */

/** A device ID that is lower than all random ones: of two devices in one round the lower one wins. */
const LOWEST_DEVICE = '!mallory';

/** Forged records: the user is in the call with a device of Mallory. */
const takeovers = (user: string, device: string): MemberRecord[] =>
  [1, 2, 900].map((round) => ({ ...record(user, 'in', { device }), round }));

/** Forged records: the user is not in the call any more. */
const endings = (user: string, device: string): MemberRecord[] => [
  record(user, 'left', { device, reason: 'hung-up' }),
  record(user, 'left', { device, reason: 'hung-up', round: 900 }),
  ...(['canceled', 'declined', 'timeout', 'inviting', 'ringing'] as const).map((state) =>
    record(user, state, { round: 2 }),
  ),
  record(user, 'inviting', { round: 2, inviter: 'mallory' }),
];

const wires: readonly (readonly [string, () => Promise<AttackFixture>])[] = [
  ['with the server', () => ServerFixture.open()],
  ['with a relay that checks nothing', openRelayFixture],
];

for (const [where, open] of wires) {
  describe(`a running call, ${where}`, () => {
    let fixture: AttackFixture;
    afterEach(() => fixture.close());
    const begin = async (status: (typeof STATUSES)[number], secondDevice?: string) => {
      fixture = await open();
      return callWith(status, fixture, secondDevice);
    };

    /** Sends Alice and Bob forged records about each other and about themselves. */
    const sendForged = async (
      { mallory, callID, alice, bob }: AttackedCall,
      carrier: (typeof CARRIER_TYPES)[number],
      lies: (user: string, device: string) => readonly MemberRecord[],
    ) => {
      for (const victim of [alice, bob]) {
        for (const { userID, device } of [alice, bob]) {
          for (const lie of lies(userID, device)) {
            const attempt = { callID, to: [victim.userID], records: [lie], subject: userID };
            await mallory.send(CARRIERS[carrier](attempt));
          }
        }
      }
    };

    for (const status of STATUSES) {
      for (const carrier of CARRIER_TYPES) {
        it(`keeps its links when a user who ${status} claims in ${carrier} that another device replaces a member’s`, async () => {
          const call = await begin(status, LOWEST_DEVICE);
          const { second, alice, bob, callID } = call;
          await sendForged(call, carrier, (user) => takeovers(user, LOWEST_DEVICE));
          for (const { userID, device } of [alice, bob])
            await second.offers(callID, userID, device);
          await fixture.settle();
          assertUnharmed(call);
          assertNotLinked(call, second);
        });

        it(`continues when a user who ${status} claims in ${carrier} that a member has left`, async () => {
          const call = await begin(status);
          await sendForged(call, carrier, endings);
          await fixture.settle();
          assertUnharmed(call);
        });
      }

      it(`continues when a user who ${status} ends the invitations of its members`, async () => {
        const call = await begin(status);
        const { mallory, callID, alice, bob } = call;
        for (const user of ['alice', 'bob']) {
          for (const reason of ['canceled', 'timeout', 'busy', 'unreachable', 'glare'] as const) {
            const fields = { user, reason, customData: '' };
            const state = reason;
            const records = [record(user, state), record(user, state, { round: 2 })];
            for (const it of records) {
              const attempt = createMessage('cancel', callID, ['alice', 'bob'], {
                ...fields,
                records: [it],
              });
              await mallory.send(attempt);
            }
          }
        }
        for (const lost of [alice.device, bob.device]) {
          const fields = { reason: 'connection-lost', lost } as const;
          await mallory.send(
            createMessage('leave', callID, ['alice', 'bob'], { ...fields, records: [] }),
          );
        }
        await fixture.settle();
        assertUnharmed(call);
      });
    }

    for (const status of STATUSES) {
      it(`accepts signals of a link only from its user, also when a user who ${status} has the same device ID`, async () => {
        const call = await begin(status);
        const { alice, bob, callID } = call;
        for (const [victim, other] of [
          [alice, bob],
          [bob, alice],
        ] as const) {
          // The server may reject a device ID that another user's device has.
          const namesake = await fixture
            .liar('mallory', other.device)
            .catch((): undefined => undefined);
          const number = victim.linksTo(other.userID)[0]?.link ?? 0;
          for (const link of [number, 1_000_000]) {
            for (const data of [
              { type: 'offer', sdp: 'v=0', of: 'mallory' },
              { type: 'answer', sdp: 'v=0', of: 'mallory' },
              { candidate: { candidate: 'candidate:1' }, of: 'mallory' },
            ]) {
              const attempt = createMessage('signal', callID, [victim.userID], { link, data });
              await namesake?.send(attempt);
              await namesake?.send({ ...attempt, toDevice: victim.device });
            }
          }
          const gaveUp = { reason: 'hung-up', gaveUp: true } as const;
          await namesake?.send(createMessage('leave', callID, [victim.userID], gaveUp));
          await namesake?.send(
            createMessage('state', callID, [victim.userID], { phase: 'over', round: 1 }),
          );
        }
        await fixture.settle();
        assertUnharmed(call);
      });
    }
  });
}

describe('a server', () => {
  let fixture: AttackFixture;
  afterEach(() => fixture.close());

  for (const status of STATUSES) {
    it(`relays no forged record of others from a user who ${status}`, async () => {
      fixture = await ServerFixture.open();
      const { mallory, callID, people } = await callWith(status, fixture, LOWEST_DEVICE);
      const starts = people.map(({ transport }) => transport.received.length);
      const lies = people.flatMap(({ userID, device }) => [
        ...takeovers(userID, LOWEST_DEVICE),
        ...endings(userID, device),
      ]);
      for (const carrier of CARRIER_TYPES) {
        // These types end the sender's own participation, so they come last.
        if (carrier === 'leave' || carrier === 'decline' || carrier === 'end') continue;
        await sendToEverybody(carrier);
      }
      for (const carrier of ['end', 'decline', 'leave'] as const) await sendToEverybody(carrier);
      await fixture.settle();

      async function sendToEverybody(carrier: (typeof CARRIER_TYPES)[number]): Promise<void> {
        for (const { userID } of people) {
          for (const lie of lies) {
            const attempt = { callID, to: [userID], records: [lie], subject: lie.user };
            await mallory.send(CARRIERS[carrier](attempt));
          }
        }
      }

      const forged = new Set(lies.map(textOf));
      people.forEach(({ transport, userID }, index) => {
        for (const { from, type, records } of transport.received.slice(starts[index])) {
          if ((from as { userID: string }).userID !== 'mallory') continue;
          const relayed = ((records ?? []) as MemberRecord[]).filter((one) =>
            forged.has(textOf(one)),
          );
          assert.deepEqual(relayed, [], `in a message of type ${String(type)} to ${userID}`);
        }
      });
    });
  }
});

/** A record as text, independent of the order of its fields. */
const textOf = ({ user, round, state, device }: MemberRecord): string =>
  [user, round, state, device ?? ''].join(' ');
