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
  /** Address of the signalling server; without one, the tabs of this browser. */
  signaling?: string;
  path?: string;
  /** The page is not waited for to be connected. */
  isOffline?: boolean;
  /** Runs in the page first. */
  prepare?: (() => void) | readonly (() => void)[];
  /** The browser refuses camera and microphone. */
  refuseMedia?: boolean;
  /** Opened as this host: one that is not trustworthy has no camera, locks or service worker. */
  host?: string;
  browser?: Browser;
  /** Keeps back what the server says to this page while it is held. */
  hold?: Hold;
  /** Of the page's address: see `runPage`. */
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
    (arg) => !(options.refuseMedia && arg === '--use-fake-ui-for-media-stream'),
  );
  // Pictures that are few and far between: four people send twelve streams of them. Cameras to choose from: the
  // second one yields depth alone, which no link takes.
  args.push('--use-fake-device-for-media-stream=fps=5,device-count=3');
  if (options.host) args.push(`--host-resolver-rules=MAP ${options.host} 127.0.0.1`);
  const browser = await chromium.launch({
    args,
    ...(executablePath === undefined ? {} : { executablePath }),
  });
  await browser.newContext({
    // A page that rings moves; drawn without a graphics card, that takes half a core.
    reducedMotion: 'reduce',
    // A context that grants something else refuses the rest, without a prompt.
    ...(options.refuseMedia && { permissions: ['geolocation'] }),
  });
  return browser;
}

/** One user with a page of their own, by default in a browser process of their own. */
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
    // Some compilers wrap functions in a helper of this name, also those that are handed to a page.
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

  /** A page of this one's user that something else has opened, in the same browser. */
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

  /** Each status since the page was loaded. */
  statuses(): Promise<string[]> {
    return this.page.evaluate(() => window.probe.statuses);
  }

  /** Why the calls of this page have ended so far. */
  async endings(): Promise<string[]> {
    return (await this.statuses()).flatMap((status) => /^ended: (.*)/.exec(status)?.[1] ?? []);
  }

  /** Settles at this status. An end counts also when it is over by now: it is shown for two seconds. */
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

  /** What a command of the service resolves to, or the code of the error that it rejects with. */
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

  /** The missed calls that this page knows, newest first. */
  missedCalls(): Promise<MissedCallEntry[]> {
    return this.page.evaluate(() => [
      ...document.querySelector('call-invitation-provider')!.service.$missedCalls.get(),
    ]);
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

  /** What each connection has received so far; undefined for one that is not connected. */
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

  /** Video frames decoded on all connections of the page. */
  async framesDecoded(): Promise<number> {
    return (await this.#received()).reduce((sum, one) => sum + (one?.frames ?? 0), 0);
  }

  /** Audio energy received on all connections of the page. */
  async soundHeard(): Promise<number> {
    return (await this.#received()).reduce((sum, one) => sum + (one?.sound ?? 0), 0);
  }

  /** From now on, pictures (`frames`) or sound come in on so many links, and on no others. */
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

  /** The members of the call as this page knows them. */
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

  /** Errors of the page, while it is open. */
  async errors(): Promise<string[]> {
    return this.page.isClosed() ? [] : this.page.evaluate(() => window.probe.errors);
  }

  /** Closes the tab, and a browser of their own. */
  async close(): Promise<void> {
    if (this.#ownBrowser) await this.browser.close();
    else await this.page.close();
  }

  /** Ends the browser process as a crash does: nothing in it can say or do anything more. */
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
