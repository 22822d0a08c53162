import { html, render } from 'lit';
import List from 'lucide/dist/esm/icons/list.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';

/** The drawer with the log of callbacks: a button that opens and closes it, with the number of callbacks so far. */
export class LogDrawer {
  readonly #button: HTMLButtonElement;
  readonly #log: HTMLElement;
  #count = 0;

  constructor(button: HTMLButtonElement, log: HTMLElement) {
    this.#button = button;
    this.#log = log;
    button.addEventListener('click', () => this.#setOpen(log.hidden === true));
    log.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape') return;
      this.#setOpen(false);
      button.focus();
    });
    this.#update();
  }

  /** Counts a callback. */
  count(): void {
    this.#count += 1;
    this.#update();
  }

  #setOpen(open: boolean): void {
    this.#log.hidden = !open;
    document.body.classList.toggle('log-open', open);
    this.#button.ariaExpanded = String(open);
    this.#update();
  }

  #update(): void {
    const count = this.#count > 999 ? '999+' : String(this.#count);
    render(
      html`${icon(List)}${this.#log.hidden ? 'Callbacks' : 'Close the log'}
        <span class="count">${count}</span>`,
      this.#button,
    );
  }
}
