import { browserMarkPorts, HeadObserver, type MarkPorts } from './head-observer.js';

const ICON = 'link[rel~="icon" i]';

/**
 * Replaces the icon of the document. The page may change its icon meanwhile: the new one is the one that remains. If
 * the page has no icon element, a temporary one is added.
 */
export class IconMark {
  readonly #document: Document;
  readonly #observer: HeadObserver;
  #href = '';
  /** The address that was written last. */
  #written: string | undefined;
  /** The addresses of the page's icons; null for an element without an address. */
  readonly #own = new Map<HTMLLinkElement, string | null>();
  #added: HTMLLinkElement | undefined;

  constructor(ports: MarkPorts = browserMarkPorts()) {
    this.#document = ports.document;
    const options = {
      ...{ childList: true, subtree: true },
      ...{ attributes: true, attributeFilter: ['href', 'rel'] },
    };
    this.#observer = new HeadObserver(ports, options, () => this.#apply());
  }

  /** @param href address of the icon; an empty one restores the icon of the page */
  set(href: string): void {
    if (href === this.#href) return;
    this.#read();
    const wasMarked = this.#href !== '';
    this.#href = href;
    if (href && !wasMarked) this.#observer.start();
    if (href) return this.#apply();
    this.#observer.stop();
    for (const [link, own] of this.#own) write(link, own);
    this.#own.clear();
    this.#written = undefined;
    this.#removeAdded();
  }

  get #icons(): HTMLLinkElement[] {
    const all = [...this.#document.head.querySelectorAll<HTMLLinkElement>(ICON)];
    return all.filter((link) => link !== this.#added);
  }

  /** Reads the addresses that the page has set. */
  #read(): void {
    for (const link of new Set([...this.#own.keys(), ...this.#icons])) {
      const href = link.getAttribute('href');
      if (this.#written === undefined || href !== this.#written) this.#own.set(link, href);
    }
  }

  #apply(): void {
    this.#read();
    const icons = this.#icons;
    if (icons.length) this.#removeAdded();
    else this.#add();
    for (const link of icons) write(link, this.#href);
    this.#written = this.#href;
    this.#observer.discard();
  }

  #add(): void {
    if (!this.#added) {
      this.#added = this.#document.createElement('link');
      this.#added.rel = 'icon';
    }
    write(this.#added, this.#href);
    if (!this.#added.isConnected) this.#document.head.append(this.#added);
  }

  #removeAdded(): void {
    this.#added?.remove();
    this.#added = undefined;
  }
}

function write(link: HTMLLinkElement, href: string | null): void {
  if (link.getAttribute('href') === href) return;
  if (href === null) link.removeAttribute('href');
  else link.setAttribute('href', href);
}
