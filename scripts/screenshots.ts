/*
 * Writes a picture of every element in every state to screenshots/, for review: light and dark, on a phone and on a
 * desktop, and right-to-left.
 *
 *   npm run screenshots
 *
 *   npm run screenshots -- group minimal missed     only staged scenes whose names start with one of these
 *   SCREENSHOTS=/tmp/pictures npm run screenshots   writes to that folder
 *
 * The pictures show real calls between two pages of one browser, with the built elements. Group calls, the minimal call
 * view and missed calls are staged with fake data.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from '@playwright/test';
import { buildSync } from 'esbuild';
import { openSite } from '../test/e2e/page.js';
import { openBrowser, Person } from '../test/e2e/person.js';
import type { Site } from '../test/package/site.js';
import { scenes, stageCall } from './staged-call.js';
import { missedScenes, stageMissedCalls } from './staged-missed-calls.js';

const folder = process.env.SCREENSHOTS ?? join(import.meta.dirname, '..', 'screenshots');

interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly width: number;
  readonly height: number;
  readonly lang?: string;
}

const looks: readonly Look[] = [
  { name: 'light-desktop', colorScheme: 'light', width: 1280, height: 800 },
  { name: 'dark-desktop', colorScheme: 'dark', width: 1280, height: 800 },
  { name: 'light-phone', colorScheme: 'light', width: 390, height: 780 },
  { name: 'dark-phone', colorScheme: 'dark', width: 390, height: 780 },
  { name: 'light-narrow', colorScheme: 'light', width: 320, height: 600 },
  { name: 'rtl-phone', colorScheme: 'light', width: 390, height: 780, lang: 'ar' },
];

/** Prefixes of the names of pictures to take. Empty: all. */
const wanted = process.argv.slice(2);

const isWanted = (name: string): boolean =>
  !wanted.length || wanted.some((start) => name.startsWith(start));

async function dress(page: Page, { colorScheme, width, height, lang = 'en' }: Look): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.setViewportSize({ width, height });
  await page.evaluate((language) => {
    document.documentElement.style.colorScheme = 'light dark';
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
  }, lang);
}

async function open(site: Site, browser: Browser, userID: string, look: Look): Promise<Person> {
  const person = await Person.open(site, userID, { browser });
  await dress(person.page, look);
  await person.page.evaluate(() => {
    const button = document.createElement('start-call-button');
    button.setAttribute('callees', 'somebody');
    document.querySelector('main')?.append(button);
  });
  return person;
}

/** Takes the picture once the network is idle and all fonts are loaded. */
async function shoot(page: Page, state: string, look: Look): Promise<void> {
  await page.bringToFront();
  await page.waitForLoadState('networkidle');
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({
    path: join(folder, `${state}-${look.name}.png`),
    animations: 'disabled',
  });
  console.log(`${state}-${look.name}.png`);
}

async function take(site: Site, browser: Browser, look: Look, callType: 'voice' | 'video') {
  const alice = await open(site, browser, 'amara.kone', look);
  const bob = await open(site, browser, 'ben.ortiz', look);
  if (callType === 'voice') await shoot(alice.page, 'idle', look);
  await alice.send(['ben.ortiz'], { callType });
  await bob.is('incoming');
  await alice.is('ringing-out');
  await shoot(bob.page, `incoming-${callType}`, look);
  await shoot(alice.page, `outgoing-${callType}`, look);
  await bob.press('accept-button');
  await bob.is('active');
  await alice.is('active');
  if (callType === 'video') await bob.seesPicture();
  await shoot(bob.page, `ongoing-${callType}`, look);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await shoot(alice.page, `ended-${callType}`, look);
  await alice.close();
  await bob.close();
}

/** Elements that are registered only by a provider, and their classes. */
const ownElements = {
  'notification-offer': 'NotificationOffer',
  'minimal-call-view': 'MinimalCallView',
} as const;
const isOwn = (tag: string): tag is keyof typeof ownElements => tag in ownElements;

/** Adds the pages for staged scenes: one with all of ringkit, and one for each element of {@link ownElements}. */
function putStages(site: Site): void {
  const put = (path: string, script: string): void =>
    site.put(
      path,
      `<!doctype html><title>Stage</title><script type="module" src="${script}"></script><body><p>A page</p>`,
    );
  put('/stage', '/somewhere/else/ringkit.js');
  for (const [tag, element] of Object.entries(ownElements)) {
    const contents = `import { ${element} } from './${tag}.js'; customElements.define('${tag}', ${element});`;
    const resolveDir = join(import.meta.dirname, '../src/components', tag);
    const { outputFiles } = buildSync({
      ...{ bundle: true, format: 'esm', target: 'es2022', write: false },
      stdin: { contents, resolveDir, loader: 'ts' },
    });
    site.put(`/${tag}.js`, outputFiles[0]?.text ?? '');
    put(`/stage/${tag}`, `/${tag}.js`);
  }
}

/** Opens a page for staged scenes of this element. */
async function openStage(site: Site, browser: Browser, look: Look, tag: string): Promise<Page> {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`${tag}: ${String(error.stack)}`));
  // Compilers may wrap functions in a helper with this name, including functions that run in the page.
  await page.addInitScript('globalThis.__name = (value) => value;');
  await page.goto(site.address(isOwn(tag) ? `/stage/${tag}` : '/stage'));
  await dress(page, look);
  return page;
}

/** Takes the staged scenes of calls: in the layer of the provider, or for `light-desktop` filling the page. */
async function takeCalls(site: Site, browser: Browser, look: Look): Promise<void> {
  for (const scene of scenes.filter(({ name }) => isWanted(name))) {
    const page = await openStage(site, browser, look, scene.tag ?? 'ongoing-call-view');
    const opened = scene.smallWindow ? page.context().waitForEvent('page') : undefined;
    await stageCall(page, scene, look.name !== 'light-desktop');
    if (opened) {
      const small = await opened;
      await small.setViewportSize({ width: look.name === 'light-narrow' ? 240 : 340, height: 280 });
      await small.locator('.window').waitFor();
      await shoot(small, scene.name, look);
      await small.close();
    } else await shoot(page, scene.name, look);
    await page.close();
  }
}

async function takeMissedCalls(site: Site, browser: Browser, look: Look): Promise<void> {
  for (const scene of missedScenes.filter(({ name }) => isWanted(name))) {
    const page = await openStage(site, browser, look, scene.tag);
    await stageMissedCalls(page, scene);
    await shoot(page, scene.name, look);
    await page.close();
  }
}

const built = spawnSync(process.execPath, [join(import.meta.dirname, 'build.mjs')], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
mkdirSync(folder, { recursive: true });
const site = await openSite();
const browser = await openBrowser();
putStages(site);
try {
  for (const look of looks) {
    await takeCalls(site, browser, look);
    await takeMissedCalls(site, browser, look);
  }
  if (!wanted.length) {
    for (const look of looks)
      for (const callType of ['voice', 'video'] as const) await take(site, browser, look, callType);
  }
} finally {
  await browser.close();
  site.close();
}
