import { existsSync } from 'node:fs';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import type { Site } from '../package/site.js';
import { installProbe } from './probe.js';
import { PageUser } from './page-user.js';

/** Where Firefox is usually installed. */
const PLACES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/snap/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Path of an installed Firefox: `FIREFOX_PATH`, or one in a usual place; undefined if there is none. */
export const findFirefox = (): string | undefined =>
  [process.env['FIREFOX_PATH'] ?? '', ...PLACES].find((path) => path !== '' && existsSync(path));

/** Firefox by WebDriver BiDi, with a fake camera and microphone without prompts. It plays sound immediately. */
export function openFirefox(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    extraPrefsFirefox: {
      'media.navigator.streams.fake': true,
      'media.navigator.permission.disabled': true,
      'media.autoplay.default': 0,
      // Lets two pages connect on a machine without a network, and without mDNS.
      'media.peerconnection.ice.loopback': true,
      'media.peerconnection.ice.obfuscate_host_addresses': false,
      // Animations of a ringing page take CPU time from the media.
      'ui.prefersReducedMotion': 1,
    },
  });
}

/** A user with a page in Firefox. */
export class FirefoxUser extends PageUser<Page> {
  static async open(
    site: Site,
    browser: Browser,
    userID: string,
    signaling: string,
  ): Promise<FirefoxUser> {
    const page = await browser.newPage();
    await page.evaluateOnNewDocument('globalThis.__name = (value) => value;');
    await page.evaluateOnNewDocument(installProbe);
    const address = new URL(site.address('/'));
    address.search = new URLSearchParams({
      user: userID,
      name: userID.toUpperCase(),
      signaling,
    }).toString();
    await page.goto(address.href);
    const user = new FirefoxUser(userID, page);
    await user.connected();
    return user;
  }

  override async press(part: string): Promise<void> {
    // `>>>` also searches in shadow roots.
    await this.page.locator(`>>> [part~="${part}"]`).click();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
