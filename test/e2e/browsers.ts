import type { Browser, BrowserContext } from '@playwright/test';
import { startBrowser, openContext } from './person.js';

/** Where the pages of a user are opened. */
interface Place {
  /** Name of the browser process. Default: the one that all users of a worker share. */
  process?: string | undefined;
  /** See `Options`. */
  surface?: string | undefined;
}

/**
 * The browser processes of a worker, and the contexts of users in them. They are opened when they are needed first, and kept for
 * the next tests.
 */
export class Browsers {
  readonly #browsers = new Map<string, Promise<Browser>>();
  readonly #contexts = new Map<string, Promise<BrowserContext>>();

  browser({ process = '', surface }: Place = {}): Promise<Browser> {
    const key = `${process} ${surface ?? ''}`;
    const browser = this.#browsers.get(key) ?? this.#launch(key, surface);
    this.#browsers.set(key, browser);
    return browser;
  }

  /** A context with the pages of this user. It shares neither storage nor messages between tabs with other contexts. */
  context(userID: string, place: Place = {}): Promise<BrowserContext> {
    const key = `${userID} ${place.process ?? ''} ${place.surface ?? ''}`;
    const context = this.#contexts.get(key) ?? this.#open(key, place);
    this.#contexts.set(key, context);
    return context;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#browsers.values()].map(async (browser) => (await browser).close()));
  }

  async #launch(key: string, surface?: string): Promise<Browser> {
    const browser = await startBrowser(surface === undefined ? {} : { surface });
    browser.once('disconnected', () => this.#browsers.delete(key));
    return browser;
  }

  async #open(key: string, place: Place): Promise<BrowserContext> {
    const context = await openContext(await this.browser(place));
    context.once('close', () => this.#contexts.delete(key));
    return context;
  }
}
