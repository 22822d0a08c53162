/*
 * Writes a picture of every element in every state, in light and dark, for a phone and for a desktop, and from right to
 * left: into screenshots/, to be looked at.
 *
 *   npm run screenshots
 *
 * The pictures are of real calls between two pages of one browser, with the built kit.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from '@playwright/test';
import { openBrowser, openSite, Person } from '../test/e2e/person.js';
import type { Site } from '../test/package/site.js';

const folder = join(import.meta.dirname, '..', 'screenshots');

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

async function open(site: Site, browser: Browser, userID: string, look: Look): Promise<Person> {
  const person = await Person.open(site, userID, { browser });
  const { colorScheme, width, height, lang = 'en' } = look;
  await person.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await person.page.setViewportSize({ width, height });
  await person.page.evaluate((language) => {
    document.documentElement.style.colorScheme = 'light dark';
    document.documentElement.lang = language;
    document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr';
    const button = document.createElement('start-call-button');
    button.setAttribute('callees', 'somebody');
    document.querySelector('main')?.append(button);
  }, lang);
  return person;
}

/** Takes the picture once nothing moves any more and all words are there. */
async function shoot(person: Person, state: string, look: Look): Promise<void> {
  await person.page.bringToFront();
  await person.page.waitForLoadState('networkidle');
  await person.page.evaluate(() => document.fonts.ready);
  await person.page.screenshot({
    path: join(folder, `${state}-${look.name}.png`),
    animations: 'disabled',
  });
  console.log(`${state}-${look.name}.png`);
}

async function take(site: Site, browser: Browser, look: Look, callType: 'voice' | 'video') {
  const alice = await open(site, browser, 'amara.kone', look);
  const bob = await open(site, browser, 'ben.ortiz', look);
  if (callType === 'voice') await shoot(alice, 'idle', look);
  await alice.send(['ben.ortiz'], { callType });
  await bob.is('incoming');
  await alice.is('ringing-out');
  await shoot(bob, `incoming-${callType}`, look);
  await shoot(alice, `outgoing-${callType}`, look);
  await bob.press('accept-button');
  await bob.is('active');
  await alice.is('active');
  if (callType === 'video') await bob.seesPicture();
  await shoot(bob, `ongoing-${callType}`, look);
  await bob.press('hang-up-button');
  await alice.is('ended: hung-up');
  await shoot(alice, `ended-${callType}`, look);
  await alice.close();
  await bob.close();
}

const built = spawnSync(process.execPath, [join(import.meta.dirname, 'build.mjs')], {
  stdio: 'inherit',
});
if (built.status !== 0) process.exit(1);
mkdirSync(folder, { recursive: true });
const site = await openSite();
const browser = await openBrowser();
try {
  for (const look of looks)
    for (const callType of ['voice', 'video'] as const) await take(site, browser, look, callType);
} finally {
  await browser.close();
  site.close();
}
