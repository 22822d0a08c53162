import type { ReactiveElement } from 'lit';
import { deepActiveElement, flatAncestors } from './flat-tree.js';
import { LayerFocus } from './layer-focus.js';
import { proxyFor } from './provider-proxy.js';

/** A modal dialog, or what is shown full screen: browsers make the rest of the page inert for both. */
const MODAL = ':modal';
/** What can hold nothing that is seen: there the layer is seen above it, and not usable. */
const CLOSED = 'video, iframe, img, canvas, object, embed';

/**
 * Keeps a popover usable, on top, and with the focus of who works it by keyboard.
 *
 * A popover takes no focus, but it is inert while the page shows a modal dialog: everything outside of that dialog is.
 * A modal dialog of our own would make the page inert in turn, and take the focus from somebody who types. So for as
 * long as the page's dialog is open the popover is moved into it, within a proxy for its host: an element of the same
 * tag, so that the page's styles for the tag and its parts hold there too.
 */
export class TopLayer {
  readonly #host: ReactiveElement;
  readonly #layer: HTMLElement;
  readonly #createProxy: () => ReactiveElement;
  readonly #focus: LayerFocus;
  /** A dialog opens and closes with its attribute; some pages make everything but their own dialogs inert. */
  readonly #observer = new MutationObserver(() => this.#place());
  #proxy: ReactiveElement | undefined;
  #modal: Element | undefined;
  #open = false;

  /**
   * @param layer a manual popover in the host's shadow root
   * @param createProxy makes an element of the host's tag that does nothing by itself
   */
  constructor(host: ReactiveElement, layer: HTMLElement, createProxy: () => ReactiveElement) {
    this.#host = host;
    this.#layer = layer;
    this.#createProxy = createProxy;
    this.#focus = new LayerFocus(layer);
    host.addController({ hostDisconnected: () => this.#toggle(false) });
  }

  /** To be called before what the layer holds may change. */
  beforeChange(): void {
    this.#focus.beforeChange();
  }

  /** To be called when it has changed: after the layer was shown, and before it is hidden. */
  afterChange(open: boolean): void {
    this.#toggle(open);
    void this.#focus.afterChange();
  }

  #toggle(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    const listen = open ? 'addEventListener' : 'removeEventListener';
    document[listen]('focusin', this.#onFocus);
    document[listen]('fullscreenchange', this.#onFullscreen);
    if (open) {
      const attributeFilter = ['open', 'inert'];
      this.#observer.observe(document, { subtree: true, attributes: true, attributeFilter });
      this.#place();
    } else {
      this.#observer.disconnect();
      this.#modal = undefined;
      this.#move(undefined);
    }
  }

  readonly #onFocus = (): void => this.#place();
  readonly #onFullscreen = (): void => this.#place(true);

  #place(raise = false): void {
    if (!this.#open) return;
    const path = [...flatAncestors(this.#host)];
    const modal = topModal();
    let target = modal && !path.includes(modal) && !modal.matches(CLOSED) ? modal : undefined;
    if (!modal && path.some((element) => element.hasAttribute('inert'))) target = document.body;
    if (target === (this.#proxy?.parentNode ?? undefined) && modal === this.#modal && !raise)
      return;
    this.#modal = modal;
    const active = deepActiveElement();
    const focused = [...flatAncestors(active)].includes(this.#layer) ? active : undefined;
    this.#move(target);
    // Shown anew, it lies above all that was shown before.
    this.#layer.hidePopover();
    this.#layer.showPopover();
    (focused as HTMLElement | undefined)?.focus({ preventScroll: true });
  }

  /** @param target where the proxy goes; undefined: the layer returns to its host */
  #move(target: Element | undefined): void {
    const old = this.#proxy;
    if ((old?.parentNode ?? undefined) === target) return;
    if (target) {
      const next = (this.#proxy = this.#createProxy());
      proxyFor(this.#host, next);
      target.append(next);
      next.renderRoot.append(this.#layer);
      // The page may take its dialog out of the document, and the proxy with it.
      next.addController({
        hostDisconnected: () => {
          if (this.#proxy === next) this.#place(true);
        },
      });
    } else {
      this.#proxy = undefined;
      this.#host.renderRoot.append(this.#layer);
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
