import { Hold } from './hold.js';
import type { Person } from './person.js';
import { expect, test, type Open } from './fixtures.js';
import { expectReleased, expectConnected } from './trio.js';

/* Crossing messages of a group call: messages to Bob are held, so that he acts before he receives the others'
   actions. */

async function three(
  open: Open,
): Promise<{ alice: Person; bob: Person; carol: Person; hold: Hold }> {
  const hold = new Hold();
  const [alice, bob, carol] = await Promise.all([
    open('alice'),
    open('bob', { hold }),
    open('carol'),
  ]);
  return { alice, bob, carol, hold };
}

test(
  'two group calls cross: each caller is busy for the other, and the third user answers the first call',
  { tag: '@long' },
  async ({ open }) => {
    const { alice, bob, carol, hold } = await three(open);
    hold.hold();
    const { callID } = await alice.send(['bob', 'carol'], { callType: 'voice' });
    await carol.is('incoming');
    const sent = bob.send(['alice', 'carol'], { callType: 'voice' });
    await bob.is('calling');
    hold.release();
    const { callID: second } = await sent;
    const [alices, bobs] = [
      { userID: 'alice', userName: 'ALICE' },
      { userID: 'bob', userName: 'BOB' },
    ];
    const carols = { userID: 'carol', userName: 'CAROL' };
    await bob.is('ended: busy', 30_000);
    await expect
      .poll(() => alice.argumentsOf('onOutgoingCallRejectedCauseBusy'), { timeout: 60_000 })
      .toEqual([[callID, bobs, '']]);
    expect(await bob.argumentsOf('onOutgoingCallRejectedCauseBusy')).toEqual(
      expect.arrayContaining([
        [second, alices, ''],
        [second, carols, ''],
      ]),
    );
    expect(await carol.status()).toBe('incoming');
    await carol.ask('accept');
    await expectConnected(1, alice, carol);
    await alice.ask('hangUp');
    await expectReleased(alice, bob, carol);
    // The call that was rejected as busy did not ring.
    expect(await alice.argumentsOf('onIncomingCallReceived')).toEqual([]);
    expect(await bob.argumentsOf('onIncomingCallReceived')).toEqual([]);
    expect(await carol.argumentsOf('onIncomingCallReceived')).toHaveLength(1);
  },
);

test(
  'an accept crosses a cancel of the whole call, or of this invitation only',
  { tag: '@long' },
  async ({ open }) => {
    const { alice, bob, carol, hold } = await three(open);
    const crossing = async (takeBack: () => Promise<unknown>): Promise<void> => {
      await alice.send(['bob', 'carol'], { callType: 'voice' });
      await alice.is('ringing-out');
      for (const person of [bob, carol]) await person.is('incoming');
      hold.hold();
      await takeBack();
      expect(await bob.ask('accept')).toBe(true);
      hold.release();
      await bob.is('ended: canceled');
    };
    await crossing(() => alice.ask('cancel'));
    await carol.is('ended: canceled');
    await expectReleased(alice, bob, carol);

    await crossing(() => alice.ask('cancelInvitee', 'bob'));
    await carol.ask('accept');
    await expectConnected(1, alice, carol);
    expect(await alice.members()).toEqual(['alice accepted', 'bob canceled', 'carol accepted']);
    await carol.ask('hangUp');
    await expectReleased(alice, bob, carol);
    expect(await alice.callbacks()).toEqual([
      'onOutgoingCallCancelButtonPressed',
      'onOutgoingCallAccepted',
    ]);
    for (const person of [alice, bob, carol])
      expect(await person.argumentsOf('onError')).toEqual([]);
  },
);
