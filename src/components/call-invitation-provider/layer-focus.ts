import type { LitElement } from 'lit';
import { deepActiveElement, flatAncestors } from '../shared/flat-tree.js';

/** Elements that place calls. A user who pressed one of them is led to the call. */
const CALLERS = 'start-call-button, missed-call-list, call-history';

/**
 * Manages the focus for keyboard users. When the focused default element is replaced, its successor gets the focus;
 * after the call, the element that had it before gets it back. An own call takes the focus from the button that placed
 * it; other focus outside the layer is never changed.
 */
export class LayerFocus {
  readonly #layer: HTMLElement;
  #previousFocus: HTMLElement | undefined;
  #hadFocus = false;
  /** Whether the layer shows a call that has not ended. */
  #hasCall = false;
  /** The button that has placed a call which is not shown yet. */
  #caller: HTMLElement | undefined;
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
    const active = deepActiveElement();
    const path = [...flatAncestors(active)];
    this.#hadFocus = this.#isFocusPending || path.includes(this.#layer);
    const isCaller = !this.#hadFocus && path.some((element) => element.matches(CALLERS));
    this.#caller = isCaller && !this.#hasCall ? (active as HTMLElement) : undefined;
  }

  /**
   * Must be called after each change, whether the element was removed or not.
   * @param isOwn whether the layer shows a call that this user has placed or joined, or the end of one
   * @param hasCall whether it shows a call that has not ended
   */
  async afterChange(isOwn: boolean, hasCall: boolean): Promise<void> {
    this.#hasCall = hasCall;
    const caller = isOwn ? this.#caller : undefined;
    if (caller) this.#previousFocus = caller;
    if (!this.#hadFocus && !caller) return;
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
    if (document.activeElement !== document.body && deepActiveElement() !== caller) return;
    const target = next ?? this.#previousFocus;
    if (target?.isConnected) target.focus({ preventScroll: true });
    if (!next) this.#previousFocus = undefined;
  }
}
