import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import type Axe from 'axe-core';
import type { Browser, Page } from '@playwright/test';
import { root } from '../../scripts/dependencies.mjs';
import { launchBrowser } from '../support/browser.js';
import { StaticSite } from './static-site.js';

/**
 * The documentation site, as `npm run docs:build` writes it, in a folder of this test. VitePress fails on links to pages that do
 * not exist.
 */

const dist = mkdtempSync(join(tmpdir(), 'ringkit-site-'));
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Pages of each kind: start, guide, reference with wide tables, generated, with a frame, list of links. */
const checkedPages = [
  '/',
  '/quick-start',
  '/service',
  '/elements',
  '/guides/theming',
  '/guides/troubleshooting',
  '/playground',
  '/changelog',
  '/decisions/',
  '/reference/call-invitation-provider',
];

const pages = (): string[] =>
  readdirSync(dist, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.html') && !/^(404|try[\\/])/.test(file))
    .map((file) => file.replaceAll('\\', '/'));

const idsOf = (html: string): Set<string> =>
  new Set([...html.matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));

describe('the documentation site', () => {
  let site: StaticSite;
  let browser: Browser;

  before(async () => {
    const vitepress = join(root, 'node_modules/vitepress/bin/vitepress.js');
    const built = spawnSync(process.execPath, [vitepress, 'build', 'docs', '--outDir', dist], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(built.status, 0, `${built.stdout}${built.stderr}`);
    site = await StaticSite.open(dist);
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
    site.close();
    rmSync(dist, { recursive: true });
  });

  it('has no links to headings, pages or files that do not exist', () => {
    assert.ok(pages().length > 30, `${pages().length} pages`);
    const dead = pages().flatMap((page) => {
      const html = readFileSync(join(dist, page), 'utf8');
      const links = [...html.matchAll(/ href="([^"]+)"/g)].map(([, href = '']) => href);
      return links.filter((href) => isDead(href, page, html)).map((href) => `${page}: ${href}`);
    });
    assert.deepEqual(dead, []);
  });

  function isDead(href: string, page: string, html: string): boolean {
    if (/^[a-z]+:/.test(href)) return false;
    const [path = '', id] = href.replaceAll('&amp;', '&').split('#');
    const file = path === '' ? join(dist, page) : site.fileOf(posix.join('/', dirname(page), path));
    const absolute = path.startsWith('/') ? site.fileOf(path.replace(/\?.*/, '')) : file;
    if (absolute === undefined) return true;
    if (id === undefined || id === '' || !absolute.endsWith('.html')) return false;
    const target = path === '' ? html : readFileSync(absolute, 'utf8');
    return !idsOf(target).has(decodeURIComponent(id));
  }

  it('loads nothing from elsewhere, and less than 250 kB for a page of text', async () => {
    const page = await browser.newPage();
    let bytes = 0;
    const foreign: string[] = [];
    page.on('response', (response) => {
      const { origin, pathname } = new URL(response.url());
      const file = origin === site.url ? site.fileOf(decodeURI(pathname)) : undefined;
      if (file === undefined) foreign.push(response.url());
      else bytes += gzipSync(readFileSync(file)).length;
    });
    await page.goto(`${site.url}/guides/troubleshooting`, { waitUntil: 'networkidle' });
    await page.close();
    assert.deepEqual(foreign, []);
    assert.ok(bytes > 20_000 && bytes < 250_000, `${bytes} bytes`);
  });

  it('finds a page by a word of its text', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.url}/quick-start`);
    await page.getByRole('button', { name: 'Search' }).first().click();
    await page.getByRole('searchbox').fill('coturn');
    await page.getByRole('option').first().waitFor();
    assert.match((await page.getByRole('option').allTextContents()).join(' '), /TURN|Deployment/);
    await page.close();
  });

  it('has a start page on which two phones call each other', async () => {
    const page = await browser.newPage({ reducedMotion: 'reduce' });
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(String(error)));
    await page.goto(site.url);
    const alice = page.frameLocator('#phone-alice');
    const bob = page.frameLocator('#phone-bob');
    await alice.getByRole('button', { name: 'Video call Bob' }).click();
    await bob.getByRole('button', { name: 'Accept', exact: true }).click();
    await alice.getByRole('button', { name: 'Hang up' }).click();
    await bob.getByRole('button', { name: 'Video call Alice' }).waitFor();
    await page.close();
    assert.deepEqual(faults, []);
  });

  for (const width of [1440, 390]) {
    it(`is accessible in light and dark mode, and fits a window of ${width} px`, async () => {
      const found: string[] = [];
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        viewport: { width, height: 844 },
      });
      for (const path of checkedPages) {
        const page = await context.newPage();
        await page.goto(site.url + path, { waitUntil: 'networkidle' });
        await page.addScriptTag({ path: axe });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await page.waitForFunction(
            (isDark) => document.documentElement.classList.contains('dark') === isDark,
            colorScheme === 'dark',
          );
          found.push(...(await faultsOf(page)).map((fault) => `${path}, ${colorScheme}: ${fault}`));
        }
        await page.close();
      }
      await context.close();
      assert.deepEqual(found, []);
    });
  }
});

/** Violations of WCAG 2 A and AA in this page, which has loaded axe, and whether it is wider than its window. */
async function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { axe } = window as unknown as { axe: typeof Axe };
    const { violations } = await axe.run(document, {
      iframes: false,
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'],
      // The search button of VitePress shows its keyboard shortcut beside its name.
      rules: { 'label-content-name-mismatch': { enabled: false } },
    });
    const found = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${id}: ${target.join(' ')}`),
    );
    const excess = document.documentElement.scrollWidth - window.innerWidth;
    return excess > 0 ? [...found, `${excess} px too wide`] : found;
  });
}
