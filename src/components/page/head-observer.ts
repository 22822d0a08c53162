/** Minimum time between two reactions to changes of the page, in ms. */
const PAUSE_MS = 1_000;

/** The browser APIs that the marks in title and icon use. */
export interface MarkPorts {
  readonly document: Document;
  /** Runs a function after this time. @returns a function that cancels it */
  readonly later: (run: () => void, ms: number) => () => void;
}

export const browserMarkPorts = (): MarkPorts => ({
  document,
  later: (run, ms) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
});

/**
 * Observes the `<head>` of a document. It reacts to the first change immediately, and to further ones once a second:
 * another script may answer each change of this one with a change of its own.
 */
export class HeadObserver {
  readonly #ports: MarkPorts;
  readonly #options: MutationObserverInit;
  readonly #onChange: () => void;
  readonly #observer = new MutationObserver(() => this.#react());
  #cancel: (() => void) | undefined;
  #isDelayed = false;

  constructor(ports: MarkPorts, options: MutationObserverInit, onChange: () => void) {
    this.#ports = ports;
    this.#options = options;
    this.#onChange = onChange;
  }

  start(): void {
    this.#observer.observe(this.#ports.document.head, this.#options);
  }

  stop(): void {
    this.#observer.disconnect();
    this.#cancel?.();
    this.#cancel = undefined;
    this.#isDelayed = false;
  }

  /** Ignores the changes that were just made. */
  discard(): void {
    this.#observer.takeRecords();
  }

  #react(): void {
    if (this.#cancel) {
      this.#isDelayed = true;
      return;
    }
    this.#cancel = this.#ports.later(() => {
      this.#cancel = undefined;
      if (!this.#isDelayed) return;
      this.#isDelayed = false;
      this.#react();
    }, PAUSE_MS);
    this.#onChange();
  }
}
