import type { Person } from './person.js';
import { expect, test } from './fixtures.js';
import {
  callTo,
  openTrio,
  expectReleased,
  PROGRESS_STEPS,
  expectConnected,
  type Trio,
} from './trio.js';

/* The result of a group call whose initiator leaves: at each point, and with each rule. */

test.use({ separateProcesses: true, serverOptions: { vanishAfterMs: 2_000 } });

/** If `ends` is true, the call ends when its initiator leaves. */
type Case = Trio & { readonly ends: boolean };

const CASES = PROGRESS_STEPS.flatMap((progress) =>
  [true, false].map((ends) => ({ progress, ends })),
);

async function missed(person: Person): Promise<void> {
  await person.is('ended: canceled', 60_000);
  expect((await person.callbacks()).slice(-2), person.userID).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallCanceled',
  ]);
}

/** The call ends if nobody is left who could answer, or by the rule; otherwise, the other members stay in it. */
async function expectOutcome({ progress, ends, bob, carol }: Case): Promise<void> {
  if (progress === 'all ring') await Promise.all([missed(bob), missed(carol)]);
  else if (ends) {
    await bob.is('ended: initiator-left', 60_000);
    if (progress === 'all talk') await carol.is('ended: initiator-left', 60_000);
    else await missed(carol);
  } else {
    if (progress === 'one has accepted') {
      expect(await carol.status(), carol.userID).toBe('incoming');
      await carol.ask('accept');
    }
    await expectConnected(1, bob, carol);
    await bob.ask('hangUp');
    await carol.is('ended: everyone-left');
  }
  await expectReleased(bob, carol);
}

test(
  'the initiator hangs up, at each point and with each rule',
  { tag: '@long' },
  async ({ open }) => {
    test.setTimeout(180_000);
    const trio = await openTrio(open);
    for (const { progress, ends } of CASES)
      await test.step(`${progress}, ends: ${String(ends)}`, async () => {
        await trio.alice.configure({ endCallWhenInitiatorLeave: ends });
        await callTo(progress, trio);
        await trio.alice.ask(progress === 'all ring' ? 'cancel' : 'hangUp');
        await expectReleased(trio.alice);
        await expectOutcome({ ...trio, progress, ends });
      });
    // Each call ended once at each member.
    for (const person of [trio.alice, trio.bob, trio.carol])
      expect(await person.endings()).toHaveLength(CASES.length);
  },
);

for (const how of ['is invited again', 'joins'] as const) {
  const tag = how === 'joins' ? ' @extended' : '';
  test(`a member whose browser was killed ${how} in a new browser, and is connected${tag}`, async ({
    open,
  }) => {
    const [alice, bob, carol] = await Promise.all([open('alice'), open('bob'), open('carol')]);
    const { callID } = await alice.send(['bob', 'carol'], { callType: 'voice' });
    for (const person of [bob, carol]) {
      await person.is('incoming');
      await person.press('accept-button');
    }
    await expectConnected(2, alice, bob, carol);
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
    await expectConnected(2, alice, back, carol);
    for (const person of [alice, back, carol])
      expect(await person.members()).toEqual(
        expect.arrayContaining(['alice accepted', 'bob accepted', 'carol accepted']),
      );
    expect(await back.argumentsOf('onError')).toEqual([]);
  });
}

test(
  'the browser of the initiator is killed, at each point and with each rule',
  { tag: '@long' },
  async ({ open }) => {
    test.setTimeout(180_000);
    const cases: Case[] = [];
    for (const { progress, ends } of CASES) {
      const trio = await openTrio(open, String(cases.length));
      await trio.alice.configure({ endCallWhenInitiatorLeave: ends });
      cases.push({ ...(await callTo(progress, trio)), ends });
    }
    // One browser runs the pages of all six initiators.
    await cases[0]?.alice.crash();
    await Promise.all(cases.map(expectOutcome));
  },
);
