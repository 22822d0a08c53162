import type { BrowserContext, Page } from '@playwright/test';
import type { Person } from './person.js';
import { playsSound, recordPlayers } from './players.js';
import { expect, test } from './fixtures.js';

/* Files of the library that fail to load: removed by a deployment, or unavailable because of the network. */

const VIEW = /ongoing-call-view/;
const MEDIA = /call-media/;

/** Messages of the errors that were reported to the page. */
const errorsOf = async (person: Person): Promise<string[]> =>
  (await person.argumentsOf('onError')).map(([message]) => String(message));

const inLayer = (page: Page, tag: string) =>
  page.locator(`call-invitation-provider .layer > ${tag}`);

let contexts: BrowserContext[] = [];
test.afterEach(async () => {
  await Promise.all(contexts.map((context) => context.unrouteAll({ behavior: 'ignoreErrors' })));
  contexts = [];
});

/** Lets the first requests for a file fail. @returns all requests for it so far */
async function fail(
  context: BrowserContext,
  file: RegExp,
  times = Infinity,
  how: 'abort' | 404 = 'abort',
): Promise<string[]> {
  contexts.push(context);
  const asked: string[] = [];
  await context.route(file, async (route) => {
    asked.push(route.request().url());
    if (asked.length > times) return route.continue();
    return how === 'abort' ? route.abort() : route.fulfill({ status: how });
  });
  return asked;
}

test.describe('the view of the call', () => {
  test('that fails permanently: the minimal view has name, sound and hang-up, and the error names the file', async ({
    open,
    browsers,
  }) => {
    const alice = await open('alice');
    const context = await browsers.context('bob');
    await fail(context, VIEW, Infinity, 404);
    const bob = await open('bob', { prepare: recordPlayers });
    await alice.send(['bob'], { callType: 'video' });
    await bob.is('incoming');
    await bob.press('accept-button');
    await bob.is('active');
    const view = inLayer(bob.page, 'minimal-call-view');
    await expect(view.getByText('ALICE')).toBeVisible();
    await expect.poll(() => playsSound(bob.page)).toBe(true);
    await expect
      .poll(() => errorsOf(bob))
      .toEqual([expect.stringMatching(/the view of the call: http.*\/ongoing-call-view-.*\.js/)]);
    await expect(view.locator('.note')).toHaveText('The full view of the call could not be loaded');
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
    await bob.releasesEverything();
    await alice.releasesEverything();
  });

  test('that fails once is loaded after a retry @extended', async ({ open, browsers }) => {
    const alice = await open('alice');
    const context = await browsers.context('bob');
    const asked = await fail(context, VIEW, 1);
    const bob = await open('bob');
    await alice.send(['bob'], { callType: 'video' });
    await bob.is('incoming');
    await bob.press('accept-button');
    await bob.is('active');
    await expect(inLayer(bob.page, 'ongoing-call-view')).toBeVisible();
    await expect(inLayer(bob.page, 'minimal-call-view')).toHaveCount(0);
    await bob.seesPicture();
    expect(asked).toHaveLength(2);
    expect(await errorsOf(bob)).toEqual([]);
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
  });

  test('that loads during the call replaces the minimal view @extended', async ({
    open,
    browsers,
  }) => {
    const alice = await open('alice');
    const context = await browsers.context('bob');
    const asked = await fail(context, VIEW, 4);
    const bob = await open('bob', { prepare: recordPlayers });
    await alice.send(['bob'], { callType: 'voice' });
    await bob.is('incoming');
    await bob.press('accept-button');
    await bob.is('active');
    await expect(inLayer(bob.page, 'minimal-call-view')).toBeVisible();
    await expect(inLayer(bob.page, 'ongoing-call-view')).toBeVisible();
    await expect.poll(() => playsSound(bob.page)).toBe(true);
    expect(asked).toHaveLength(5);
    await bob.press('hang-up-button');
    await alice.is('ended: hung-up');
    await bob.releasesEverything();
  });
});

test('the server transport is loaded after a retry if it fails once @extended', async ({
  open,
  browsers,
}) => {
  const context = await browsers.context('alice');
  const asked = await fail(context, /ringkit\/server-/, 1);
  // `open` waits until the page is connected.
  const alice = await open('alice');
  expect(asked).toHaveLength(2);
  expect(await errorsOf(alice)).toEqual([]);
});

test('the server transport that fails repeatedly is offline, and connects when it loads @extended', async ({
  open,
  browsers,
}) => {
  const context = await browsers.context('alice');
  await fail(context, /ringkit\/server-/, 4);
  const alice = await open('alice');
  expect(await errorsOf(alice)).toEqual([expect.stringContaining('the transport of the server')]);
});

test('every file that fails once is loaded after a retry, and the call works', async ({
  browsers,
  openTab,
}) => {
  const context = await browsers.context('alice');
  contexts.push(context);
  const asked = new Map<string, number>();
  await context.route(/somewhere\/else\/ringkit\//, async (route) => {
    const { pathname } = new URL(route.request().url());
    const page = route.request().frame().page().url();
    const key = `${page} ${pathname}`;
    asked.set(key, (asked.get(key) ?? 0) + 1);
    return asked.get(key) === 1 ? route.abort() : route.continue();
  });
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await bob.is('active');
  await alice.is('active');
  await bob.seesPicture();
  await expect(inLayer(bob.page, 'ongoing-call-view')).toBeVisible();
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  expect(await errorsOf(alice)).toEqual([]);
  expect(asked.size).toBeGreaterThan(6);
});

test('media code that fails to load: the accept fails visibly, nothing is captured, and the call still rings', async ({
  open,
  browsers,
}) => {
  const alice = await open('alice');
  const context = await browsers.context('bob');
  // While it rings and the first accept waits: one series of four attempts.
  await fail(context, MEDIA, 4);
  const bob = await open('bob');
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await expect(bob.page.getByText('Couldn’t connect').first()).toBeVisible();
  expect(await bob.status()).toBe('incoming');
  expect(await bob.page.evaluate(() => window.probe.tracks.length)).toBe(0);
  expect(await bob.callbacks()).not.toContain('onIncomingCallAcceptButtonPressed');
  expect(await errorsOf(bob)).toEqual([
    expect.stringMatching(/the media of calls: http.*call-media-/),
  ]);
  expect(await alice.status()).toBe('ringing-out');
  // The files can be loaded again.
  await bob.press('accept-button');
  await bob.is('active');
  await alice.seesPicture();
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
});

test('an accept waits for media code that loads late @extended', async ({ open, browsers }) => {
  const alice = await open('alice');
  const context = await browsers.context('bob');
  contexts.push(context);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await context.route(MEDIA, async (route) => {
    await held;
    return route.continue();
  });
  const bob = await open('bob');
  await alice.send(['bob'], { callType: 'video' });
  await bob.is('incoming');
  await bob.press('accept-button');
  await expect(bob.page.getByText('Connecting…').first()).toBeVisible();
  expect(await alice.status()).toBe('ringing-out');
  release();
  await bob.is('active');
  await alice.seesPicture();
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
});

test('a language that fails to load: English texts, few requests, one error, and a responsive page', async ({
  browsers,
  openTab,
}) => {
  const context = await browsers.context('alice');
  const asked = await fail(context, /ringkit\/de-/);
  const alice = await openTab('alice');
  const bob = await openTab('bob');
  await bob.page.evaluate(() => {
    document.querySelector('call-invitation-provider')!.lang = 'de';
  });
  await alice.send(['bob'], { callType: 'voice' });
  await bob.is('incoming');
  await expect(bob.page.getByRole('button', { name: 'Accept' })).toBeVisible();
  await expect
    .poll(() => errorsOf(bob))
    .toEqual([expect.stringMatching(/the German texts: http.*\/de-.*\.js/)]);
  // Everything renders repeatedly, without another request.
  await bob.press('accept-button');
  await bob.is('active');
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  // The page is not busy: its timers run. Meanwhile, it would request the file again.
  await bob.page.evaluate(async () => {
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setTimeout(resolve));
  });
  expect(asked.length).toBeLessThanOrEqual(4);
  expect(await errorsOf(bob)).toHaveLength(1);
});
