import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { MediaImpostor } from '../support/media-impostor.js';
import { invite, record, createMessage, WireClient } from '../support/wire-client.js';
import type { Person } from './person.js';
import { expect, test as base } from './fixtures.js';

/* Alice and Bob are in a call, in one browser context each. Mallory was also invited, has declined, and claims to
   Alice that Bob, or to Bob that Alice, is in the call with a device of Mallory's. That device is a UDP port of the
   test. */

interface Attackers {
  readonly impostor: MediaImpostor;
  readonly mallory: WireClient;
  /** Another user, who is not in the call. */
  readonly witness: WireClient;
}

const MALLORYS = 'mallory-1';

const test = base.extend<Attackers>({
  impostor: async ({ server: _server }, use) => {
    const impostor = await MediaImpostor.open();
    await use(impostor);
    await impostor.close();
  },
  mallory: async ({ server }, use) => {
    const mallory = await WireClient.ready(server.url, MALLORYS);
    await use(mallory);
    mallory.close();
  },
  witness: async ({ server }, use) => {
    const witness = await WireClient.ready(server.url, 'zoe-1');
    await use(witness);
    witness.close();
  },
});

/** Alice has called Bob and Mallory; Bob has accepted, Mallory has declined. @returns the call ID */
async function declinedBy(mallory: WireClient, alice: Person, bob: Person): Promise<string> {
  const { callID } = await alice.send(['bob', 'mallory']);
  await Promise.all([bob.is('incoming'), mallory.next('invite')]);
  const records = [record('mallory', 'declined')];
  const fields = { round: 1, reason: 'declined', customData: '' } as const;
  await mallory.send(createMessage('decline', callID, ['alice', 'bob'], { ...fields, records }));
  await bob.press('accept-button');
  await Promise.all([alice, bob].map((person) => person.receives('frames', 1)));
  await expect.poll(() => alice.members()).toContain('mallory declined');
  return callID;
}

/** A busy user responds to another caller: by then, earlier messages have been handled. */
async function handled(person: Person, witness: WireClient): Promise<void> {
  const { userID } = witness;
  const callID = `of ${userID} to ${person.userID}`;
  const records: MemberRecord[] = [
    record(userID, 'in', { device: witness.deviceID, inviter: userID }),
    record(person.userID, 'inviting', { inviter: userID }),
  ];
  await witness.send(invite(callID, [person.userID], { initiator: userID, records }));
  await witness.next('decline', (message) => message.callID === callID);
}

const openedConnections = (person: Person): Promise<number> =>
  person.page.evaluate(() => window.probe.connections.length);

/** Higher than any link number in use: the number of the next link is guessed. */
const MOST_LINKS = 50;

// The member that was invited by the other one is the offerer; else the one with the lower user ID.
for (const [who, inviter, signals] of [
  [
    'an answer to the offer that the victim would make',
    'mallory',
    Array.from({ length: MOST_LINKS }, (_, index) => ['answer', index + 1] as const),
  ],
  ['an offer', 'alice', [['offer', 1_000_000]]],
] as const) {
  test(`nobody replaces a member of a running call by ${who}: no packet reaches their device`, async ({
    open,
    impostor,
    mallory,
    witness,
  }) => {
    const [alice, bob] = await Promise.all([open('alice'), open('bob')]);
    const callID = await declinedBy(mallory, alice, bob);
    const before = await Promise.all([alice, bob].map(openedConnections));
    for (const [victim, subject] of [
      ['alice', 'bob'],
      ['bob', 'alice'],
    ] as const) {
      const records = [{ ...record(subject, 'in', { device: MALLORYS, inviter }), round: 900 }];
      await mallory.send(createMessage('ringing', callID, [victim], { round: 1, records }));
      for (const [type, link] of signals) {
        const fields = { link, data: impostor.describe(type), records };
        await mallory.send(createMessage('signal', callID, [victim], fields));
      }
    }
    for (const person of [alice, bob]) await handled(person, witness);

    for (const person of [alice, bob]) {
      expect
        .soft(await person.members())
        .toEqual(['alice accepted', 'bob accepted', 'mallory declined']);
      expect.soft(await person.endings()).toEqual([]);
    }
    expect.soft(await Promise.all([alice, bob].map(openedConnections))).toEqual(before);
    // The link is the same as before: video continues.
    await Promise.all([alice, bob].map((person) => person.receives('frames', 1)));
    expect(impostor.packets).toBe(0);
  });
}

test('the device of an invited user who accepts receives packets', async ({
  open,
  impostor,
  mallory,
}) => {
  const alice = await open('alice');
  const { callID } = await alice.send(['mallory']);
  const { from } = await mallory.next('invite');
  const records = [record('mallory', 'ringing')];
  await mallory.send(
    createMessage('accept', callID, ['alice'], { round: 1, customData: '', records }),
  );
  await mallory.next('select');
  const offer = { link: 1_000_000, data: impostor.describe('offer') };
  await mallory.send({
    ...createMessage('signal', callID, ['alice'], offer),
    toDevice: from.deviceID,
  });
  await expect.poll(() => impostor.packets).toBeGreaterThan(0);
});
