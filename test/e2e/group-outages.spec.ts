import { expect, test } from './fixtures.js';
import { callTo, openTrio, expectReleased, expectConnected } from './trio.js';

/** Group calls during a server crash: another process without state starts at the same address. */

test(
  'the server is killed and restarted at each point of a group call',
  { tag: '@long' },
  async ({ open, server }) => {
    test.setTimeout(180_000);
    const ringing = await callTo('all ring', await openTrio(open, 'ringing'));
    const halfway = await callTo('one has accepted', await openTrio(open, 'halfway'));
    const talking = await callTo('all talk', await openTrio(open, 'talking'));
    const trios = [ringing, halfway, talking];
    const everybody = trios.flatMap(({ alice, bob, carol }) => [alice, bob, carol]);

    await server.kill();
    for (const person of everybody)
      await expect.poll(() => person.connection(), person.userID).not.toBe('connected');
    // Flowing media continues.
    await expectConnected(1, halfway.alice, halfway.bob);
    await expectConnected(2, talking.alice, talking.bob, talking.carol);
    // An answer waits up to twenty seconds for its coordinator.
    expect(await ringing.bob.ask('accept')).toBe(true);
    expect(await halfway.carol.ask('accept')).toBe(true);
    await server.startAgain();

    // The answers that were given meanwhile arrive, and unanswered invitations still ring.
    await expectConnected(1, ringing.alice, ringing.bob);
    expect(await ringing.carol.status()).toBe('incoming');
    await ringing.carol.ask('accept');
    for (const { alice, bob, carol } of trios) {
      await expectConnected(2, alice, bob, carol);
      for (const person of [alice, bob, carol])
        expect(await person.members()).toEqual(
          [alice, bob, carol].map(({ userID }) => `${userID} accepted`),
        );
    }
    for (const { carol, alice, bob } of trios) {
      for (const person of [carol, alice, bob]) await person.ask('hangUp');
      await expectReleased(alice, bob, carol);
    }
    for (const { bob, carol } of trios)
      for (const person of [bob, carol])
        expect(await person.callbacks(), person.userID).toEqual([
          'onIncomingCallReceived',
          'onIncomingCallAcceptButtonPressed',
        ]);
    expect(await ringing.alice.argumentsOf('onOutgoingCallAccepted')).toHaveLength(2);
  },
);
