import type { ReactiveElement } from 'lit';
import { deepActiveElement, flatAncestors } from '../shared/flat-tree.js';
import { LayerFocus } from './layer-focus.js';
import { proxyFor } from './provider-proxy.js';
import { hidePopover, showPopover } from '../shared/dom-features.js';

/** Matches modal dialogs and full-screen elements. Browsers make the rest of the page inert for both. */
const MODAL = ':modal';
/**
 * Elements without visible children. While one of these is full screen, the layer is visible above it but cannot be
 * used.
 */
const CLOSED = 'video, iframe, img, canvas, object, embed';

/**
 * Keeps a popover usable, on top, and focused for keyboard users.
 *
 * A popover takes no focus, but it is inert while the page shows a modal dialog, like everything outside of that
 * dialog. If this component used a modal dialog itself, it would make the page inert and take the focus away from a
 * user who is typing. So while the page shows a modal dialog, the popover is moved into that dialog, inside a proxy
 * of its host. The proxy has the same tag, so that styles of the page for the tag and its parts apply.
 */
export class TopLayer {
  readonly #host: ReactiveElement;
  readonly #layer: HTMLElement;
  readonly #createProxy: () => ReactiveElement;
  readonly #focus: LayerFocus;
  /** Dialogs open and close by an attribute; some pages set `inert` on everything but their own dialogs. */
  readonly #observer = new MutationObserver(() => this.#place());
  #proxy: ReactiveElement | undefined;
  #modal: Element | undefined;
  #open = false;

  /**
   * @param layer a manual popover in the shadow root of the host
   * @param createProxy creates an inactive element with the tag of the host
   */
  constructor(host: ReactiveElement, layer: HTMLElement, createProxy: () => ReactiveElement) {
    this.#host = host;
    this.#layer = layer;
    this.#createProxy = createProxy;
    this.#focus = new LayerFocus(layer);
    host.addController({ hostDisconnected: () => this.#toggle(false) });
  }

  /** Must be called before the content of the layer may change. */
  beforeChange(): void {
    this.#focus.beforeChange();
  }

  /**
   * Must be called after the content has changed: after the layer was shown, and before it is hidden.
   * @param isOwn whether it shows a call that this user has placed or joined, or the end of one
   * @param hasCall whether it shows a call that has not ended
   */
  afterChange(open: boolean, isOwn: boolean, hasCall: boolean): void {
    this.#toggle(open);
    void this.#focus.afterChange(isOwn, hasCall);
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
    // A full-screen view of the layer is on top already, and would be closed if it moved.
    if (!this.#open || this.#layer.querySelector(':fullscreen')) return;
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
    // Showing the popover again moves it to the top of the top layer.
    hidePopover(this.#layer);
    showPopover(this.#layer);
    (focused as HTMLElement | undefined)?.focus({ preventScroll: true });
  }

  /** @param target the new parent of the proxy; undefined returns the layer to its host */
  #move(target: Element | undefined): void {
    const old = this.#proxy;
    if ((old?.parentNode ?? undefined) === target) return;
    if (target) {
      const next = (this.#proxy = this.#createProxy());
      proxyFor(this.#host, next);
      target.append(next);
      next.renderRoot.append(this.#layer);
      // The page may remove its dialog, and the proxy with it, from the document.
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

/** The element that makes the rest of the page inert: the modal element with the focus, else the last one. */
function topModal(): Element | undefined {
  for (const element of flatAncestors(deepActiveElement())) {
    if (element.matches(MODAL)) return element;
  }
  return [...document.querySelectorAll(MODAL)].at(-1);
}
