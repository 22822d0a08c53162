import { chromium, expect, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { browserArguments, findBrowser } from '../../scripts/browser.mjs';
import { Site } from '../package/site.js';
import { runPage } from './page.js';
import { installProbe } from './probe.js';

const page = (script: string): string => `<!doctype html><html lang="en"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="/page.js"></script>${script}<body><main><h1>A page</h1><label>Notes <input id="notes"></label></main>`;

/** A site whose pages hold one provider each, under the strictest policy: the built kit and nothing else. */
export async function openSite(): Promise<Site> {
  const site = new Site("'self' ws://127.0.0.1:*");
  site.put('/page.js', `(${runPage.toString()})();`);
  site.put('/', page('<script type="module" src="/somewhere/else/ringkit.js"></script>'));
  site.put(
    '/twice',
    page(
      '<script type="module" src="/somewhere/else/ringkit.js"></script><script src="/somewhere/else/ringkit.global.js" defer></script>',
    ),
  );
  site.put('/late', page(''));
  await site.open();
  return site;
}

export interface Options {
  /** Address of the signalling server; without one, the tabs of this browser. */
  signaling?: string;
  path?: string;
  /** Runs in the page first. */
  prepare?: () => void;
  /** The browser refuses camera and microphone. */
  refuseMedia?: boolean;
  /** Opened as this host: one that is not trustworthy has no camera, locks or service worker. */
  host?: string;
  browser?: Browser;
  /** Keeps back what the server says to this page while it is held. */
  hold?: Hold;
}

/** A wire that can be stopped: what comes meanwhile is delivered, in its order, at the release. */
export class Hold {
  #waiting: (() => void)[] | undefined;

  hold(): void {
    this.#waiting = [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const deliver of waiting) deliver();
  }

  pass(deliver: () => void): void {
    if (this.#waiting) this.#waiting.push(deliver);
    else deliver();
  }
}

/** A browser process. */
export async function openBrowser(options: Options = {}): Promise<Browser> {
  const executablePath = await findBrowser();
  const args = browserArguments.filter(
    (arg) => !(options.refuseMedia && arg === '--use-fake-ui-for-media-stream'),
  );
  if (options.host) args.push(`--host-resolver-rules=MAP ${options.host} 127.0.0.1`);
  return chromium.launch({ args, ...(executablePath === undefined ? {} : { executablePath }) });
}

/** One user with a page of their own, by default in a browser process of their own. */
export class Person {
  readonly userID: string;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly browser: Browser;
  readonly #ownBrowser: boolean;

  private constructor(userID: string, page: Page, browser: Browser, ownBrowser: boolean) {
    this.userID = userID;
    this.page = page;
    this.context = page.context();
    this.browser = browser;
    this.#ownBrowser = ownBrowser;
  }

  static async open(site: Site, userID: string, options: Options = {}): Promise<Person> {
    const browser = options.browser ?? (await openBrowser(options));
    // A context that grants something else refuses the rest, without a prompt.
    const context =
      options.browser?.contexts()[0] ??
      (await browser.newContext(options.refuseMedia ? { permissions: ['geolocation'] } : {}));
    const tab = await context.newPage();
    // Some compilers wrap functions in a helper of this name, also those that are handed to a page.
    await tab.addInitScript('globalThis.__name = (value) => value;');
    await tab.addInitScript(installProbe);
    if (options.prepare) await tab.addInitScript(options.prepare);
    const { hold } = options;
    if (hold)
      await tab.routeWebSocket(/socket\.io/, (page) => {
        const server = page.connectToServer();
        server.onMessage((message) => hold.pass(() => page.send(message)));
      });
    const address = new URL(site.address(options.path ?? '/'));
    if (options.host) address.hostname = options.host;
    address.searchParams.set('user', userID);
    address.searchParams.set('name', userID.toUpperCase());
    if (options.signaling) address.searchParams.set('signaling', options.signaling);
    await tab.goto(address.href);
    const person = new Person(userID, tab, browser, options.browser === undefined);
    if (options.path !== '/late') await person.connected();
    return person;
  }

  async connected(): Promise<void> {
    await expect.poll(() => this.connection()).toBe('connected');
  }

  connection(): Promise<string> {
    return this.page.evaluate(
      () => document.querySelector('call-invitation-provider')?.service.$connection.get() ?? '',
    );
  }

  /** The status of the call, and why it ended: `ended: declined`. */
  status(): Promise<string> {
    return this.page.evaluate(() => {
      const call = document.querySelector('call-invitation-provider')?.service.$call.get();
      return call?.endReason ? `${call.status}: ${call.endReason}` : (call?.status ?? '');
    });
  }

  /** Every status since the page was opened, from `watch()` on. */
  async watch(): Promise<void> {
    await this.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { statuses: seen });
      document.querySelector('call-invitation-provider')?.service.$call.subscribe((call) => {
        const text = call.endReason ? `${call.status}: ${call.endReason}` : call.status;
        if (seen.at(-1) !== text) seen.push(text);
      });
    });
  }

  statuses(): Promise<string[]> {
    return this.page.evaluate(() => (window as unknown as { statuses: string[] }).statuses);
  }

  async is(status: string, timeout = 15_000): Promise<void> {
    await expect.poll(() => this.status(), { timeout, message: this.userID }).toBe(status);
  }

  send(
    invitees: string[],
    options: { callType?: 'voice' | 'video'; customData?: string; timeoutSeconds?: number } = {},
  ): Promise<{ callID: string; unreachable: readonly { userID: string }[] }> {
    return this.page.evaluate(
      ([to, more]) =>
        (
          document.querySelector(
            'call-invitation-provider',
          ) as HTMLElementTagNameMap['call-invitation-provider']
        ).service.send({ invitees: to, callType: 'video', ...more }),
      [invitees, options] as const,
    );
  }

  /** Presses a button of the kit by its part. */
  async press(part: string): Promise<void> {
    await this.page.locator(`[part~="${part}"]`).first().click();
  }

  /** Names of the callbacks so far; with `plain`, without the state changes of members. */
  async callbacks(plain = true): Promise<string[]> {
    const log = await this.log();
    const names = log.map(({ name }) => name);
    return plain ? names.filter((name) => name !== 'onInvitationUserStateChanged') : names;
  }

  log(): Promise<{ name: string; args: unknown[]; connections?: number }[]> {
    return this.page.evaluate(() => window.probe.log);
  }

  async argumentsOf(name: string): Promise<unknown[][]> {
    return (await this.log()).filter((entry) => entry.name === name).map(({ args }) => args);
  }

  /** States that this user heard of others. */
  async heardStates(): Promise<string[]> {
    const lists = (await this.argumentsOf('onInvitationUserStateChanged')) as [
      { userID: string; state: string }[],
    ][];
    return lists.flatMap(([users]) => users.map(({ userID, state }) => `${userID} ${state}`));
  }

  /** Video frames decoded on all connections of the page. */
  framesDecoded(): Promise<number> {
    return this.page.evaluate(async () => {
      let frames = 0;
      for (const connection of window.probe.connections) {
        if (connection.connectionState === 'closed') continue;
        for (const report of (await connection.getStats()).values() as Iterable<{
          type: string;
          framesDecoded?: number;
        }>)
          if (report.type === 'inbound-rtp') frames += report.framesDecoded ?? 0;
      }
      return frames;
    });
  }

  /** Audio energy received on all connections of the page. */
  soundHeard(): Promise<number> {
    return this.page.evaluate(async () => {
      let energy = 0;
      for (const connection of window.probe.connections) {
        if (connection.connectionState === 'closed') continue;
        for (const report of (await connection.getStats()).values() as Iterable<{
          type: string;
          totalAudioEnergy?: number;
        }>)
          if (report.type === 'inbound-rtp') energy += report.totalAudioEnergy ?? 0;
      }
      return energy;
    });
  }

  async seesPicture(): Promise<void> {
    const before = await this.framesDecoded();
    await expect
      .poll(() => this.framesDecoded(), { timeout: 20_000, message: `frames at ${this.userID}` })
      .toBeGreaterThan(before + 5);
  }

  /** What must be nothing after every end. */
  inUse(): Promise<{ tracks: number; connections: number; audio: number }> {
    return this.page.evaluate(() => ({
      tracks: window.probe.tracks.filter(({ readyState }) => readyState === 'live').length,
      connections: window.probe.connections.filter(
        ({ signalingState }) => signalingState !== 'closed',
      ).length,
      audio: window.probe.audio.filter(({ state }) => state === 'running').length,
    }));
  }

  async releasesEverything(): Promise<void> {
    await expect
      .poll(() => this.inUse(), { timeout: 1_500, message: `what ${this.userID} still uses` })
      .toEqual({ tracks: 0, connections: 0, audio: 0 });
  }

  errors(): Promise<string[]> {
    return this.page.evaluate(() => window.probe.errors);
  }

  /** Ends the browser as a crash would, or closes the tab of a shared one. */
  async close(): Promise<void> {
    if (this.#ownBrowser) await this.browser.close();
    else await this.page.close();
  }
}
