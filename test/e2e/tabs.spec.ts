import type { Person } from './person.js';
import { expect, test } from './fixtures.js';

/** A user with several pages: three tabs of one browser, and a page in a second browser context. */

/** Number of ring tones that play in these pages. */
async function tones(pages: readonly Person[]): Promise<number> {
  const used = await Promise.all(pages.map((page) => page.inUse()));
  return used.reduce((sum, { audio }) => sum + audio, 0);
}

// No page is reloaded here, so that devices may be reported as lost sooner.
test.use({ serverOptions: { vanishAfterMs: 2_000 } });

test('each browser rings once; answering in one page ends the ringing in all, and no call is missed', async ({
  open,
}) => {
  const openBob = () => open('bob');
  const [alice, away, first, second, third] = await Promise.all([
    open('alice'),
    open('bob', { beside: 'carol' }),
    openBob(),
    openBob(),
    openBob(),
  ]);
  const pages = [away, first, second, third];
  await alice.send(['bob'], { callType: 'voice' });
  for (const page of pages) await page.is('incoming');
  await expect.poll(() => tones([first, second, third])).toBe(1);
  await expect.poll(() => tones([away])).toBe(1);

  // Closing the tab that plays the ring tone moves the tone to another tab.
  await first.close();
  await expect.poll(() => tones([second, third])).toBe(1);
  expect([await alice.status(), await away.status()]).toEqual(['ringing-out', 'incoming']);

  await third.press('accept-button');
  await alice.is('active');
  await third.is('active');
  for (const page of [away, second]) {
    await page.is('ended: answered-elsewhere');
    await page.releasesEverything();
  }
  await alice.press('hang-up-button');
  for (const page of [alice, away, second, third]) await page.is('idle');

  await alice.send(['bob'], { callType: 'voice' });
  for (const page of [away, second, third]) await page.is('incoming');
  await away.press('decline-button');
  await alice.is('ended: declined');
  for (const page of [second, third]) await page.is('ended: declined-elsewhere');
  expect(await tones([away, second, third])).toBe(0);

  // Callbacks of an end arrive within six seconds. The next call shows that none is pending.
  for (const page of [alice, away, second, third]) await page.is('idle');
  expect(await second.callbacks()).toEqual(['onIncomingCallReceived', 'onIncomingCallReceived']);
  expect(await third.callbacks()).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallAcceptButtonPressed',
    'onIncomingCallReceived',
  ]);
  expect(await away.callbacks()).toEqual([
    'onIncomingCallReceived',
    'onIncomingCallReceived',
    'onIncomingCallDeclineButtonPressed',
  ]);
});

test('a user in a call in one tab is busy in all tabs of that browser, until the call ends', async ({
  open,
}) => {
  const [alice, talking, idle, carol] = await Promise.all([
    open('alice'),
    open('bob'),
    open('bob'),
    open('carol'),
  ]);
  await alice.send(['bob'], { callType: 'voice' });
  await idle.is('incoming');
  await talking.press('accept-button');
  await alice.is('active');
  await idle.is('idle');

  await carol.send(['bob'], { callType: 'voice' });
  await carol.is('ended: busy');
  await carol.is('idle');
  expect(await idle.callbacks()).toEqual(['onIncomingCallReceived']);

  // Closes the tab of the call.
  await talking.close();
  await alice.is('idle');
  await carol.send(['bob'], { callType: 'voice' });
  await idle.is('incoming');
  await idle.press('decline-button');
  await carol.is('ended: declined');
});
