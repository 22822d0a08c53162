import type { LitElement } from 'lit';
import { deepActiveElement, flatAncestors } from '../shared/flat-tree.js';

/**
 * Manages the focus for keyboard users. When the focused default element is replaced, its successor gets the focus;
 * after the call, the element that had it before gets it back. Focus outside the layer is never changed.
 */
export class LayerFocus {
  readonly #layer: HTMLElement;
  #previousFocus: HTMLElement | undefined;
  #hadFocus = false;
  /** Number of focus changes so far. Only the latest one sets the focus. */
  #changes = 0;
  /** Whether the focused element was removed and its successor is not ready yet. */
  #isFocusPending = false;

  constructor(layer: HTMLElement) {
    this.#layer = layer;
    layer.addEventListener('focusin', ({ relatedTarget }) => {
      if (relatedTarget instanceof HTMLElement && !layer.contains(relatedTarget)) {
        this.#previousFocus = relatedTarget;
      }
    });
  }

  /** Must be called before the focused element may be removed. */
  beforeChange(): void {
    this.#hadFocus =
      this.#isFocusPending || [...flatAncestors(deepActiveElement())].includes(this.#layer);
  }

  /** Must be called after each change, whether the element was removed or not. */
  async afterChange(): Promise<void> {
    if (!this.#hadFocus) return;
    const change = ++this.#changes;
    this.#isFocusPending = true;
    const next = this.#layer.firstElementChild as LitElement | null;
    if (next) {
      await customElements.whenDefined(next.localName);
      await next.updateComplete;
    }
    if (change !== this.#changes) return;
    this.#isFocusPending = false;
    // The user may have moved the focus while the code was loading.
    if (document.activeElement !== document.body) return;
    const target = next ?? this.#previousFocus;
    if (target?.isConnected) target.focus({ preventScroll: true });
    if (!next) this.#previousFocus = undefined;
  }
}
