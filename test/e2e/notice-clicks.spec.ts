import { accept, hangUp, miss, openNotified } from './missed.js';
import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* Clicks on notifications: of a ringing call in a hidden tab, and of missed calls without an open page. The
   worker receives the click as a synthetic event of the test; trusted-clicks.spec.ts shows what it may do with a
   real one. */

/** Brings another tab to the front. */
async function hide(person: Person): Promise<void> {
  const other = await person.context.newPage();
  await other.goto(new URL('/blank', person.page.url()).href);
  await expect.poll(() => person.page.evaluate(() => document.visibilityState)).toBe('hidden');
}

/** The call IDs of clicked missed calls. */
const clicked = async (person: Person): Promise<unknown[]> =>
  (await person.argumentsOf('onIncomingMissedCallClicked')).map(([callID]) => callID);

const closeOthers = async ({ context, page }: Person): Promise<void> => {
  for (const each of context.pages())
    if (each !== page && each.url().endsWith('/blank')) await each.close();
};

test('a call that rings in a hidden tab is accepted and declined by its notification', async ({
  open,
}) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', { parameters: { lang: 'de' } });
  await hide(bob);
  const { callID } = await alice.send(['bob']);
  await bob.notices.are(`incoming ${callID}`);
  expect(await bob.notices.shown()).toMatchObject([
    {
      ...{ title: 'ALICE ruft an', lang: 'de', tag: callID, data: { callID } },
      actions: ['accept', 'decline'],
    },
  ]);
  expect(await bob.notices.click(callID, 'accept'), 'windows').toEqual([]);
  for (const person of [alice, bob]) await person.is('active');
  // The hidden tab asks for no pictures.
  await Promise.all([alice.seesPicture(), bob.receives('sound', 1)]);
  await bob.notices.are();
  await hangUp(alice, bob);

  const { callID: second } = await alice.send(['bob']);
  await bob.notices.are(`incoming ${second}`);
  // A click beside the buttons does not answer.
  await bob.notices.click(second);
  await bob.notices.are();
  expect(await bob.status()).toBe('incoming');
  await alice.ask('cancel');
  await bob.notices.are(`missed ${second}`);

  const { callID: third } = await alice.send(['bob']);
  await bob.notices.are(`missed ${second}`, `incoming ${third}`);
  await bob.notices.click(third, 'decline');
  await alice.is('ended: declined');
  await bob.notices.are(`missed ${second}`);
  expect(await bob.callbacks()).toEqual([
    ...['onIncomingCallReceived', 'onIncomingCallAcceptButtonPressed'],
    ...['onIncomingCallReceived', 'onIncomingCallCanceled'],
    ...['onIncomingCallReceived', 'onIncomingCallDeclineButtonPressed'],
  ]);
  await closeOthers(bob);
});

test('the notification of a ringing call closes when the tab becomes visible, or the call is answered in another tab or browser @extended', async ({
  open,
}) => {
  const [alice, elsewhere] = await Promise.all([open('alice'), open('bob', { beside: 'carol' })]);
  const first = await openNotified(open, 'bob');
  const bob = await openNotified(open, 'bob');
  await hide(bob);
  const ring = async (): Promise<void> => {
    const { callID } = await alice.send(['bob'], { callType: 'voice' });
    for (const page of [elsewhere, first, bob]) await page.is('incoming');
    await bob.notices.are(`incoming ${callID}`);
  };
  await ring();
  await accept(alice, elsewhere);
  await bob.notices.are();
  await hangUp(alice, elsewhere);

  await ring();
  expect(await first.ask('accept')).toBe(true);
  await alice.is('active');
  await bob.notices.are();
  await hangUp(alice, first);

  await ring();
  await closeOthers(bob);
  await bob.page.bringToFront();
  await bob.notices.are();
  for (const page of [first, bob]) expect(await page.status()).toBe('incoming');
  await bob.press('decline-button');
  await alice.is('ended: declined');
  for (const page of [elsewhere, first, bob]) expect(await page.missedCalls()).toEqual([]);
});

test('without an open page, a click opens one, which calls back once after it is connected @extended', async ({
  open,
  site,
}) => {
  const alice = await open('alice');
  const parameters = { 'notification-url': '/?calls' };
  const away = await openNotified(open, 'bob', { parameters });
  const [first = '', second = ''] = await miss(alice, [away], 2);
  await away.notices.are(`missed ${first}`, `missed ${second}`);
  await away.close();
  expect(await away.notices.click(first, 'call-back')).toEqual([site.address('/?calls')]);
  await away.notices.are(`missed ${second}`);
  expect(await alice.statuses()).not.toContain('incoming');

  const bob = await openNotified(open, 'bob', { parameters });
  await accept(bob, alice);
  await Promise.all([alice.seesPicture(), bob.seesPicture()]);
  expect(await clicked(bob)).toEqual([first]);
  await hangUp(alice, bob);

  await bob.page.reload();
  await bob.connected();
  await bob.notices.click(second);
  // An unhandled click would have arrived before this one.
  await accept(bob, alice);
  expect(await clicked(bob)).toEqual([second]);
  expect(await alice.argumentsOf('onIncomingCallReceived')).toHaveLength(2);
});

test('a click for another user is ignored; one on an unknown call is reported as failed @extended', async ({
  open,
  server,
}) => {
  const [alice, erin] = await Promise.all([open('alice'), openNotified(open, 'erin')]);
  const dave = await openNotified(open, 'dave', { beside: 'erin' });
  const [callID = ''] = await miss(alice, [dave]);
  await dave.notices.are(`missed ${callID}`);
  await dave.close();
  expect(await dave.notices.click(callID)).toHaveLength(1);
  expect(await erin.log()).toEqual([]);
  expect(await erin.status()).toBe('idle');

  await erin.page.evaluate(
    async (account) => {
      const registration = await navigator.serviceWorker.ready;
      const data = { ringkit: 'missed', callID: 'forgotten', account, page: location.href };
      await registration.showNotification('Missed call', { tag: 'forgotten', data });
    },
    `${server.url.replace(/\/$/, '')} erin`,
  );
  expect(await erin.notices.click('forgotten')).toEqual([]);
  await expect.poll(() => erin.callbacks()).toEqual(['onIncomingMissedCallDialBackFailed']);
  expect(await alice.argumentsOf('onIncomingCallReceived')).toEqual([]);
});
