import { lazyPart } from '../../core/loading/lazy-part.js';
import type { CallHost } from '../shared/context.js';
import { defineOnce } from '../shared/define-once.js';
import { ongoingViewPart } from '../shared/ongoing-view-part.js';

const callPage = lazyPart(
  'the title, icon and media controls of calls',
  () => import('../page/call-page.js'),
  'startCallPage',
);

interface ViewLoaderOptions {
  /** Whether a view of a call, or of the end of one, is to be shown now. */
  readonly isNeeded: () => boolean;
  /** The host of the elements, which the page code gets. */
  readonly host: () => CallHost;
  /** Called after the view was loaded, and when it could not be loaded. */
  readonly onChange: () => void;
  readonly report: (error: unknown) => void;
}

/** Loads what calls need beside the code of the provider, and retries while it is needed. */
export class ViewLoader {
  readonly #options: ViewLoaderOptions;
  #isLoading = false;
  #hasFailed = false;
  /** Whether the code that connects the calls with the page is loaded, or is being loaded. */
  #hasPage = false;

  constructor(options: ViewLoaderOptions) {
    this.#options = options;
  }

  /** Whether `<ongoing-call-view>` is defined. */
  get hasFullView(): boolean {
    return !!customElements.get('ongoing-call-view');
  }

  /** Whether the last attempt to load `<ongoing-call-view>` failed. */
  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** Must be called in each update that shows a view. */
  load(): void {
    if (!this.#isLoading && !this.hasFullView) void this.#loadView();
    if (!this.#hasPage) void this.#loadPage();
  }

  /** The loaded view replaces `<minimal-call-view>`. */
  async #loadView(): Promise<void> {
    const { isNeeded, onChange, report } = this.#options;
    this.#isLoading = true;
    const view = await ongoingViewPart.loadWhile(isNeeded, (error) => {
      this.#hasFailed = true;
      report(error);
      onChange();
    });
    this.#isLoading = this.#hasFailed = false;
    if (!view) return;
    defineOnce('ongoing-call-view', view);
    onChange();
  }

  async #loadPage(): Promise<void> {
    const { isNeeded, host, report } = this.#options;
    this.#hasPage = true;
    const start = await callPage.loadWhile(isNeeded, report);
    if (start) start(host());
    else this.#hasPage = false;
  }
}
