import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { MemberRecord, MessageOf } from '../../src/core/protocol/messages.js';
import {
  BACKENDS,
  openRelayFixture,
  ServerFixture,
  type AttackFixture,
} from '../support/attack-fixture.js';
import type { HonestPerson } from '../support/honest-person.js';
import { invite, record, createMessage } from '../support/wire-client.js';

/*
 * Mallory invites Bob, and names users who have not called and are in no call with Mallory, with forged display names.
 */

const FALSE_NAME = 'The Managing Director';
const own = record('mallory', 'in', { device: 'mallory-1', inviter: 'mallory' });
const bobs = record('bob', 'inviting', { inviter: 'mallory' });
const accepted = (user: string, more: Partial<MemberRecord> = {}): MemberRecord =>
  record(user, 'in', { device: `${user}-1`, inviter: 'mallory', ...more });
const named = (...users: string[]) => users.map((userID) => ({ userID, userName: FALSE_NAME }));

type Forgery = Partial<MessageOf<'invite'>>;

const forgeries: readonly (readonly [string, Forgery])[] = [
  ['another initiator', { initiator: 'alice', records: [own, bobs], names: named('alice') }],
  [
    'another initiator, who is in the call',
    { initiator: 'alice', records: [own, accepted('alice'), bobs], names: named('alice') },
  ],
  [
    'another initiator, and no record of the sender',
    { initiator: 'alice', records: [accepted('alice'), bobs], names: named('alice') },
  ],
  [
    'another inviter of the callee',
    {
      initiator: 'alice',
      records: [own, accepted('alice'), record('bob', 'inviting')],
      names: named('alice'),
    },
  ],
  [
    'members who have accepted',
    { records: [own, accepted('alice'), accepted('carol'), bobs], names: named('alice', 'carol') },
  ],
  [
    'members who have accepted, at devices of the sender',
    { records: [own, accepted('alice', { device: 'mallory-2' }), bobs], names: named('alice') },
  ],
  [
    'other callees',
    { to: ['bob', 'alice', 'carol'], records: [own, bobs], names: named('alice', 'carol') },
  ],
  ['the callee by another name', { records: [own, bobs], names: named('bob') }],
  ['the sender by another name', { records: [own, bobs], names: named('mallory') }],
];

const forged = (callID: string, forgery: Forgery): MessageOf<'invite'> =>
  invite(callID, ['bob'], { initiator: 'mallory', group: true, ...forgery });

const canceled = (callID: string): MessageOf<'cancel'> =>
  createMessage('cancel', callID, ['bob'], {
    ...{ user: 'bob', reason: 'canceled', customData: '' },
    records: [record('bob', 'canceled', { inviter: 'mallory' })],
  });

/** Asserts that no user is shown as accepted who has not accepted, and no forged display name is shown. */
function assertNotDeceived(bob: HonestPerson): void {
  const { initiator, inviter, members } = bob.call;
  for (const user of [initiator, inviter]) {
    if (user) assert.equal(user.userID, 'mallory', 'the caller');
  }
  for (const { userID, state } of members) {
    if (state === 'accepted') assert.equal(userID, 'mallory', 'a member who has accepted');
  }
  const shown = JSON.stringify([bob.call, bob.callbacks, bob.service.$missedCalls.get()]);
  assert.ok(!shown.includes(FALSE_NAME), `a forged name is in ${shown}`);
  const callers = bob.callbacks.flatMap(([name, , caller]) =>
    name === 'onIncomingCallReceived' || name === 'onIncomingCallTimeout'
      ? [(caller as { userID: string }).userID]
      : [],
  );
  assert.ok(callers.every((userID) => userID === 'mallory'));
}

describe('a callee', () => {
  let fixture: AttackFixture;
  afterEach(() => fixture.close());

  for (const [what, forgery] of forgeries) {
    it(`is not deceived by an invitation that names ${what}`, async () => {
      fixture = await ServerFixture.open();
      // The other users are connected, so the server knows their names.
      const [bob, mallory] = [await fixture.person('bob'), await fixture.liar('mallory')];
      await Promise.all([fixture.person('alice'), fixture.person('carol')]);
      await mallory.send(forged('pretended', forgery));
      await fixture.settle();
      assertNotDeceived(bob);
      await bob.service.accept();
      await fixture.settle();
      assertNotDeceived(bob);
      const linked = bob.media.built.map(({ user, device }) => `${user} ${device}`);
      assert.deepEqual(new Set(linked), new Set(linked.length > 0 ? ['mallory mallory-1'] : []));
    });

    it(`shows the sender of an invitation that names ${what}, with a relay that checks nothing`, async () => {
      fixture = await openRelayFixture();
      const [bob, mallory] = [await fixture.person('bob'), await fixture.liar('mallory')];
      await mallory.send(forged('pretended', forgery));
      await fixture.settle();
      const { inviter, members } = bob.call;
      if (inviter) assert.deepEqual(inviter, { userID: 'mallory', userName: 'Mallory' });
      const known = members.filter(({ userID }) => userID === 'mallory' || userID === 'bob');
      assert.ok(known.every(({ userName }) => userName !== FALSE_NAME));
    });
  }
});

for (const [backend, options, open] of BACKENDS) {
  describe(`a callee who was offline, with invitations stored ${backend}`, options, () => {
    let fixture: ServerFixture;
    afterEach(() => fixture.close());

    for (const isCanceled of [false, true]) {
      for (const [what, forgery] of forgeries) {
        const kind = isCanceled ? 'a missed call' : 'an invitation';
        it(`is not deceived by ${kind} that names ${what}`, async () => {
          fixture = await open();
          const mallory = await fixture.liar('mallory');
          await fixture.person('alice');
          await mallory.send(forged('pretended', forgery));
          if (isCanceled) await mallory.send(canceled('pretended'));
          const bob = await fixture.person('bob');
          await fixture.settle();
          assertNotDeceived(bob);
        });
      }
    }
  });
}
