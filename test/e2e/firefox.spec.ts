/* eslint-disable no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted */
import type { Browser } from 'puppeteer-core';
import { FirefoxUser, findFirefox, openFirefox } from './firefox.js';
import { expect, test as base } from './fixtures.js';
import type { PageUser } from './page-user.js';

/* Calls between Firefox and Chromium, through a real server. */

const firefoxPath = findFirefox();

const test = base.extend<
  { openFirefoxPage: (userID: string) => Promise<FirefoxUser> },
  { firefox: Browser }
>({
  firefox: [
    async ({}, use) => {
      const browser = await openFirefox(firefoxPath ?? '');
      await use(browser);
      await browser.close();
    },
    { scope: 'worker' },
  ],
  openFirefoxPage: async ({ site, firefox, server }, use) => {
    const users: FirefoxUser[] = [];
    await use(async (userID) => {
      const user = await FirefoxUser.open(site, firefox, userID, server.url);
      users.push(user);
      return user;
    });
    const errors = await Promise.all(users.map((user) => user.errors()));
    await Promise.all(users.map((user) => user.close()));
    expect(errors.flat(), 'errors of the pages').toEqual([]);
  },
});

test.skip(firefoxPath === undefined, 'Firefox is not installed');

async function haveBothWays(what: 'frames' | 'sound', ...users: PageUser[]): Promise<void> {
  await Promise.all(users.map((user) => user.receives(what, users.length - 1)));
}

test('a video call from Firefox to Chromium has sound and video both ways, and ends', async ({
  open,
  openFirefoxPage,
}) => {
  const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
  await fiona.send(['chris']);
  await chris.is('incoming');
  expect(await chris.inUse()).toMatchObject({ tracks: 0, connections: 0 });
  await chris.press('accept-button');
  await fiona.is('active');
  await chris.is('active');
  await haveBothWays('frames', fiona, chris);
  await haveBothWays('sound', fiona, chris);
  await fiona.press('hang-up-button');
  await chris.is('ended: hung-up');
  await Promise.all([fiona.releasesEverything(), chris.releasesEverything()]);
});

test('a video call from Chromium to Firefox has sound and video both ways, and ends', async ({
  open,
  openFirefoxPage,
}) => {
  const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
  await chris.send(['fiona']);
  await fiona.is('incoming');
  expect(await fiona.inUse()).toMatchObject({ tracks: 0, connections: 0 });
  await fiona.press('accept-button');
  await fiona.is('active');
  await chris.is('active');
  await haveBothWays('frames', fiona, chris);
  await haveBothWays('sound', fiona, chris);
  await chris.press('hang-up-button');
  await fiona.is('ended: hung-up');
  await Promise.all([fiona.releasesEverything(), chris.releasesEverything()]);
});

for (const caller of ['Firefox', 'Chromium']) {
  test(`in a voice call from ${caller}, each side can turn on its camera and mute its microphone`, async ({
    open,
    openFirefoxPage,
  }) => {
    const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
    const [first, second] = caller === 'Firefox' ? [fiona, chris] : [chris, fiona];
    await first.send([second.userID], { callType: 'voice' });
    await second.is('incoming');
    await second.press('accept-button');
    await first.is('active');
    await haveBothWays('sound', fiona, chris);
    expect(await fiona.framesDecoded()).toBe(0);
    expect(await chris.framesDecoded()).toBe(0);
    for (const [sender, receiver] of [
      [fiona, chris],
      [chris, fiona],
    ] as const) {
      await sender.press('camera-button');
      await receiver.seesPicture();
      await sender.press('microphone-button');
      await expect.poll(() => receiver.mutedMembers()).toContain(sender.userID);
      await sender.press('microphone-button');
      await expect.poll(() => receiver.mutedMembers()).not.toContain(sender.userID);
    }
    await first.press('hang-up-button');
    await second.is('ended: hung-up');
  });
}

test('a screen that Chromium shares is shown in Firefox', async ({ open, openFirefoxPage }) => {
  const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
  await chris.send(['fiona'], { callType: 'voice' });
  await fiona.is('incoming');
  await fiona.press('accept-button');
  await fiona.is('active');
  await chris.press('screen-button');
  await fiona.seesPicture();
  await expect.poll(() => fiona.screensShown()).toEqual(['chris']);
  await chris.press('screen-button');
  await expect.poll(() => fiona.screensShown()).toEqual([]);
});

test('Firefox hears the sound of a tab that Chromium shares, and sees that it is paused', async ({
  open,
  openFirefoxPage,
}) => {
  const fiona = await openFirefoxPage('fiona');
  const chris = await open('chris', { surface: 'browser' });
  await chris.send(['fiona'], { callType: 'voice' });
  await fiona.is('incoming');
  await fiona.press('accept-button');
  await fiona.is('active');
  await chris.press('microphone-button');
  await expect.poll(() => fiona.mutedMembers()).toEqual(['chris']);
  await chris.press('screen-button');
  await fiona.seesPicture();
  await fiona.receives('sound', 1);
  const isPaused = (): Promise<boolean | undefined> =>
    fiona.page.evaluate(() => {
      const { members } = document.querySelector('call-invitation-provider')!.service.$call.get();
      return members.find(({ userID }) => userID === 'chris')?.sharedScreen?.paused;
    });
  expect(await isPaused()).toBe(false);
  await chris.press('screen-pause-button');
  await expect.poll(isPaused).toBe(true);
  expect(await fiona.screensShown()).toEqual(['chris']);
  await chris.press('screen-pause-button');
  await expect.poll(isPaused).toBe(false);
  await fiona.seesPicture();
  await chris.press('hang-up-button');
  await fiona.is('ended: hung-up');
});

test('a screen that Firefox shares is shown in Chromium', async ({ open, openFirefoxPage }) => {
  const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
  await fiona.send(['chris'], { callType: 'voice' });
  await chris.is('incoming');
  await chris.press('accept-button');
  await chris.is('active');
  await fiona.press('screen-button');
  await chris.seesPicture();
  await expect.poll(() => chris.screensShown()).toEqual(['fiona']);
  await fiona.press('screen-button');
  await expect.poll(() => chris.screensShown()).toEqual([]);
});

test('two users of Chromium and one of Firefox have a group call, and one leaves', async ({
  open,
  openFirefoxPage,
}) => {
  const [fiona, chris, dana] = await Promise.all([
    openFirefoxPage('fiona'),
    open('chris'),
    open('dana'),
  ]);
  await chris.send(['fiona', 'dana']);
  for (const callee of [fiona, dana]) {
    await callee.is('incoming');
    await callee.press('accept-button');
  }
  await haveBothWays('frames', fiona, chris, dana);
  await haveBothWays('sound', fiona, chris, dana);
  await chris.press('hang-up-button');
  await haveBothWays('frames', fiona, dana);
  await dana.press('hang-up-button');
  await fiona.is('ended: everyone-left');
  await Promise.all([fiona, chris, dana].map((user) => user.releasesEverything()));
});

/** The box of the call view in Firefox, or of something in it: left, top, width and height in whole pixels. */
function boxOf({ page }: FirefoxUser, selector = ''): Promise<number[]> {
  return page.evaluate((inside) => {
    const provider = document.querySelector('call-invitation-provider');
    const view = provider?.shadowRoot?.querySelector('ongoing-call-view');
    const element = inside ? view?.shadowRoot?.querySelector(inside) : view;
    const { left, top, width, height } = element?.getBoundingClientRect() ?? new DOMRect();
    return [left, top, width, height].map(Math.round);
  }, selector);
}

/** Drags something in the call view by its middle. */
async function drag(user: FirefoxUser, selector: string, x: number, y: number): Promise<void> {
  const { mouse } = user.page;
  const [left = 0, top = 0, width = 0, height = 0] = await boxOf(user, selector);
  const [fromX, fromY] = [left + width / 2, top + height / 2];
  await mouse.move(fromX, fromY);
  await mouse.down();
  await mouse.move(fromX + x, fromY + y, { steps: 5 });
  await mouse.up();
}

test('in Firefox, the window is moved and resized, and the card with the picture is dragged @extended', async ({
  open,
  openFirefoxPage,
}) => {
  const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
  const { page } = fiona;
  await page.setViewport({ width: 1200, height: 800 });
  await chris.send(['fiona']);
  await fiona.is('incoming');
  await fiona.press('accept-button');
  await fiona.seesPicture();
  await expect.poll(() => boxOf(fiona)).toEqual([460, 240, 720, 540]);
  await drag(fiona, '.top .who', -200, -150);
  await expect.poll(() => boxOf(fiona)).toEqual([260, 90, 720, 540]);
  await drag(fiona, '.edge.se', 60, 40);
  await expect.poll(() => boxOf(fiona)).toEqual([260, 90, 780, 580]);
  await page.locator('>>> .resize').click();
  await expect.poll(() => boxOf(fiona)).toEqual([20, 20, 1160, 760]);
  await page.locator('>>> .minimise').click();
  // As wide as the picture of the fake camera needs.
  await expect.poll(async () => (await boxOf(fiona, '.card video'))[2]).toBeGreaterThan(170);
  const [left = 0, top = 0, width, height] = await boxOf(fiona);
  await drag(fiona, '.card .name', -300, -200);
  await expect.poll(() => boxOf(fiona)).toEqual([left - 300, top - 200, width, height]);
  await page.locator('>>> .restore').click();
  await expect.poll(() => boxOf(fiona)).toEqual([20, 20, 1160, 760]);
  await fiona.ask('hangUp');
});

for (const [width, height] of [
  [480, 260],
  [667, 375],
  [320, 480],
] as const) {
  test(`in Firefox, panels and controls are inside a window of ${width} × ${height} pixels @extended`, async ({
    open,
    openFirefoxPage,
  }) => {
    const [fiona, chris] = await Promise.all([openFirefoxPage('fiona'), open('chris')]);
    await fiona.page.setViewport({ width, height });
    await chris.send(['fiona']);
    await fiona.is('incoming');
    await fiona.press('accept-button');
    await fiona.is('active');
    await fiona.seesPicture();
    expect(await boxOf(fiona)).toEqual([0, 0, width, height]);
    await fiona.press('more-button');
    await expect.poll(async () => (await boxOf(fiona, '.panel'))[3]).toBeGreaterThan(0);
    const [left = 0, top = 0, wide = 0, high = 0] = await boxOf(fiona, '.panel');
    const [, controls = 0] = await boxOf(fiona, '.controls .control');
    expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
    expect(left + wide).toBeLessThanOrEqual(width);
    expect(top + high).toBeLessThanOrEqual(controls);
    const [endLeft = 0, endTop = 0, endWide = 0, endHigh = 0] = await boxOf(fiona, '.end');
    expect(endLeft + endWide).toBeLessThanOrEqual(width);
    expect(endTop + endHigh).toBeLessThanOrEqual(height);
    await fiona.press('hang-up-button');
    await chris.is('ended: hung-up');
  });
}
