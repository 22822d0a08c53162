import { missingForNotifications, NotificationService } from '../support/notification-service.js';
import { openDesktop } from './desktop.js';
import { accept, hangUp, leave, openNotified } from './missed.js';
import type { Person } from './person.js';
import { installProbe } from './probe.js';
import { expect, test } from './fixtures.js';

/* User clicks on desktop notifications, which may focus a page or open one. */

const missing = missingForNotifications();
test.skip(missing !== undefined, missing);

const isVisible = ({ page }: Person): Promise<boolean> =>
  page.evaluate(() => document.visibilityState === 'visible');

test('a click on a notification focuses or opens the page, and answers or calls back', async ({
  open,
  server,
}) => {
  const desk = await NotificationService.start();
  const { browser, close } = await openDesktop(desk.env);
  try {
    const [context] = browser.contexts();
    if (!context) throw new Error('The browser has no context.');
    await context.addInitScript('globalThis.__name = (value) => value;');
    await context.addInitScript(installProbe);
    const alice = await open('alice');
    const bob = await openNotified(open, 'bob', { browser });
    const other = await context.newPage();
    await expect.poll(() => isVisible(bob)).toBe(false);

    await alice.send(['bob']);
    await expect.poll(() => desk.titles).toEqual(['ALICE is calling']);
    desk.click('ALICE is calling', 'Decline');
    await alice.is('ended: declined');
    await expect.poll(() => desk.titles).toEqual([]);
    expect(await isVisible(bob)).toBe(false);

    await alice.send(['bob']);
    await expect.poll(() => desk.titles).toEqual(['ALICE is calling']);
    desk.click('ALICE is calling', 'Accept');
    for (const person of [alice, bob]) await person.is('active');
    await expect.poll(() => isVisible(bob)).toBe(true);
    await Promise.all([alice.seesPicture(), bob.seesPicture()]);
    await hangUp(alice, bob);

    await other.bringToFront();
    await expect.poll(() => isVisible(bob)).toBe(false);
    for (const missed of [['Missed call'], ['Missed call', 'Missed call']]) {
      await alice.send(['bob']);
      // Chromium cannot close a notification whose display the desktop has not confirmed yet.
      await expect.poll(() => desk.titles).toContain('ALICE is calling');
      await alice.ask('cancel');
      await expect.poll(() => desk.titles).toEqual(missed);
    }
    desk.click('Missed call');
    await accept(bob, alice);
    await expect.poll(() => isVisible(bob)).toBe(true);
    await expect.poll(() => desk.titles).toEqual(['Missed call']);
    await hangUp(alice, bob);

    const address = bob.page.url();
    await leave(bob, server);
    const opening = context.waitForEvent('page');
    desk.click('Missed call', 'Call back');
    const opened = bob.at(await opening);
    await accept(opened, alice);
    await Promise.all([alice.seesPicture(), opened.seesPicture()]);
    expect([opened.page.url(), await isVisible(opened)]).toEqual([address, true]);
    expect(desk.titles).toEqual([]);
    expect(await opened.errors()).toEqual([]);
  } finally {
    await close();
    await desk.close();
  }
});
