/* eslint-disable no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted */
import { test as base, type Browser } from '@playwright/test';
import type { CallServerProcess } from '../support/call-server.js';
import { openDesktop, type Desktop } from './desktop.js';
import type { ServeOptions } from '../support/serve.js';
import { SharedServer } from './shared-server.js';
import type { Site } from '../package/site.js';
import { expect } from './expect.js';
import { openSite, type Build } from './page.js';
import { openBrowser, Person, type Options } from './person.js';

export { expect } from './expect.js';

interface OpenOptions extends Options {
  /**
   * Name of another user whose browser process is used. Default: one for each user, which is reused by the next
   * tests.
   */
  beside?: string;
  /** Uses a browser with visible windows: its tabs can be hidden, and it shows notifications. */
  desktop?: boolean;
}

export type Open = (userID: string, options?: OpenOptions) => Promise<Person>;

interface TestFixtures {
  serverOptions: ServeOptions;
  server: CallServerProcess;
  people: Person[];
  /** Opens a page of this user, signed in at the server of the test or another one. */
  open: Open;
  /** Opens a tab of this user without a server. All tabs are in one browser. */
  openTab: (userID: string) => Promise<Person>;
}

export interface WorkerFixtures {
  /** The script build that pages load. */
  build: Build;
  site: Site;
  /** Browsers in which a tab can be hidden behind another, and notifications are shown. */
  desktopOf: (name: string) => Promise<Browser>;
  browserOf: (name: string, surface?: string) => Promise<Browser>;
  sharedServer: SharedServer;
}

/** Fixtures of all call tests: a site, browser processes, a server, and the users that the test opens. */
export const test = base.extend<TestFixtures, WorkerFixtures>({
  build: ['ringkit.js', { option: true, scope: 'worker' }],
  site: [
    async ({ build }, use) => {
      const site = await openSite(build);
      await use(site);
      site.close();
    },
    { scope: 'worker' },
  ],
  browserOf: [
    async ({}, use) => {
      const browsers = new Map<string, Promise<Browser>>();
      const launch = async (key: string, surface?: string): Promise<Browser> => {
        const browser = await openBrowser(surface === undefined ? {} : { surface });
        browser.once('disconnected', () => browsers.delete(key));
        return browser;
      };
      await use((name, surface) => {
        const key = `${name} ${surface ?? ''}`;
        const browser = browsers.get(key) ?? launch(key, surface);
        browsers.set(key, browser);
        return browser;
      });
      await Promise.all([...browsers.values()].map(async (browser) => (await browser).close()));
    },
    { scope: 'worker' },
  ],
  desktopOf: [
    async ({}, use) => {
      const desktops = new Map<string, Promise<Desktop>>();
      await use(async (name) => {
        const desktop = desktops.get(name) ?? openDesktop();
        desktops.set(name, desktop);
        return (await desktop).browser;
      });
      await Promise.all([...desktops.values()].map(async (desktop) => (await desktop).close()));
    },
    { scope: 'worker' },
  ],
  sharedServer: [
    async ({}, use) => {
      const shared = new SharedServer();
      await use(shared);
      await shared.stop();
    },
    { scope: 'worker' },
  ],
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions, sharedServer }, use) => {
    await use(await sharedServer.start(serverOptions));
    await sharedServer.release();
  },
  people: async ({}, use) => {
    const people: Person[] = [];
    await use(people);
    const errors = await Promise.all(people.map((person) => person.errors()));
    await Promise.all(people.map((person) => person.close()));
    expect(errors.flat(), 'errors of the pages').toEqual([]);
  },
  open: async ({ site, browserOf, desktopOf, server, people }, use) => {
    await use(async (userID, { beside = userID, desktop, ...options } = {}) => {
      const needsOwnBrowser = options.denyMedia || options.host !== undefined;
      const find = desktop ? desktopOf : browserOf;
      const browser =
        options.browser ?? (needsOwnBrowser ? undefined : await find(beside, options.surface));
      const person = await Person.open(site, userID, {
        signaling: server.url,
        ...options,
        ...(browser && { browser }),
      });
      people.push(person);
      return person;
    });
  },
  openTab: async ({ site, browserOf, people }, use) => {
    await use(async (userID) => {
      const person = await Person.open(site, userID, { browser: await browserOf('alice') });
      people.push(person);
      return person;
    });
  },
});
