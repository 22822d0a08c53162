import { rm } from 'node:fs/promises';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { InstalledExample, packPackages, withoutNpm } from './installed-example.js';

/**
 * The applications of `examples/`, each installed from npm and the packed packages in a folder outside of the repository,
 * built and served with its own tools.
 */

interface Example {
  readonly name: string;
  /** Scripts of its `package.json` that serve the page. */
  readonly scripts?: readonly string[];
  readonly path?: string;
  /** It has a second page, and a call continues while the user goes there. */
  readonly navigates?: boolean;
}

const examples: readonly Example[] = [
  // In production, StrictMode mounts only once.
  { name: 'react-vite', scripts: ['start', 'dev'] },
  { name: 'react-18', scripts: ['start', 'dev'] },
  { name: 'script-tag', path: '/shop/' },
  { name: 'webpack' },
  { name: 'vue-vite' },
  { name: 'sveltekit', navigates: true },
  { name: 'next', navigates: true },
  { name: 'nuxt', navigates: true },
  { name: 'astro', navigates: true },
  { name: 'angular' },
];

const minute = 60_000;
const unreachable = withoutNpm();
test.skip(unreachable !== false, unreachable || '');

let tarballs: string;
test.beforeAll(async () => {
  test.setTimeout(5 * minute);
  tarballs = await packPackages();
});
test.afterAll(() => rm(tarballs, { recursive: true, force: true }));

/** Opens the page of a user in a browser context of its own, and waits until it is connected. */
async function open(browser: Browser, url: string, user: string, faults: string[]): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${user}: ${String(error)}`));
  page.on('console', (message) => {
    const text = message.text();
    if (!['error', 'warning'].includes(message.type())) return;
    if (!text.startsWith('Lit is in dev mode.')) faults.push(`${user}: ${text}`);
  });
  await page.goto(`${url}?${user}`);
  // The provider may be rendered later, and then loads ringkit.
  await expect
    .poll(() =>
      page.evaluate(() =>
        document.querySelector('call-invitation-provider')?.service?.$connection.get(),
      ),
    )
    .toBe('connected');
  return page;
}

/** Two users call each other, and the called one hangs up. */
async function rings(browser: Browser, url: string, { navigates }: Example): Promise<void> {
  const faults: string[] = [];
  const alice = await open(browser, url, 'alice', faults);
  const bob = await open(browser, url, 'bob', faults);
  const becomes = async (status: string) => {
    for (const page of [alice, bob])
      await expect(page.locator('output').first()).toHaveText(status, { timeout: minute / 2 });
  };
  await alice.getByRole('button', { name: 'Call bob' }).click();
  await bob.getByRole('button', { name: 'Accept', exact: true }).click();
  await becomes('active');
  if (navigates) {
    await alice.getByRole('link', { name: 'Second page' }).dispatchEvent('click');
    await expect(alice.getByRole('heading', { name: 'Second page' })).toBeAttached();
    await becomes('active');
  }
  await bob.locator('ongoing-call-view').getByRole('button', { name: 'Hang up' }).click();
  await becomes('idle');
  expect(faults).toEqual([]);
  for (const page of [alice, bob]) await page.context().close();
}

for (const example of examples) {
  const { name, scripts = ['start'], path } = example;
  test(`two users of examples/${name} call each other`, { tag: '@long' }, async ({ browser }) => {
    test.setTimeout(12 * minute);
    const installed = await InstalledExample.install(name, tarballs);
    try {
      for (const script of scripts) {
        await rings(browser, await installed.serve(script, path), example);
        await installed.stop();
      }
    } finally {
      await installed.remove();
    }
  });
}
