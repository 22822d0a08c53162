import assert from 'node:assert/strict';
import type { AttackFixture } from './attack-fixture.js';
import type { HonestPerson } from './honest-person.js';
import type { LyingClient } from './lying-client.js';

/** The state of the attacker Mallory in a call of Alice and Bob. */
export const STATUSES = [
  'declined',
  'was taken back',
  'has left',
  'is ringing',
  'is in the call',
  'was never invited',
] as const;
export type LiarStatus = (typeof STATUSES)[number];

/** A call of Alice and Bob. Mallory has two devices; the first one has a state in the call, or none. */
export interface AttackedCall {
  readonly fixture: AttackFixture;
  readonly callID: string;
  readonly alice: HonestPerson;
  readonly bob: HonestPerson;
  readonly mallory: LyingClient;
  /** Mallory's other device. No message of the call has named it. */
  readonly second: LyingClient;
  readonly people: readonly HonestPerson[];
}

const EVERYBODY = ['alice', 'bob'];

/**
 * Alice and Bob are in an active call.
 * @param secondDevice ID of Mallory's other device
 */
export function callWith(
  status: LiarStatus,
  fixture: AttackFixture,
  secondDevice?: string,
): Promise<AttackedCall> {
  return begin(status, fixture, { secondDevice, bobAnswers: true });
}

/** Bob has not answered. */
export function ringingWith(status: LiarStatus, fixture: AttackFixture): Promise<AttackedCall> {
  return begin(status, fixture, { bobAnswers: false });
}

async function begin(
  status: LiarStatus,
  fixture: AttackFixture,
  {
    secondDevice = 'mallory-2',
    bobAnswers,
  }: { secondDevice?: string | undefined; bobAnswers: boolean },
): Promise<AttackedCall> {
  const [alice, bob, mallory, second] = await Promise.all([
    fixture.person('alice'),
    fixture.person('bob'),
    fixture.liar('mallory'),
    fixture.liar('mallory', secondDevice),
  ]);
  const callID = await alice.rings('bob', ...(status === 'was never invited' ? [] : ['mallory']));
  await bob.is('incoming');
  if (bobAnswers) {
    await bob.service.accept();
    for (const person of [alice, bob]) await person.is('active');
  } else {
    await alice.sees('bob', 'ringing');
  }
  await enterStatus(status, { alice, mallory, callID });
  await fixture.settle();
  return { fixture, callID, alice, bob, mallory, second, people: [alice, bob] };
}

async function enterStatus(
  status: LiarStatus,
  { alice, mallory, callID }: Pick<AttackedCall, 'alice' | 'mallory' | 'callID'>,
): Promise<void> {
  switch (status) {
    case 'was never invited':
      return;
    case 'is ringing':
      await mallory.receivesType('invite', callID);
      return;
    case 'declined':
      await mallory.declines(callID, EVERYBODY);
      return alice.sees('mallory', 'declined');
    case 'was taken back':
      await alice.service.cancelInvitee('mallory');
      await mallory.receivesType('cancel', callID);
      return;
    case 'is in the call':
      return mallory.accepts(callID, EVERYBODY);
    case 'has left':
      await mallory.accepts(callID, EVERYBODY);
      await mallory.leaves(callID, EVERYBODY);
      return alice.sees('mallory', 'left');
  }
}

/**
 * Asserts that Alice and Bob are in the call as before, over their first link, and that each sees the other in it.
 */
export function assertUnharmed({ alice, bob }: AttackedCall): void {
  for (const [person, other] of [
    [alice, bob],
    [bob, alice],
  ] as const) {
    const who = `at ${person.userID}`;
    const { userID, device } = other;
    assert.equal(person.call.status, 'active', `the call is active ${who}`);
    assert.deepEqual(
      person.members.filter((member) => !member.startsWith('mallory')),
      ['alice accepted', 'bob accepted'],
      `the members ${who}`,
    );
    const links = person.media.built.filter((link) => link.user === userID);
    assert.deepEqual(
      links.map((link) => link.device),
      [device],
      `links that were opened to ${userID} ${who}`,
    );
    assert.deepEqual(person.linksTo(userID), links, `the link to ${userID} stays open ${who}`);
    assertSignalsAreTrue(person);
  }
}

/** Asserts that the signals of each link were sent by the user of that link. */
export function assertSignalsAreTrue({ userID, media }: HonestPerson): void {
  for (const { user, signals } of media.built) {
    for (const { of } of signals)
      assert.equal(of, user, `the sender of the signals of a link of ${userID}`);
  }
}

/** Asserts that Alice and Bob have no link to any of these devices. */
export function assertNotLinked({ people }: AttackedCall, ...liars: LyingClient[]): void {
  const devices = new Set(liars.map(({ deviceID }) => deviceID));
  for (const { media } of people) {
    const links = media.built.filter(({ device }) => devices.has(device));
    assert.deepEqual(links, [], 'links to devices of the attacker');
  }
}
