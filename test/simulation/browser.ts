import type { Page } from './device.js';
import type { EventLoop } from './event-loop.js';

/** Delay until a page sees a change of another page in the same browser, in ms. */
const NOTIFY_DELAY_MS = 5;

/** The state that pages of one browser share: a user in a call on one page is busy on all pages. */
export class BrowserModel {
  readonly #loop: EventLoop;
  readonly #held = new Map<Page, string>();
  readonly #pages = new Set<Page>();

  constructor(loop: EventLoop) {
    this.#loop = loop;
  }

  enter(page: Page): void {
    this.#pages.add(page);
    this.#notifyLater();
  }

  hold(page: Page, callID: string | undefined): void {
    if (this.#held.get(page) === callID || !this.#pages.has(page)) return;
    if (callID === undefined) this.#held.delete(page);
    else this.#held.set(page, callID);
    this.#notifyLater();
  }

  /** The browser releases what a closed page held. */
  leave(page: Page): void {
    this.#pages.delete(page);
    if (this.#held.delete(page)) this.#notifyLater();
  }

  #notifyLater(): void {
    this.#loop.after(NOTIFY_DELAY_MS, () => {
      for (const page of this.#pages) {
        const other = [...this.#held].find(([each]) => each !== page)?.[1];
        if (page.state.busyInOtherTab !== other)
          page.feed({ type: 'other-tab.busy', callID: other });
      }
    });
  }
}
