import type { Person } from './person.js';
import { expect, test } from './stage.js';
import { callTo, openTrio, rest, STAGES, talk, type Trio } from './trio.js';

/*
 * What becomes of a group call whose initiator goes: at each stage, with each rule.
 */

test.use({ serverOptions: { vanishAfterMs: 2_000 } });

/** With `ends`, the call is over when its initiator leaves. */
type Case = Trio & { readonly ends: boolean };

const CASES = STAGES.flatMap((stage) => [true, false].map((ends) => ({ stage, ends })));

async function missed(person: Person): Promise<void> {
  await person.is('ended: canceled', 60_000);
  expect((await person.callbacks()).slice(-2), person.userID).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallCanceled',
  ]);
}

/** Nobody is left in it who could answer, or the rule ends it; else the others go on. */
async function outcome({ stage, ends, bob, carol }: Case): Promise<void> {
  if (stage === 'all ring') await Promise.all([missed(bob), missed(carol)]);
  else if (ends) {
    await bob.is('ended: initiator-left', 60_000);
    if (stage === 'all talk') await carol.is('ended: initiator-left', 60_000);
    else await missed(carol);
  } else {
    if (stage === 'one has accepted') {
      expect(await carol.status(), carol.userID).toBe('incoming');
      await carol.ask('accept');
    }
    await talk(1, bob, carol);
    await bob.ask('hangUp');
    await carol.is('ended: everyone-left');
  }
  await rest(bob, carol);
}

test(
  'the initiator hangs up, at each stage and with each rule',
  { tag: '@long' },
  async ({ open }) => {
    test.setTimeout(180_000);
    const trio = await openTrio(open);
    for (const { stage, ends } of CASES)
      await test.step(`${stage}, ends: ${String(ends)}`, async () => {
        await trio.alice.configure({ endCallWhenInitiatorLeave: ends });
        await callTo(stage, trio);
        await trio.alice.ask(stage === 'all ring' ? 'cancel' : 'hangUp');
        await rest(trio.alice);
        await outcome({ ...trio, stage, ends });
      });
    // Each call had one end at each of them.
    for (const person of [trio.alice, trio.bob, trio.carol])
      expect(await person.endings()).toHaveLength(CASES.length);
  },
);

for (const how of ['is invited again', 'joins'] as const) {
  test(`a member whose browser was killed ${how} in a new one, and talks`, async ({ open }) => {
    const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
    const { callID } = await alice.send(['bob', 'carol'], { callType: 'voice' });
    for (const person of [bob, carol]) {
      await person.is('incoming');
      await person.press('accept-button');
    }
    await talk(2, alice, bob, carol);
    await bob.crash();
    for (const person of [alice, carol])
      await expect
        .poll(() => person.members(), { timeout: 60_000 })
        .toEqual(['alice accepted', 'bob left', 'carol accepted']);
    const back = await open('bob');
    if (how === 'joins') expect(await back.ask('join', callID)).toBe(true);
    else {
      await alice.configure({ inCalling: { canInvitingInCalling: true } });
      expect(await alice.ask('invite', { invitees: ['bob'] })).toBe(true);
      await back.is('incoming');
      await back.press('accept-button');
    }
    await talk(2, alice, back, carol);
    for (const person of [alice, back, carol])
      expect(await person.members()).toEqual(
        expect.arrayContaining(['alice accepted', 'bob accepted', 'carol accepted']),
      );
    expect(await back.argumentsOf('onError')).toEqual([]);
  });
}

test(
  'the browser of the initiator is killed, at each stage and with each rule',
  { tag: '@long' },
  async ({ open }) => {
    test.setTimeout(180_000);
    const cases: Case[] = [];
    for (const { stage, ends } of CASES) {
      const trio = await openTrio(open, String(cases.length));
      await trio.alice.configure({ endCallWhenInitiatorLeave: ends });
      cases.push({ ...(await callTo(stage, trio)), ends });
    }
    // It is the browser of all six.
    await cases[0]?.alice.crash();
    await Promise.all(cases.map(outcome));
  },
);
