import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from '@playwright/test';
import { expect, test as base } from './fixtures.js';

/** The server examples, unchanged, with the built package. */

interface Application {
  readonly child: ChildProcess;
  readonly url: string;
}

const test = base.extend<{ framework: string; application: Application }>({
  framework: ['', { option: true }],
  application: async ({ framework }, use) => {
    const file = fileURLToPath(new URL(`../../examples/${framework}.js`, import.meta.url));
    const child = spawn(process.execPath, [file], {
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    await use({ child, url: line.toString().trim() });
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  },
});

/**
 * Opens the page of the application in its own browser context, and submits its form.
 * @param faults receives errors of the page
 */
async function signIn(
  browser: Browser,
  url: string,
  name: string,
  faults: string[],
): Promise<Page> {
  const context = await browser.newContext({
    permissions: ['camera', 'microphone'],
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${name}: ${String(error)}`));
  await page.goto(url);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: `Hello, ${name}` })).toBeVisible();
  await connects(page, 'connected');
  return page;
}

const connects = (page: Page, connection: string): Promise<void> =>
  expect
    .poll(() =>
      page.evaluate(() =>
        document.querySelector('call-invitation-provider')!.service.$connection.get(),
      ),
    )
    .toBe(connection);

/** Waits for video of the other user. */
const seesTheOther = (page: Page): Promise<void> =>
  expect
    .poll(() =>
      page
        .locator('ongoing-call-view video:not([aria-label="You"])')
        .evaluate((video: HTMLVideoElement) => video.videoWidth),
    )
    .toBeGreaterThan(0);

for (const framework of ['express', 'fastify']) {
  test.describe(framework, () => {
    test.use({ framework });

    test('its users call each other, cannot pose as another user, and it stops at SIGTERM', async ({
      application: { child, url },
      browsers,
    }) => {
      const faults: string[] = [];
      const browser = await browsers.browser();
      const alice = await signIn(browser, url, 'Alice', faults);
      const bob = await signIn(browser, url, 'Bob', faults);
      await alice.getByLabel('Whom to call').fill('Bob');
      await alice.getByRole('button', { name: 'Call' }).click();
      await bob.getByRole('button', { name: 'Accept' }).click();
      for (const page of [alice, bob]) await seesTheOther(page);
      await alice.evaluate(() => {
        document.querySelector('call-invitation-provider')!.userID = 'bob';
      });
      await connects(alice, 'refused');
      expect((await fetch(new URL('nowhere', url))).status).toBe(404);

      child.kill('SIGTERM');
      await once(child, 'exit');
      expect(child.exitCode).toBe(0);
      expect(faults).toEqual([]);
      for (const page of [alice, bob]) await page.context().close();
    });
  });
}
