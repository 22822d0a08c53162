import type { MissedCallEntry } from '../../src/core/ports/missed-calls.js';
import type { CallConfig } from '../../src/core/service/call-config.js';
import { expect } from './expect.js';

type Command =
  | ('accept' | 'decline' | 'cancel' | 'hangUp' | 'cancelInvitee' | 'invite' | 'join' | 'send')
  | ('clickMissedCall' | 'dialBack' | 'dismissMissedCall' | 'dismissMissedCalls')
  | ('enablePush' | 'disablePush');

/** Received media of a connection so far. */
interface Received {
  readonly frames: number;
  /** Energy of the sound. */
  readonly sound: number;
  /** Seconds of sound, with silence. */
  readonly seconds: number;
}

/** Mean power of sound that nobody hears: 60 dB below the loudest one. */
const SILENT_POWER = 1e-6;

/** A page of any browser, as Playwright and Puppeteer both have it. */
export interface ScriptedPage {
  /** Runs a function in the page. Its argument and result are copied; it must not refer to anything outside of it. */
  evaluate<Result>(run: () => Result | Promise<Result>): Promise<Result>;
  evaluate<Result, Argument>(
    run: (argument: Argument) => Result | Promise<Result>,
    argument: Argument,
  ): Promise<Result>;
}

/** A user with a page whose provider is recorded by `installProbe`, in any browser. */
export abstract class PageUser<P extends ScriptedPage = ScriptedPage> {
  readonly userID: string;
  readonly page: P;

  constructor(userID: string, page: P) {
    this.userID = userID;
    this.page = page;
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
  async is(status: string, timeout = 60_000): Promise<void> {
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
  abstract press(part: string): Promise<void>;

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
  #received(): Promise<(Received | undefined)[]> {
    return this.page.evaluate(() =>
      Promise.all(
        window.probe.connections.map(async (connection) => {
          if (connection.connectionState !== 'connected') return undefined;
          const total = { frames: 0, sound: 0, seconds: 0 };
          // Firefox never settles `getStats()` of a connection that is closed meanwhile.
          const reports = await new Promise<RTCStatsReport | undefined>((resolve, reject) => {
            connection.addEventListener('probe-close', () => resolve(undefined), { once: true });
            connection.getStats().then(resolve, reject);
          });
          if (!reports) return undefined;
          for (const report of reports.values() as Iterable<{
            type: string;
            framesDecoded?: number;
            totalAudioEnergy?: number;
            totalSamplesDuration?: number;
          }>) {
            if (report.type !== 'inbound-rtp') continue;
            total.frames += report.framesDecoded ?? 0;
            total.sound += report.totalAudioEnergy ?? 0;
            total.seconds += report.totalSamplesDuration ?? 0;
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

  /** Waits for a second in which neither a video frame (`frames`) nor sound comes of any link. */
  async receivesNo(what: 'frames' | 'sound'): Promise<void> {
    const total = async () => {
      const all = (await this.#received()).filter((one) => one !== undefined);
      const sum = (of: keyof Received): number => all.reduce((value, one) => value + one[of], 0);
      const at = await this.page.evaluate(() => performance.now());
      return { at, frames: sum('frames'), sound: sum('sound'), seconds: sum('seconds') };
    };
    const during = async (): Promise<number> => {
      const before = await total();
      let now = before;
      const passed = async (): Promise<number> => {
        now = await total();
        return now.at - before.at;
      };
      await expect.poll(passed).toBeGreaterThanOrEqual(1_000);
      if (what === 'frames') return now.frames - before.frames;
      // Of a link without any packets, no sound is played. Codecs may add a noise that nobody hears.
      const power = (now.sound - before.sound) / Math.max(1, now.seconds - before.seconds);
      return power < SILENT_POWER ? 0 : power;
    };
    await expect.poll(during, { timeout: 60_000, message: `${what} at ${this.userID}` }).toBe(0);
  }

  /** Waits until video frames (`frames`) or sound arrives on exactly this number of links. For none, see `receivesNo`. */
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

  /** Other members whose microphone is shown as muted. */
  mutedMembers(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { members } = document.querySelector('call-invitation-provider')!.service.$call.get();
      return members.filter((one) => !one.self && !one.microphone).map(({ userID }) => userID);
    });
  }

  /** Other members whose screen is shown. */
  screensShown(): Promise<string[]> {
    return this.page.evaluate(() => {
      const shown = document.querySelector('call-invitation-provider')!.service.$remoteMedia.get();
      return [...shown].flatMap(([userID, { screen }]) => (screen ? [userID] : []));
    });
  }

  async seesPicture(): Promise<void> {
    const before = await this.framesDecoded();
    await expect
      .poll(() => this.framesDecoded(), { timeout: 60_000, message: `frames at ${this.userID}` })
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
      .poll(() => this.inUse(), { message: `what ${this.userID} still uses` })
      .toEqual({ tracks: 0, connections: 0, audio: 0 });
  }

  /** Errors of the page. */
  errors(): Promise<string[]> {
    return this.page.evaluate(() => window.probe.errors);
  }
}
