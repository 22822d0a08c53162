import type { ReactiveController, ReactiveElement } from 'lit';
import { deepActiveElement, flatAncestors } from '../shared/composed-tree.js';

/** A modal dialog, or what is shown full screen: browsers make the rest of the page inert for both. */
const MODAL = ':modal';
/** What can hold nothing that is seen: there the layer is seen above it, and not usable. */
const CLOSED = 'video, iframe, img, canvas, object, embed';

export interface TopLayerOptions {
  readonly host: ReactiveElement;
  /** What is shown: a manual popover in the host's shadow root, once that is rendered. */
  readonly layer: () => HTMLElement;
  /** Makes an element that stands in for the host elsewhere in the document, with the same styles. */
  readonly standIn: () => ReactiveElement;
}

/**
 * Keeps a popover in the top layer, and usable.
 *
 * A popover takes no focus, but it is inert while the page shows a modal dialog: everything outside of that dialog is.
 * A modal dialog of our own would make the page inert in turn, and take the focus from somebody who types. So for as
 * long as the page's dialog is open the popover is moved into it, within a stand-in for its host: an element of the same
 * tag, so that the page's styles for the tag and its parts hold there too.
 */
export class TopLayer implements ReactiveController {
  readonly #options: TopLayerOptions;
  /** A dialog opens and closes with its attribute; some pages make everything but their own dialogs inert. */
  readonly #observer = new MutationObserver(() => this.#place());
  #standIn: ReactiveElement | undefined;
  #modal: Element | undefined;
  #open = false;

  constructor(options: TopLayerOptions) {
    this.#options = options;
    options.host.addController(this);
  }

  /** Shows the layer, or hides it. To be called when the host has rendered. */
  set open(open: boolean) {
    if (open === this.#open) return;
    this.#open = open;
    const listen = open ? 'addEventListener' : 'removeEventListener';
    document[listen]('focusin', this.#onFocus);
    document[listen]('fullscreenchange', this.#onFullscreen);
    if (open) {
      const attributeFilter = ['open', 'inert'];
      this.#observer.observe(document, { subtree: true, attributes: true, attributeFilter });
      this.#place(true);
    } else {
      this.#observer.disconnect();
      this.#move(undefined);
      this.#options.layer().hidePopover();
    }
  }

  hostDisconnected(): void {
    this.open = false;
  }

  readonly #onFocus = (): void => this.#place();
  readonly #onFullscreen = (): void => this.#place(true);

  #place(raise = false): void {
    if (!this.#open) return;
    const { host, layer } = this.#options;
    const path = [...flatAncestors(host)];
    const modal = topModal();
    let target = modal && !path.includes(modal) && !modal.matches(CLOSED) ? modal : undefined;
    if (!modal && path.some((element) => element.hasAttribute('inert'))) target = document.body;
    if (target === (this.#standIn?.parentNode ?? undefined) && modal === this.#modal && !raise) {
      return;
    }
    this.#modal = modal;
    const active = deepActiveElement();
    const focused = [...flatAncestors(active)].includes(layer()) ? active : undefined;
    this.#move(target);
    // Shown anew, it lies above all that was shown before.
    layer().hidePopover();
    layer().showPopover();
    (focused as HTMLElement | undefined)?.focus({ preventScroll: true });
  }

  /** @param target where the stand-in goes; undefined: the layer returns to its host */
  #move(target: Element | undefined): void {
    const { host, layer, standIn } = this.#options;
    const old = this.#standIn;
    if ((old?.parentNode ?? undefined) === target) return;
    if (target) {
      const next = (this.#standIn = standIn());
      target.append(next);
      next.renderRoot.append(layer());
      // The page may take its dialog out of the document, and the stand-in with it.
      next.addController({
        hostDisconnected: () => {
          if (this.#standIn === next) this.#place(true);
        },
      });
    } else {
      this.#standIn = undefined;
      host.renderRoot.append(layer());
    }
    old?.remove();
  }
}

/** What makes the rest of the page inert: the modal element with the focus, else the last one. */
function topModal(): Element | undefined {
  for (const element of flatAncestors(deepActiveElement())) {
    if (element.matches(MODAL)) return element;
  }
  return [...document.querySelectorAll(MODAL)].at(-1);
}
