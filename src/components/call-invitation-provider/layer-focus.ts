import { deepActiveElement, flatAncestors } from '../shared/composed-tree.js';

/**
 * Keeps the focus of somebody who works the call by keyboard: it goes from one stage to the next, and back to where it
 * came from when the call is over. From anywhere else it is never taken.
 */
export class LayerFocus {
  readonly #layer: () => Element;
  #cameFrom: HTMLElement | undefined;
  #inside = false;

  constructor(layer: () => Element) {
    this.#layer = layer;
  }

  /** The focus has come into the layer, or moves in it. */
  readonly note = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof HTMLElement && !this.#layer().contains(relatedTarget)) {
      this.#cameFrom = relatedTarget;
    }
  };

  /** To be called before what has the focus may go. */
  beforeChange(): void {
    this.#inside = [...flatAncestors(deepActiveElement())].includes(this.#layer());
  }

  /** @param next what is shown now; nothing: the layer is closed */
  async afterChange(next: Element | null): Promise<void> {
    if (!this.#inside) return;
    if (next) {
      await customElements.whenDefined(next.localName);
      await (next as Element & { updateComplete?: Promise<unknown> }).updateComplete;
    }
    // While its code was loading the user may have gone on elsewhere.
    if (document.activeElement !== document.body) return;
    const target = next ? (next as HTMLElement) : this.#cameFrom;
    if (target?.isConnected) target.focus({ preventScroll: true });
    if (!next) this.#cameFrom = undefined;
  }
}
