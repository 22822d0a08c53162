import { browserMarkPorts, HeadObserver, type MarkPorts } from './head-observer.js';

/**
 * Puts a prefix before the title of the document. The page may change its title meanwhile: the new title is marked
 * too, and it is the one that remains.
 */
export class TitleMark {
  readonly #document: Document;
  readonly #observer: HeadObserver;
  #prefix = '';
  /** The text of the page's `<title>`; undefined if it has none. */
  #own: string | undefined;
  #written: string | undefined;

  constructor(ports: MarkPorts = browserMarkPorts()) {
    this.#document = ports.document;
    const options = { childList: true, characterData: true, subtree: true };
    this.#observer = new HeadObserver(ports, options, () => this.#apply());
  }

  /** @param prefix text before the title; an empty one removes the mark */
  set(prefix: string): void {
    if (prefix === this.#prefix) return;
    this.#read();
    const wasMarked = this.#prefix !== '';
    this.#prefix = prefix;
    if (prefix && !wasMarked) this.#observer.start();
    if (prefix) return this.#apply();
    this.#observer.stop();
    this.#write(this.#own);
    this.#written = undefined;
  }

  get #element(): HTMLTitleElement | null {
    return this.#document.head.querySelector('title');
  }

  /** Reads the title that the page has set. It may have been derived from the marked one. */
  #read(): void {
    const text = this.#element?.textContent;
    if (this.#written !== undefined && text === this.#written) return;
    this.#own = this.#prefix ? text?.replace(this.#prefix, '') : text;
  }

  #apply(): void {
    this.#read();
    this.#written = `${this.#prefix}${this.#own ?? ''}`;
    this.#write(this.#written);
    this.#observer.discard();
  }

  #write(text: string | undefined): void {
    const element = this.#element;
    if (element?.textContent === text) return;
    if (text === undefined) element?.remove();
    else if (element) element.textContent = text;
    else this.#document.title = text;
  }
}
