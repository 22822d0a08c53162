import type { CallConfig } from '../../core/service/call-config.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';

/** What the page has set at the provider. */
export interface PageOptionSource {
  readonly config: CallConfig | null;
  readonly requireConfig: ((call: CallSnapshot) => CallConfig | undefined) | null;
  readonly avatarFor: ((userID: string) => string | undefined) | null;
}

/** Reads options of the page. A function that throws is reported, and counts as if it had returned nothing. */
export class PageOptions {
  readonly #source: PageOptionSource;
  readonly #call: () => CallSnapshot;
  readonly #report: (error: unknown) => void;
  /** The call for which `requireConfig` was called, and its options. */
  #required: { readonly callID: string; readonly config: CallConfig | undefined } | undefined;

  constructor(
    source: PageOptionSource,
    call: () => CallSnapshot,
    report: (error: unknown) => void,
  ) {
    this.#source = source;
    this.#call = call;
    this.#report = report;
  }

  /** `config`, with the options of the current call. */
  config(): CallConfig | null {
    const { config } = this.#source;
    const own = this.#ofCall();
    return own ? { ...config, ...own } : config;
  }

  avatarFor(userID: string): string | undefined {
    return this.#try(() => this.#source.avatarFor?.(userID)) ?? undefined;
  }

  #ofCall(): CallConfig | undefined {
    const { requireConfig } = this.#source;
    const call = this.#call();
    if (!requireConfig || call.status === 'idle') return undefined;
    if (this.#required?.callID !== call.callID) {
      const { callID } = call;
      // Set before: the function may use the service, which reads options.
      this.#required = { callID, config: undefined };
      this.#required = { callID, config: this.#try(() => requireConfig(call)) };
    }
    return this.#required.config;
  }

  #try<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }
}
