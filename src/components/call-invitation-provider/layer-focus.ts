import type { LitElement } from 'lit';
import { deepActiveElement, flatAncestors } from './flat-tree.js';

/**
 * Keeps the focus of somebody who works the call by keyboard: it goes from one stage to the next, and back to where it
 * came from when the call is over. From anywhere else it is never taken.
 */
export class LayerFocus {
  readonly #layer: HTMLElement;
  #cameFrom: HTMLElement | undefined;
  #inside = false;
  /** Changes after which the focus was to go on. The last one decides where it goes. */
  #changes = 0;
  /** What had the focus has gone, and what gets it is not there yet. */
  #isOnItsWay = false;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
    layer.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && !layer.contains(relatedTarget)) {
        this.#cameFrom = relatedTarget;
      }
    });
  }

  /** To be called before what has the focus may go. */
  beforeChange(): void {
    this.#inside =
      this.#isOnItsWay || [...flatAncestors(deepActiveElement())].includes(this.#layer);
  }

  /** To be called when it has gone, or not. */
  async afterChange(): Promise<void> {
    if (!this.#inside) return;
    const change = ++this.#changes;
    this.#isOnItsWay = true;
    const next = this.#layer.firstElementChild as LitElement | null;
    if (next) {
      await customElements.whenDefined(next.localName);
      await next.updateComplete;
    }
    if (change !== this.#changes) return;
    this.#isOnItsWay = false;
    // While its code was loading the user may have gone on elsewhere.
    if (document.activeElement !== document.body) return;
    const target = next ?? this.#cameFrom;
    if (target?.isConnected) target.focus({ preventScroll: true });
    if (!next) this.#cameFrom = undefined;
  }
}
