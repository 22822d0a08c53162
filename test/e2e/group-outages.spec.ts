import { expect, test } from './stage.js';
import { callTo, openTrio, rest, talk } from './trio.js';

/** A group call outlives the process of its server: another one starts at the same address, and knows of nothing. */

test(
  'the server is killed and started again, at each stage of a group call',
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
    // What flows, flows on.
    await talk(1, halfway.alice, halfway.bob);
    await talk(2, talking.alice, talking.bob, talking.carol);
    // An answer waits twenty seconds for its coordinator.
    expect(await ringing.bob.ask('accept')).toBe(true);
    expect(await halfway.carol.ask('accept')).toBe(true);
    await server.startAgain();

    // The answers that were given meanwhile get through, and who rang, rings.
    await talk(1, ringing.alice, ringing.bob);
    expect(await ringing.carol.status()).toBe('incoming');
    await ringing.carol.ask('accept');
    for (const { alice, bob, carol } of trios) {
      await talk(2, alice, bob, carol);
      for (const person of [alice, bob, carol])
        expect(await person.members()).toEqual(
          [alice, bob, carol].map(({ userID }) => `${userID} accepted`),
        );
    }
    for (const { carol, alice, bob } of trios) {
      for (const person of [carol, alice, bob]) await person.ask('hangUp');
      await rest(alice, bob, carol);
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
