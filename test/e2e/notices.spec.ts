import { accept, hangUp, miss, openNotified } from './missed.js';
import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/* Content and number of notifications of missed calls, and what works without notifications. */

const shownBy = async (...pages: Person[]): Promise<string[]> =>
  (await Promise.all(pages.map((one) => one.page.evaluate(() => window.probe.notified)))).flat();

test('three tabs of a user show one notification for each missed call, in their language or with texts of the page', async ({
  open,
}) => {
  const openBob = () =>
    openNotified(open, 'bob', {
      parameters: { lang: 'de' },
      config: { missedCall: { resourceID: 'gong' } },
    });
  const alice = await open('alice');
  const tabs = [await openBob(), await openBob(), await openBob()];
  const [bob] = tabs as [Person];
  const [first = ''] = await miss(alice, tabs);
  await bob.notices.are(`missed ${first}`);
  expect(await bob.notices.shown()).toMatchObject([
    {
      ...{ title: 'Verpasster Anruf', body: 'Videoanruf von ALICE', lang: 'de', tag: first },
      ...{ actions: ['call-back'], data: { callID: first, resourceID: 'gong' } },
    },
  ]);

  for (const { page } of tabs)
    await page.evaluate(() => {
      document.querySelector('call-invitation-provider')!.config = {
        missedCall: {
          notificationTitle: ({ caller, callType }) => `${callType}: ${caller.userName}`,
          notificationMessage: () => {
            throw new Error('a fault of the page');
          },
        },
      };
    });
  const [second = ''] = await miss(alice, tabs, 1, { callType: 'voice' });
  await bob.notices.are(`missed ${first}`, `missed ${second}`);
  expect((await bob.notices.shown())[1]).toMatchObject({
    ...{ title: 'voice: ALICE', body: 'Sprachanruf von ALICE' },
  });
  expect((await shownBy(...tabs)).sort()).toEqual([first, second].sort());
  const faults = await Promise.all(tabs.map((tab) => tab.argumentsOf('onError')));
  expect(faults.flat()).toEqual([['Error: a fault of the page']]);
});

test('ten missed calls have ten records and ten notifications @extended', async ({ open }) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', { parameters: { clicked: 'own' } });
  const callIDs = await miss(alice, [bob], 10);
  expect((await bob.missedCalls()).map(({ callID }) => callID)).toEqual(callIDs.toReversed());
  await bob.notices.are(...callIDs.map((callID) => `missed ${callID}`));
  for (const callID of callIDs) expect(await bob.notices.click(callID)).toEqual([]);
  await expect
    .poll(async () => (await bob.argumentsOf('onIncomingMissedCallClicked')).map(([id]) => id))
    .toEqual(callIDs);
  await bob.notices.are();
});

test('a page without notifications still has the record @extended', async ({ open }) => {
  const alice = await open('alice');
  const bob = await openNotified(open, 'bob', { config: { missedCall: { enabled: false } } });
  const [callID = ''] = await miss(alice, [bob]);
  await bob.press('dial-back-button');
  await accept(bob, alice);
  expect(await bob.missedCalls()).toMatchObject([{ callID, seen: true }]);
  expect(await shownBy(bob)).toEqual([]);
  await bob.notices.are();
});

for (const [why, options] of Object.entries({
  'the user allows no notifications': { desktop: false },
  'a plain http page has no service worker': { desktop: false, host: 'phone.test' },
}))
  test(`nothing is shown if ${why}, and the rest works`, async ({ open }) => {
    const alice = await open('alice');
    const bob = await openNotified(open, 'bob', options);
    expect(await bob.page.evaluate(() => Notification.permission)).toBe('denied');
    const [callID = ''] = await miss(alice, [bob]);
    expect(await shownBy(bob)).toEqual([]);
    expect(await bob.page.evaluate(() => window.probe.own)).toEqual([]);
    expect(await bob.missedCalls()).toMatchObject([{ callID, seen: false }]);
    expect(await bob.argumentsOf('onError')).toEqual([]);
    await bob.press('dial-back-button');
    await accept(bob, alice);
    // An insecure page has no camera either.
    await bob.seesPicture();
    await hangUp(alice, bob);
    // The end of the call covers the list.
    await bob.press('close-end-button');
    await bob.press('dismiss-button');
    await expect.poll(() => bob.missedCalls()).toEqual([]);
  });

test('a page without a worker shows its own notifications, and a click calls back @extended', async ({
  open,
}) => {
  const alice = await open('alice');
  const bob = await open('bob', { desktop: true });
  const [callID = ''] = await miss(alice, [bob]);
  const own = () =>
    bob.page.evaluate(() => window.probe.own.map(({ title, body, tag }) => ({ title, body, tag })));
  await expect
    .poll(own)
    .toEqual([{ title: 'Missed call', body: 'Video call from ALICE', tag: callID }]);
  await bob.page.evaluate(() => window.probe.own[0]?.dispatchEvent(new Event('click')));
  await accept(bob, alice);
  await Promise.all([alice.seesPicture(), bob.seesPicture()]);
});
