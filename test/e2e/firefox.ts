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

/**
 * Firefox by WebDriver BiDi, with a fake camera and microphone without prompts. It plays sound immediately.
 * @param environment variables of its process, in addition to those of this one
 */
export function openFirefox(
  executablePath: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<Browser> {
  return puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    env: { ...process.env, ...environment },
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

/** Lets a page share a drawn picture, because a browser without windows has no screen and no picker. */
function installScreen(): void {
  navigator.mediaDevices.getDisplayMedia = () => {
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    let frame = 0;
    const draw = (): void => {
      if (!context) return;
      context.fillStyle = `hsl(${String((frame += 10))} 80% 50%)`;
      context.fillRect(0, 0, canvas.width, canvas.height);
    };
    draw();
    const stream = canvas.captureStream(5);
    const timer = setInterval(() => {
      if (stream.active) draw();
      else clearInterval(timer);
    }, 200);
    return Promise.resolve(stream);
  };
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
    await page.evaluateOnNewDocument(installScreen);
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
    // Firefox gives input events only to the page in front. `>>>` also searches in shadow roots.
    await this.page.bringToFront();
    await this.page.waitForFunction(() => document.hasFocus());
    await this.page.locator(`>>> [part~="${part}"]`).click();
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
