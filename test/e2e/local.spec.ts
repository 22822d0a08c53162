import { expect, test, type Browser } from '@playwright/test';
import { openBrowser, openSite, Person } from './person.js';
import type { Site } from '../package/site.js';

/** Calls between the tabs of one browser, with no server at all. */

let site: Site;
let browser: Browser;

test.beforeAll(async () => {
  site = await openSite();
  browser = await openBrowser();
});
test.afterAll(async () => {
  await browser.close();
  site.close();
});

test('rings, talks and hangs up without a server', async () => {
  const alice = await Person.open(site, 'alice', { browser });
  const bob = await Person.open(site, 'bob', { browser });
  const { unreachable } = await alice.send(['bob']);
  expect(unreachable).toEqual([]);
  await bob.is('incoming');
  await bob.press('accept-button');
  await alice.is('active');
  await bob.is('active');
  await alice.seesPicture();
  await bob.seesPicture();
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await alice.releasesEverything();
  await bob.releasesEverything();
  expect([...(await alice.errors()), ...(await bob.errors())]).toEqual([]);
  await alice.close();
  await bob.close();
});

test('names a user without a tab as unreachable', async () => {
  const alice = await Person.open(site, 'alice', { browser });
  const { unreachable } = await alice.send(['nobody'], { timeoutSeconds: 1 });
  expect(unreachable.map(({ userID }) => userID)).toEqual(['nobody']);
  await alice.is('ended: unreachable');
  await alice.close();
});

test('hears that a tab was closed', async () => {
  const alice = await Person.open(site, 'alice', { browser });
  const bob = await Person.open(site, 'bob', { browser });
  await alice.send(['bob']);
  await bob.is('incoming');
  await alice.close();
  await expect
    .poll(() => bob.callbacks(), { timeout: 15_000 })
    .toEqual(['onIncomingCallReceived', 'onIncomingCallCanceled']);
  await bob.close();
});
