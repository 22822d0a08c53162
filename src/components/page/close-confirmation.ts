/**
 * Lets the browser ask before the user closes or leaves the page (HTML, `beforeunload`). The listener exists only while
 * it is on, because it keeps a page out of the back/forward cache of some browsers.
 */
export class CloseConfirmation {
  readonly #window: Pick<Window, 'addEventListener' | 'removeEventListener'>;

  constructor(target: Pick<Window, 'addEventListener' | 'removeEventListener'> = window) {
    this.#window = target;
  }

  set(on: boolean): void {
    const listen = on ? 'addEventListener' : 'removeEventListener';
    this.#window[listen]('beforeunload', onBeforeUnload);
  }
}

const onBeforeUnload = (event: Event): void => event.preventDefault();
