import type { LitElement } from 'lit';
import { isEndedByUser } from '../../core/service/ended-call.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import type { CallInvitationService } from '../../core/service/types.js';

/**
 * Keeps the end of a call while the mouse is on the view that shows it or the keyboard is used in it. After the user has
 * hung up, both count only if they are used again: they are still where Hang up was.
 */
export class EndedCallKeeper {
  readonly #host: LitElement;
  #service: CallInvitationService | undefined;
  /** The call whose end is shown. */
  #callID: string | undefined;
  #isPointedAt = false;
  #hasFocus = false;
  /** Whether a mouse and a focus that were in the view already when the call ended count. */
  #countsEarlierUse = false;
  #release: (() => void) | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    host.addEventListener('pointermove', this.#onPointer);
    host.addEventListener('pointerleave', this.#onPointerLeave);
    host.addEventListener('focusin', this.#onFocusIn);
    host.addEventListener('focusout', this.#onFocusOut);
  }

  /** Must be called with undefined when the host leaves the document. */
  attach(service: CallInvitationService | undefined): void {
    if (service === this.#service) return;
    this.watch(undefined);
    this.#service = service;
  }

  /**
   * Must be called in each update.
   * @param call the call that the view shows, if any
   */
  watch(call: CallSnapshot | undefined): void {
    const ended = call?.status === 'ended' ? call : undefined;
    if (ended?.callID === this.#callID) return;
    this.#callID = ended?.callID;
    this.#countsEarlierUse = ended !== undefined && !isEndedByUser(ended);
    this.#isPointedAt = this.#countsEarlierUse && this.#host.matches(':hover');
    this.#hasFocus = this.#countsEarlierUse && this.#isUsedByKeyboard;
    this.#release?.();
    this.#release = undefined;
    this.#update();
  }

  get #isUsedByKeyboard(): boolean {
    const { renderRoot } = this.#host;
    return (
      renderRoot.querySelector(':focus-visible') !== null || hasVisibleFocusInSlots(this.#host)
    );
  }

  #update(): void {
    const isUsed = this.#callID !== undefined && (this.#isPointedAt || this.#hasFocus);
    if (isUsed) {
      this.#release ??= this.#service?.keepEndedCall();
    } else {
      this.#release?.();
      this.#release = undefined;
    }
  }

  readonly #onPointer = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'touch' || this.#isPointedAt) return;
    this.#isPointedAt = true;
    this.#update();
  };
  readonly #onPointerLeave = (): void => {
    this.#isPointedAt = false;
    this.#update();
  };
  readonly #onFocusIn = (): void => {
    // The view as a whole gets the focus when the focused control is removed.
    const isMoved = this.#host.renderRoot.querySelector('.stage:focus') === null;
    this.#hasFocus = (isMoved || this.#countsEarlierUse) && this.#isUsedByKeyboard;
    this.#update();
  };
  readonly #onFocusOut = (): void => {
    this.#hasFocus = false;
    this.#update();
  };
}

/** Whether a control in a slot of the element has a visible focus. */
const hasVisibleFocusInSlots = (element: Element): boolean =>
  element.querySelector(':focus-visible') !== null;
