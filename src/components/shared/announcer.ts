import { html, type LitElement, type ReactiveController, type TemplateResult } from 'lit';

/** Screen readers ignore the text that a live region has when it is inserted. In ms. */
const DELAY_MS = 150;
/** Then the announced text is removed: it is also on the screen. In ms. */
const SHOWN_MS = 5_000;

/** The text of an element, without that of its buttons. */
const textOf = (element: Element): string =>
  [...element.childNodes]
    .filter((node) => !(node instanceof HTMLButtonElement || node instanceof Comment))
    .map(({ textContent }) => textContent ?? '')
    .join('')
    .replace(/\s+/g, ' ')
    .trim();

/**
 * The only live region of a view. It announces the text of each element with the attribute `data-announced` when the
 * text appears. The region stays in the document while the view is open.
 */
export class Announcer implements ReactiveController {
  readonly #host: LitElement;
  #known: readonly string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pending: readonly string[] = [];

  constructor(host: LitElement) {
    this.#host = host;
    host.addController(this);
  }

  /** The region. Must be rendered at one place while the view is open. */
  template(): TemplateResult {
    return html`<div class="hidden announcer" role="status"></div>`;
  }

  hostUpdated(): void {
    const texts = [...this.#host.renderRoot.querySelectorAll('[data-announced]')]
      .map(textOf)
      .filter(Boolean);
    const added = texts.filter((text) => !this.#known.includes(text));
    this.#known = texts;
    if (!added.length) return;
    this.#pending = [...this.#pending, ...added];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#announce(), DELAY_MS);
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#known = this.#pending = [];
    const region = this.#host.renderRoot.querySelector('.announcer');
    if (region) region.textContent = '';
  }

  #announce(): void {
    const region = this.#host.renderRoot.querySelector('.announcer');
    // What has disappeared meanwhile is no longer true.
    const texts = this.#pending.filter((text) => this.#known.includes(text));
    this.#pending = [];
    if (!region || !texts.length) return;
    region.textContent = texts.reduce(
      (all, text) => `${all}${/[.!?…。]$/.test(all) ? ' ' : '. '}${text}`,
    );
    this.#timer = setTimeout(() => (region.textContent = ''), SHOWN_MS);
  }
}
