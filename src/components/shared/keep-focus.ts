import type { LitElement, ReactiveController } from 'lit';

/**
 * Keeps the focus in an element whose focused button is removed, by focusing the element as a whole. When the element
 * closes, what had the focus before gets it back.
 */
export class KeepFocus implements ReactiveController {
  readonly #host: LitElement;
  readonly #isOpen: () => boolean;
  #hadFocus = false;
  #previous: HTMLElement | undefined;

  /** @param isOpen returns whether the element is shown */
  constructor(host: LitElement, isOpen: () => boolean) {
    this.#host = host;
    this.#isOpen = isOpen;
    host.addEventListener('focusin', ({ relatedTarget }) => {
      const isOutside = relatedTarget instanceof HTMLElement && !host.contains(relatedTarget);
      if (isOutside) this.#previous = relatedTarget;
    });
  }

  hostUpdate(): void {
    this.#hadFocus = this.#host.matches(':focus-within');
  }

  hostUpdated(): void {
    const host = this.#host;
    if (!this.#hadFocus || host.matches(':focus-within') || !host.isConnected) return;
    const isOpen = this.#isOpen();
    const target = isOpen ? host : this.#previous;
    if (!isOpen) this.#previous = undefined;
    if (target?.isConnected) target.focus({ preventScroll: true });
  }
}
