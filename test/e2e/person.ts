import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { browserArguments, findBrowser } from '../../scripts/browser.mjs';
import type { MissedCallEntry } from '../../src/core/ports/missed-calls.js';
import type { CallConfig } from '../../src/core/service/types.js';
import type { Site } from '../package/site.js';
import { expect } from './expect.js';
import type { Hold } from './hold.js';
import { Notices } from './notices.js';
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
  /** Holds messages of the server to this page. */
  hold?: Hold;
  /** URL parameters of the page: see `runPage`. */
  parameters?: Readonly<Record<string, string>>;
}

type Command =
  | ('accept' | 'decline' | 'cancel' | 'hangUp' | 'cancelInvitee' | 'invite' | 'join' | 'send')
  | ('clickMissedCall' | 'dialBack' | 'dismissMissedCall' | 'dismissMissedCalls')
  | ('enablePush' | 'disablePush');

/** A browser process, with one context for all its pages. */
export async function openBrowser(options: Options = {}): Promise<Browser> {
  const executablePath = await findBrowser();
  const args = browserArguments.filter(
    (arg) => !(options.denyMedia && arg === '--use-fake-ui-for-media-stream'),
  );
  // A low frame rate, because four users send twelve video streams. Several cameras to choose from: the second one
  // captures depth only, which cannot be sent.
  args.push('--use-fake-device-for-media-stream=fps=5,device-count=3');
  if (options.host) args.push(`--host-resolver-rules=MAP ${options.host} 127.0.0.1`);
  const browser = await chromium.launch({
    args,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  await browser.newContext({
    // A ringing page is animated, which takes half a core without a GPU.
    reducedMotion: 'reduce',
    // A context that grants another permission denies the rest without a prompt.
    ...(options.denyMedia && { permissions: ['geolocation'] }),
  });
  return browser;
}

/** A user with a page, by default in a separate browser process. */
export class Person {
  readonly userID: string;
  readonly page: Page;
  readonly context: BrowserContext;
  readonly browser: Browser;
  /** The notifications of this user in this browser. */
  readonly notices: Notices;
  readonly signaling: string;
  readonly #ownBrowser: boolean;

  private constructor(
    userID: string,
    page: Page,
    browser: Browser,
    { browser: given, signaling = 'local:' }: Options,
  ) {
    this.userID = userID;
    this.page = page;
    this.context = page.context();
    this.browser = browser;
    this.signaling = signaling;
    this.notices = new Notices(this.context, signaling, userID);
    this.#ownBrowser = !given;
  }

  static async open(site: Site, userID: string, options: Options = {}): Promise<Person> {
    const browser = options.browser ?? (await openBrowser(options));
    const [context] = browser.contexts();
    if (!context) throw new Error('The browser has no context.');
    const tab = await context.newPage();
    // Some compilers wrap functions in a helper of this name, including those that are sent to a page.
    await tab.addInitScript('globalThis.__name = (value) => value;');
    await tab.addInitScript(installProbe);
    for (const prepare of [options.prepare ?? []].flat()) await tab.addInitScript(prepare);
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
    for (const [name, value] of Object.entries(options.parameters ?? {}))
      address.searchParams.set(name, value);
    await tab.goto(address.href);
    const person = new Person(userID, tab, browser, options);
    if (options.path !== '/late' && !options.isOffline) await person.connected();
    return person;
  }

  /** Another page of this user in the same browser that was opened by something else. */
  at(page: Page): Person {
    const { browser, signaling } = this;
    return new Person(this.userID, page, browser, { browser, signaling });
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

  /** All statuses since the page was loaded. */
  statuses(): Promise<string[]> {
    return this.page.evaluate(() => window.probe.statuses);
  }

  /** End reasons of the calls of this page so far. */
  async endings(): Promise<string[]> {
    return (await this.statuses()).flatMap((status) => /^ended: (.*)/.exec(status)?.[1] ?? []);
  }

  /** Resolves at this status. For an end, past statuses count, too: it is shown for only two seconds. */
  async is(status: string, timeout = 20_000): Promise<void> {
    const latest = status.startsWith('ended')
      ? async () => `ended: ${(await this.endings()).at(-1) ?? 'not yet'}`
      : () => this.status();
    await expect.poll(latest, { timeout, message: this.userID }).toBe(status);
  }

  async configure(config: CallConfig): Promise<void> {
    await this.page.evaluate((value) => {
      document.querySelector('call-invitation-provider')!.config = value;
    }, config);
  }

  /** The result of a command of the service, or the code of the error with which it rejects. */
  ask(command: Command, argument?: unknown): Promise<unknown> {
    return this.page.evaluate(
      async ([name, value]) => {
        const { service } = document.querySelector('call-invitation-provider')!;
        try {
          return await (service[name] as (value: unknown) => Promise<unknown>).call(service, value);
        } catch (error) {
          return (error as { code: unknown }).code;
        }
      },
      [command, argument] as const,
    );
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

  /** The missed calls of this page, newest first. */
  missedCalls(): Promise<MissedCallEntry[]> {
    return this.page.evaluate(() => [
      ...document.querySelector('call-invitation-provider')!.service.$missedCalls.get(),
    ]);
  }

  /** Presses a button of an element by its part. */
  async press(part: string): Promise<void> {
    await this.page.locator(`[part~="${part}"]`).first().click();
  }

  /** Names of the callbacks so far; with `plain`, without state changes of members. */
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

  /** Member states of other users in callbacks. */
  async statesOfOthers(): Promise<string[]> {
    const lists = (await this.argumentsOf('onInvitationUserStateChanged')) as [
      { userID: string; state: string }[],
    ][];
    return lists.flatMap(([users]) => users.map(({ userID, state }) => `${userID} ${state}`));
  }

  /** Received media of each connection so far; undefined for one that is not connected. */
  #received(): Promise<({ frames: number; sound: number } | undefined)[]> {
    return this.page.evaluate(() =>
      Promise.all(
        window.probe.connections.map(async (connection) => {
          if (connection.connectionState !== 'connected') return undefined;
          const total = { frames: 0, sound: 0 };
          for (const report of (await connection.getStats()).values() as Iterable<{
            type: string;
            framesDecoded?: number;
            totalAudioEnergy?: number;
          }>) {
            if (report.type !== 'inbound-rtp') continue;
            total.frames += report.framesDecoded ?? 0;
            total.sound += report.totalAudioEnergy ?? 0;
          }
          return total;
        }),
      ),
    );
  }

  /** Decoded video frames on all connections of the page. */
  async framesDecoded(): Promise<number> {
    return (await this.#received()).reduce((sum, one) => sum + (one?.frames ?? 0), 0);
  }

  /** Received audio energy on all connections of the page. */
  async soundReceived(): Promise<number> {
    return (await this.#received()).reduce((sum, one) => sum + (one?.sound ?? 0), 0);
  }

  /** Waits until video frames (`frames`) or sound arrives on exactly this number of links. */
  async receives(what: 'frames' | 'sound', links: number): Promise<void> {
    const before = await this.#received();
    const enough = what === 'frames' ? 5 : 0;
    const flowing = async (): Promise<number> =>
      (await this.#received()).filter(
        (now, index) => now && now[what] > (before[index]?.[what] ?? 0) + enough,
      ).length;
    await expect
      .poll(flowing, { timeout: 60_000, message: `links with ${what} at ${this.userID}` })
      .toBe(links);
  }

  /** The members of the call on this page. */
  members(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { members } = document.querySelector('call-invitation-provider')!.service.$call.get();
      return members.map(({ userID, state }) => `${userID} ${state}`).sort();
    });
  }

  async seesPicture(): Promise<void> {
    const before = await this.framesDecoded();
    await expect
      .poll(() => this.framesDecoded(), { timeout: 20_000, message: `frames at ${this.userID}` })
      .toBeGreaterThan(before + 5);
  }

  /** Resources that must be 0 after every end. */
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

  /** Errors of the page, while it is open. */
  async errors(): Promise<string[]> {
    return this.page.isClosed() ? [] : this.page.evaluate(() => window.probe.errors);
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
