import type { Browser, BrowserContext, Page } from '@playwright/test';
import { browserArguments } from '../../scripts/browser.mjs';
import type { Site } from '../package/site.js';
import { launchBrowser } from '../support/browser.js';
import type { Hold } from './hold.js';
import { Notices } from './notices.js';
import { PageUser } from './page-user.js';
import { installProbe } from './probe.js';

export interface Options {
  /** URL of the signalling server; without one, the tabs of this browser are connected. */
  signaling?: string;
  path?: string;
  /** Does not wait until the page is connected. */
  isOffline?: boolean;
  /** Functions that run in the page first. */
  prepare?: (() => void) | readonly (() => void)[];
  /** Denies access to camera and microphone. */
  denyMedia?: boolean;
  /** Host of the page: one that is not trustworthy has no camera, locks or service worker. */
  host?: string;
  browser?: Browser;
  /** Context of the page. Default: the one of `browser`. */
  context?: BrowserContext;
  /** Holds messages of the server to this page. */
  hold?: Hold;
  /** More switches of the browser process, which override others. */
  args?: readonly string[];
  /** What the browser's fake picker shares: `browser` (a tab), `window`, or by default a whole screen. */
  surface?: string;
  /** What a man in the middle at the server makes of the messages to this page. */
  alter?: (message: string) => string;
  /** URL parameters of the page: see `runPage`. */
  parameters?: Readonly<Record<string, string>>;
}

/** A browser process without a context. */
export function startBrowser(options: Options = {}): Promise<Browser> {
  const args = browserArguments.filter(
    (arg) => !(options.denyMedia && arg === '--use-fake-ui-for-media-stream'),
  );
  // A low frame rate, because four users send twelve video streams. Several cameras to choose from: the second one
  // captures depth only, which cannot be sent.
  const surface = options.surface ? `,display-media-type=${options.surface}` : '';
  args.push(`--use-fake-device-for-media-stream=fps=5,device-count=3${surface}`);
  if (options.host) args.push(`--host-resolver-rules=MAP ${options.host} 127.0.0.1`);
  args.push(...(options.args ?? []));
  return launchBrowser(args);
}

/** A context for pages of one user. */
export function openContext(browser: Browser, options: Options = {}): Promise<BrowserContext> {
  return browser.newContext({
    // A ringing page is animated, which takes half a core without a GPU.
    reducedMotion: 'reduce',
    // A context that grants another permission denies the rest without a prompt.
    ...(options.denyMedia && { permissions: ['geolocation'] }),
  });
}

/** A browser process, with one context for all its pages. */
export async function openBrowser(options: Options = {}): Promise<Browser> {
  const browser = await startBrowser(options);
  await openContext(browser, options);
  return browser;
}

/** A user with a page, by default in a browser process of its own. */
export class Person extends PageUser<Page> {
  readonly context: BrowserContext;
  readonly browser: Browser;
  /** The notifications of this user in this browser. */
  readonly notices: Notices;
  readonly signaling: string;
  readonly #ownBrowser: boolean;
  readonly #console: string[] = [];

  private constructor(
    userID: string,
    page: Page,
    browser: Browser,
    { browser: given, signaling = 'local:' }: Options,
  ) {
    super(userID, page);
    this.context = page.context();
    this.browser = browser;
    this.signaling = signaling;
    this.notices = new Notices(this.context, signaling, userID);
    this.#ownBrowser = !given;
    page.on('console', (message) => this.#console.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => this.#console.push(String(error)));
  }

  static async open(site: Site, userID: string, options: Options = {}): Promise<Person> {
    const given = options.browser ?? options.context?.browser() ?? undefined;
    const browser = given ?? (await openBrowser(options));
    const context = options.context ?? browser.contexts()[0];
    if (!context) throw new Error('The browser has no context.');
    const tab = await context.newPage();
    // Some compilers wrap functions in a helper of this name, including those that are sent to a page.
    await tab.addInitScript('globalThis.__name = (value) => value;');
    await tab.addInitScript(installProbe);
    for (const prepare of [options.prepare ?? []].flat()) await tab.addInitScript(prepare);
    const { hold, alter } = options;
    if (hold || alter)
      await tab.routeWebSocket(/socket\.io/, (page) => {
        const server = page.connectToServer();
        server.onMessage((message) => {
          const delivered = alter && typeof message === 'string' ? alter(message) : message;
          const deliver = (): void => page.send(delivered);
          if (hold) hold.pass(deliver);
          else deliver();
        });
      });
    const address = new URL(site.address(options.path ?? '/'));
    if (options.host) address.hostname = options.host;
    address.searchParams.set('user', userID);
    address.searchParams.set('name', userID.toUpperCase());
    if (options.signaling) address.searchParams.set('signaling', options.signaling);
    for (const [name, value] of Object.entries(options.parameters ?? {}))
      address.searchParams.set(name, value);
    await tab.goto(address.href);
    const person = new Person(userID, tab, browser, { ...options, ...(given && { browser }) });
    if (options.path !== '/late' && !options.isOffline) await person.connected();
    return person;
  }

  /** Another page of this user in the same browser that was opened by something else. */
  at(page: Page): Person {
    const { browser, signaling } = this;
    return new Person(this.userID, page, browser, { browser, signaling });
  }

  /** Presses a button of an element by its part. */
  override async press(part: string): Promise<void> {
    await this.page.locator(`[part~="${part}"]`).first().click();
  }

  /** Errors of the page, while it is open. */
  override async errors(): Promise<string[]> {
    return this.page.isClosed() ? [] : super.errors();
  }

  /** What happened on the page, for the output of a test that failed. */
  async summary(): Promise<string> {
    const lines = [...this.#console];
    if (!this.page.isClosed()) {
      const [statuses, callbacks] = await Promise.all([this.statuses(), this.callbacks(false)]);
      lines.push(`statuses: ${statuses.join(', ')}`, `callbacks: ${callbacks.join(', ')}`);
    }
    return [`The page of ${this.userID}:`, ...lines].join('\n  ');
  }

  /** Closes the tab, and the browser if it is its own. */
  async close(): Promise<void> {
    if (this.#ownBrowser) await this.browser.close();
    else await this.page.close();
  }

  /** Ends the browser process like a crash. */
  async crash(): Promise<void> {
    const session = await this.browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const own = processInfo.find(({ type }) => type === 'browser');
    if (!own) throw new Error('The browser has no process.');
    const gone = new Promise((resolve) => this.browser.once('disconnected', resolve));
    process.kill(own.id, 'SIGKILL');
    await gone;
  }
}
