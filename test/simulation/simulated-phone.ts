import type { SavedCall } from '../../src/core/machine/types.js';
import type { BrowserModel } from './browser.js';
import type { PageEnvironment } from './device.js';
import { Page } from './device.js';
import { random, seedOf } from './random.js';
import type { Phone, Schedule } from './schedule.js';
import { nameOf } from './server-model.js';

/** A phone of a user: the page that is loaded on it, and its connection. */
export class SimulatedPhone {
  readonly name: string;
  readonly user: string;
  page: Page;
  readonly #environment: PageEnvironment;
  readonly #browser: BrowserModel;
  readonly #schedule: Schedule;
  #loads = 0;

  constructor(around: PageEnvironment, browser: BrowserModel, schedule: Schedule, phone: Phone) {
    this.name = phone.name;
    this.user = phone.user;
    this.#environment = around;
    this.#browser = browser;
    this.#schedule = schedule;
    this.page = this.load();
  }

  /** Loads the page. After a reload, it resumes its call, or names the device that it replaces. */
  load(replaces?: string, saved?: SavedCall): Page {
    const loads = ++this.#loads;
    const deviceID = loads === 1 ? this.name : `${this.name}.${loads}`;
    const clock = random(seedOf('clock', this.#schedule.networkSeed, deviceID));
    const epoch = 1_600_000_000_000 + Math.floor(clock() * 200_000_000_000);
    const self = {
      userID: this.user,
      userName: nameOf(this.user),
      deviceID,
      media: this.#schedule.media,
      canTakeCalls: true,
      ...(replaces === undefined || saved ? {} : { replaces }),
    };
    this.page = new Page(this.#environment, this.#browser, self, epoch);
    if (this.#schedule.callWaiting) this.page.feed({ type: 'config.call-waiting', on: true });
    if (saved) this.#environment.simulatedUsers.resume(this.page, saved);
    this.connect(this.page);
    return this.page;
  }

  connect(page: Page): void {
    const { loop, network, server } = this.#environment;
    const attempt = () => {
      if (!page.alive || page.connection?.open) return;
      if (!server.up) return loop.after(300 + network.draw() * 700, attempt);
      server.connected(network.connect(page));
      loop.note(() => `${page.device} connected`);
      page.feed({ type: 'transport.online' });
    };
    loop.after(50 + network.draw() * 250, attempt);
  }

  /** Breaks the connection immediately. The page notices after `noticeMs`, and reconnects after another `backMs`. */
  cut(noticeMs: number, backMs: number): void {
    const { server, network } = this.#environment;
    const { connection } = this.page;
    if (!connection || connection.dead) return;
    connection.dead = true;
    server.broken(connection, network.draw() * 4_000);
    this.noticeLoss(noticeMs, backMs);
  }

  /** The page notices that its connection is lost. */
  noticeLoss(noticeMs: number, backMs: number): void {
    const { loop } = this.#environment;
    const { page } = this;
    const { connection } = page;
    loop.after(noticeMs, () => {
      if (!page.alive || !connection || page.connection !== connection) return;
      connection.open = false;
      page.connection = undefined;
      loop.note(() => `${page.device} offline`);
      page.feed({ type: 'transport.offline' });
      loop.after(backMs, () => this.connect(page));
    });
  }

  /** Ends the page; with `inOrder`, it sends its final messages first. */
  end(inOrder: boolean): void {
    const { server, network, media, truth } = this.#environment;
    const { page } = this;
    if (!page.alive) return;
    if (inOrder) page.feed({ type: 'user.leave' });
    truth.pageEnded(page);
    page.end();
    media.vanish(page);
    const { connection } = page;
    if (!connection) return;
    page.connection = undefined;
    connection.open = false;
    if (connection.dead) return;
    // Messages sent before the page closed may still arrive.
    if (inOrder)
      this.#environment.loop.at(connection.lastUp + 0.01, () => (connection.dead = true));
    else connection.dead = true;
    server.broken(connection, network.draw() * 4_000);
  }
}
