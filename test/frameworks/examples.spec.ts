import { rm } from 'node:fs/promises';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { InstalledExample, packPackages, withoutNpm } from './installed-example.js';

/**
 * The applications of `examples/`, each installed from npm and the packed packages in a folder outside of the repository,
 * built and served with its own tools.
 */

interface Example {
  readonly name: string;
  /** Title of its page. */
  readonly title: string;
  /** Scripts of its `package.json` that serve the page. */
  readonly scripts?: readonly string[];
  readonly path?: string;
  /** It has a second page, and a call continues while the user goes there. */
  readonly navigates?: boolean;
  /** The file with the heading of its page: a call continues when it is edited while `npm run dev` runs. */
  readonly edited?: string;
}

const examples: readonly Example[] = [
  // In production, StrictMode mounts only once.
  {
    name: 'react-vite',
    title: 'Calls with React',
    scripts: ['start', 'dev'],
    edited: 'src/app.tsx',
  },
  { name: 'react-18', title: 'Calls with React 18', scripts: ['start', 'dev'] },
  { name: 'script-tag', title: 'Calls with a script tag', path: '/shop/' },
  { name: 'webpack', title: 'Calls with webpack' },
  { name: 'rollup', title: 'Calls with Rollup' },
  { name: 'parcel', title: 'Calls with Parcel', scripts: ['start', 'dev'] },
  { name: 'vue-vite', title: 'Calls with Vue', scripts: ['start', 'dev'], edited: 'src/App.vue' },
  { name: 'sveltekit', title: 'Calls with SvelteKit', navigates: true },
  { name: 'next', title: 'Calls with Next', navigates: true },
  { name: 'nuxt', title: 'Calls with Nuxt', navigates: true },
  { name: 'astro', title: 'Calls with Astro', navigates: true },
  { name: 'angular', title: 'Calls with Angular' },
];

const minute = 60_000;

let tarballs: string | undefined;
test.beforeAll(async () => {
  test.setTimeout(5 * minute);
  const missing = withoutNpm();
  // In continuous integration, nobody would notice that they are skipped.
  if (missing !== false && process.env['CI'] !== undefined) throw new Error(missing);
  test.skip(missing !== false, missing || '');
  tarballs = await packPackages();
});
test.afterAll(async () => {
  if (tarballs !== undefined) await rm(tarballs, { recursive: true, force: true });
});

/** Opens the page of a user in a browser context of its own, and waits until it is connected. */
async function open(
  browser: Browser,
  url: string,
  title: string,
  user: string,
  faults: string[],
): Promise<Page> {
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  page.on('pageerror', (error) => faults.push(`${user}: ${String(error)}`));
  page.on('console', (message) => {
    const text = message.text();
    if (!['error', 'warning'].includes(message.type())) return;
    if (!text.startsWith('Lit is in dev mode.')) faults.push(`${user}: ${text}`);
  });
  await page.goto(`${url}?${user}`);
  // Another program may answer at the port.
  await expect(page).toHaveTitle(title);
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
async function rings(
  browser: Browser,
  url: string,
  { title, navigates }: Example,
  edit?: () => Promise<void>,
): Promise<void> {
  const faults: string[] = [];
  const alice = await open(browser, url, title, 'alice', faults);
  const bob = await open(browser, url, title, 'bob', faults);
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
  if (edit) {
    await edit();
    for (const page of [alice, bob])
      await expect(page.getByRole('heading', { name: 'Now you are' })).toBeAttached();
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
    const installed = await InstalledExample.install(name, tarballs!);
    try {
      for (const script of scripts) {
        const { edited } = example;
        const edit = () => installed.edit(edited!, 'You are', 'Now you are');
        const url = await installed.serve(script, path);
        await rings(browser, url, example, edited && script === 'dev' ? edit : undefined);
        await installed.stop();
      }
    } finally {
      await installed.remove();
    }
  });
}
