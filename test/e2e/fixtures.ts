/* eslint-disable no-empty-pattern -- Playwright reads from the pattern which fixtures are wanted */
import { test as base, type Browser } from '@playwright/test';
import type { CallServerProcess } from '../support/call-server.js';
import { Browsers } from './browsers.js';
import { openDesktop, type Desktop } from './desktop.js';
import type { ServeOptions } from '../support/serve.js';
import { SharedServer } from './shared-server.js';
import type { Site } from '../package/site.js';
import { expect } from './expect.js';
import { openSite, type Build } from './page.js';
import { Person, type Options } from './person.js';

export { expect } from './expect.js';

interface OpenOptions extends Options {
  /** Name of another user in whose browser context the page is opened. Default: a context for each user. */
  beside?: string;
  /** Uses a browser with visible windows: its tabs can be hidden, and it shows notifications. */
  desktop?: boolean;
}

export type Open = (userID: string, options?: OpenOptions) => Promise<Person>;

interface TestFixtures {
  /**
   * Whether each user has a browser process. Default: false, because a call in one process takes less CPU time. A test that kills
   * a browser needs it.
   */
  separateProcesses: boolean;
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
  browsers: Browsers;
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
  browsers: [
    async ({}, use) => {
      const browsers = new Browsers();
      await use(browsers);
      await browsers.close();
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
  separateProcesses: [false, { option: true }],
  serverOptions: [{}, { option: true }],
  server: async ({ serverOptions, sharedServer }, use) => {
    await use(await sharedServer.start(serverOptions));
    await sharedServer.release();
  },
  people: async ({}, use, testInfo) => {
    const people: Person[] = [];
    await use(people);
    if (testInfo.status !== testInfo.expectedStatus)
      for (const person of people) console.log(await person.summary());
    const errors = await Promise.all(people.map((person) => person.errors()));
    await Promise.all(people.map((person) => person.close()));
    expect(errors.flat(), 'errors of the pages').toEqual([]);
  },
  open: async ({ site, browsers, desktopOf, separateProcesses, server, people }, use) => {
    await use(async (userID, { beside = userID, desktop, ...options } = {}) => {
      const browser = options.browser ?? (desktop ? await desktopOf(beside) : undefined);
      const isShared = !browser && !options.denyMedia && options.host === undefined;
      const place = { process: separateProcesses ? beside : undefined, surface: options.surface };
      const person = await Person.open(site, userID, {
        signaling: server.url,
        ...options,
        ...(browser && { browser }),
        ...(isShared && { context: await browsers.context(beside, place) }),
      });
      people.push(person);
      return person;
    });
  },
  openTab: async ({ site, browsers, people }, use) => {
    await use(async (userID) => {
      const person = await Person.open(site, userID, { context: await browsers.context('alice') });
      people.push(person);
      return person;
    });
  },
});
