import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { openRelayStage, ServerStage, type AttackStage } from '../support/attack-stage.js';
import {
  assertNotLinked,
  assertUnharmed,
  callWith,
  STATUSES,
  type AttackedCall,
} from '../support/attacked-call.js';
import { CARRIER_TYPES, CARRIERS } from '../support/lying-client.js';
import { record, say } from '../support/wire-client.js';

/*
 * Alice and Bob talk, and Mallory says something about them that only others may say. It is tested with the real server,
 * and with a network that passes everything on, where the devices have nobody but themselves.
 */

/** A device ID that is lower than every one that is drawn: of two devices in one round the lower one wins. */
const LOWEST_DEVICE = '!mallory';

/** Bob, or Alice, is in the call with a device of Mallory's. */
const takeovers = (user: string, device: string): MemberRecord[] =>
  [1, 2, 900].map((round) => ({ ...record(user, 'in', { device }), round }));

/** Bob, or Alice, is in the call no more. */
const endings = (user: string, device: string): MemberRecord[] => [
  record(user, 'left', { device, reason: 'hung-up' }),
  record(user, 'left', { device, reason: 'hung-up', round: 900 }),
  ...(['canceled', 'declined', 'timeout', 'inviting', 'ringing'] as const).map((state) =>
    record(user, state, { round: 2 }),
  ),
  record(user, 'inviting', { round: 2, inviter: 'mallory' }),
];

const wires: readonly (readonly [string, () => Promise<AttackStage>])[] = [
  ['with the server', () => ServerStage.open()],
  ['where the server passes everything on', openRelayStage],
];

for (const [where, open] of wires) {
  describe(`a running call, ${where}`, () => {
    let stage: AttackStage;
    afterEach(() => stage.close());
    const begin = async (status: (typeof STATUSES)[number], secondDevice?: string) => {
      stage = await open();
      return callWith(status, stage, secondDevice);
    };

    /** Tells each of the two the lies about the other, and the lies about themselves. */
    const tell = async (
      { mallory, callID, alice, bob }: AttackedCall,
      carrier: (typeof CARRIER_TYPES)[number],
      lies: (user: string, device: string) => readonly MemberRecord[],
    ) => {
      for (const victim of [alice, bob]) {
        for (const { userID, device } of [alice, bob]) {
          for (const lie of lies(userID, device)) {
            const said = { callID, to: [victim.userID], records: [lie], subject: userID };
            await mallory.send(CARRIERS[carrier](said));
          }
        }
      }
    };

    for (const status of STATUSES) {
      for (const carrier of CARRIER_TYPES) {
        it(`keeps its links when somebody who ${status} puts a device in another's place by ${carrier}`, async () => {
          const call = await begin(status, LOWEST_DEVICE);
          const { second, alice, bob, callID } = call;
          await tell(call, carrier, (user) => takeovers(user, LOWEST_DEVICE));
          for (const { userID, device } of [alice, bob])
            await second.offers(callID, userID, device);
          await stage.settle();
          assertUnharmed(call);
          assertNotLinked(call, second);
        });

        it(`goes on when somebody who ${status} says by ${carrier} that another has left`, async () => {
          const call = await begin(status);
          await tell(call, carrier, endings);
          await stage.settle();
          assertUnharmed(call);
        });
      }

      it(`goes on when somebody who ${status} ends the invitations of those who are in it`, async () => {
        const call = await begin(status);
        const { mallory, callID, alice, bob } = call;
        for (const user of ['alice', 'bob']) {
          for (const reason of ['canceled', 'timeout', 'busy', 'unreachable', 'glare'] as const) {
            const fields = { user, reason, customData: '' };
            const state = reason;
            const records = [record(user, state), record(user, state, { round: 2 })];
            for (const it of records) {
              const said = say('cancel', callID, ['alice', 'bob'], { ...fields, records: [it] });
              await mallory.send(said);
            }
          }
        }
        for (const lost of [alice.device, bob.device]) {
          const fields = { reason: 'connection-lost', lost } as const;
          await mallory.send(say('leave', callID, ['alice', 'bob'], { ...fields, records: [] }));
        }
        await stage.settle();
        assertUnharmed(call);
      });
    }

    for (const status of STATUSES) {
      it(`takes the signals of a link from its user alone: somebody who ${status} has a device of the same ID`, async () => {
        const call = await begin(status);
        const { alice, bob, callID } = call;
        for (const [victim, other] of [
          [alice, bob],
          [bob, alice],
        ] as const) {
          // A server may take no device whose ID another user has.
          const namesake = await stage
            .liar('mallory', other.device)
            .catch((): undefined => undefined);
          const number = victim.linksTo(other.userID)[0]?.link ?? 0;
          for (const link of [number, 1_000_000]) {
            for (const data of [
              { type: 'offer', sdp: 'v=0', of: 'mallory' },
              { type: 'answer', sdp: 'v=0', of: 'mallory' },
              { candidate: { candidate: 'candidate:1' }, of: 'mallory' },
            ]) {
              const said = say('signal', callID, [victim.userID], { link, data });
              await namesake?.send(said);
              await namesake?.send({ ...said, toDevice: victim.device });
            }
          }
          const gaveUp = { reason: 'hung-up', gaveUp: true } as const;
          await namesake?.send(say('leave', callID, [victim.userID], gaveUp));
          await namesake?.send(say('state', callID, [victim.userID], { phase: 'over', round: 1 }));
        }
        await stage.settle();
        assertUnharmed(call);
      });
    }
  });
}

describe('a server', () => {
  let stage: AttackStage;
  afterEach(() => stage.close());

  for (const status of STATUSES) {
    it(`delivers no false record of others that somebody who ${status} sends`, async () => {
      stage = await ServerStage.open();
      const { mallory, callID, people } = await callWith(status, stage, LOWEST_DEVICE);
      const starts = people.map(({ transport }) => transport.received.length);
      const lies = people.flatMap(({ userID, device }) => [
        ...takeovers(userID, LOWEST_DEVICE),
        ...endings(userID, device),
      ]);
      for (const carrier of CARRIER_TYPES) {
        // What ends the sender's own part comes last.
        if (carrier === 'leave' || carrier === 'decline' || carrier === 'end') continue;
        await tellEverybody(carrier);
      }
      for (const carrier of ['end', 'decline', 'leave'] as const) await tellEverybody(carrier);
      await stage.settle();

      async function tellEverybody(carrier: (typeof CARRIER_TYPES)[number]): Promise<void> {
        for (const { userID } of people) {
          for (const lie of lies) {
            const said = { callID, to: [userID], records: [lie], subject: lie.user };
            await mallory.send(CARRIERS[carrier](said));
          }
        }
      }

      const told = new Set(lies.map(textOf));
      people.forEach(({ transport, userID }, index) => {
        for (const { from, type, records } of transport.received.slice(starts[index])) {
          if ((from as { userID: string }).userID !== 'mallory') continue;
          const believed = ((records ?? []) as MemberRecord[]).filter((one) =>
            told.has(textOf(one)),
          );
          assert.deepEqual(believed, [], `in a message of type ${String(type)} to ${userID}`);
        }
      });
    });
  }
});

/** A record, whatever the order of its fields. */
const textOf = ({ user, round, state, device }: MemberRecord): string =>
  [user, round, state, device ?? ''].join(' ');
