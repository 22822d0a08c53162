import { rm } from 'node:fs/promises';
import { expect, test, type Browser, type Page } from '@playwright/test';
import { createCallInvitationService } from '../../src/core/index.js';
import { createServerTransport } from '../../src/core/transports/server.js';
import { codeBlocks, readMarkdown } from '../docs/markdown.js';
import { InstalledExample, packPackages, withoutNpm } from './installed-example.js';

/**
 * The applications of `examples/`, each installed from npm and the packed packages in a folder outside of the repository,
 * built and served with its own tools. Then the code of its guide in `docs/guides`, in the same folder.
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
  /** The guide whose code runs in place of the files of the example. */
  readonly guide?: string;
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
    guide: 'react',
  },
  { name: 'react-18', title: 'Calls with React 18', scripts: ['start', 'dev'] },
  { name: 'script-tag', title: 'Calls with a script tag', path: '/shop/' },
  { name: 'webpack', title: 'Calls with webpack' },
  { name: 'rollup', title: 'Calls with Rollup' },
  { name: 'parcel', title: 'Calls with Parcel', scripts: ['start', 'dev'] },
  {
    name: 'vue-vite',
    title: 'Calls with Vue',
    scripts: ['start', 'dev'],
    edited: 'src/App.vue',
    guide: 'vue',
  },
  { name: 'sveltekit', title: 'Calls with SvelteKit', navigates: true, guide: 'svelte' },
  { name: 'next', title: 'Calls with Next', navigates: true, guide: 'next' },
  { name: 'nuxt', title: 'Calls with Nuxt', navigates: true, guide: 'nuxt' },
  { name: 'astro', title: 'Calls with Astro', navigates: true, guide: 'astro' },
  { name: 'angular', title: 'Calls with Angular', guide: 'angular' },
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

/** The files of a guide, with the address of the server of the examples. */
function filesOf(guide: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  for (const { info, code } of codeBlocks(readMarkdown(`docs/guides/${guide}.md`))) {
    const [, file] = /\bfile=(\S+)/.exec(info) ?? [];
    const own = code.replaceAll('wss://calls.example.org', 'ws://localhost:8787');
    if (file !== undefined) files.set(file, own);
  }
  expect(files.size).toBeGreaterThan(0);
  return files;
}

/** The user of the page of a guide, Alice, calls Bob, who declines. */
async function ringsBob(browser: Browser, url: string, signaling: string): Promise<void> {
  const bob = createCallInvitationService({
    user: 'bob',
    transport: createServerTransport(signaling),
  });
  const page = await browser.newPage({ permissions: ['camera', 'microphone'] });
  try {
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    // The route that an application adds for tokens.
    await page.route('**/api/call-token', (route) => route.fulfill({ body: 'a-token' }));
    const becomes = (status: string) =>
      expect.poll(() => bob.$call.get().status, { timeout: minute / 2 }).toBe(status);
    await page.goto(url);
    await expect
      .poll(() =>
        page.evaluate(() =>
          document.querySelector('call-invitation-provider')?.service?.$connection.get(),
        ),
      )
      .toBe('connected');
    await page.getByRole('button', { name: /^Call Bob/ }).click();
    await becomes('incoming');
    const { inviter, callType } = bob.$call.get();
    expect([inviter?.userID, callType]).toEqual(['alice', 'video']);
    await bob.decline();
    await becomes('idle');
    expect(faults).toEqual([]);
  } finally {
    await page.context().close();
    bob.destroy();
  }
}

for (const example of examples) {
  const { name, scripts = ['start'], path, guide } = example;
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
      if (guide === undefined) return;
      await test.step(`docs/guides/${guide}.md`, async () => {
        await installed.replaceFiles(filesOf(guide));
        await ringsBob(browser, await installed.serve(), installed.signaling);
      });
    } finally {
      await installed.remove();
    }
  });
}
