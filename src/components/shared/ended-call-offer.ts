import { css, html, nothing, type LitElement, type TemplateResult } from 'lit';
import { isEndedByUser } from '../../core/service/ended-call.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot, Connection } from '../../core/service/snapshots.js';
import { icon } from './icons.js';
import type { Texts } from './language.js';
import { Phone } from './lucide/phone.js';
import { X } from './lucide/x.js';
import { StoreController } from './store-controller.js';

/** The row of controls after the end of a call. It has the height of the row before. */
export const endedCallStyles = css`
  .controls.end-actions {
    flex-wrap: wrap;
    align-items: center;
  }
  .end-actions button,
  .end-actions ::slotted(*) {
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 8px;
    min-block-size: 48px;
    padding: 0 20px;
    border: 1px solid transparent;
    border-radius: 24px;
    background: var(--_glass);
    color: var(--_on-control);
    font-family: inherit;
    font-size: 16px;
    font-weight: 600;
    text-decoration: none;
    cursor: pointer;
  }
  .end-actions button:hover {
    background: var(--_control-hover);
  }
  .end-actions .call {
    background: var(--_accept);
    color: var(--_on-accept);
  }
  .end-actions .call:hover {
    background: color-mix(in oklab, var(--_accept) 88%, #000);
  }
  .end-actions button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .bar .end-actions {
    flex-wrap: nowrap;
    gap: 8px;
    padding: 0;
  }
  .bar .end-actions button {
    min-block-size: 44px;
    min-inline-size: 44px;
    padding: 0;
    border-radius: 22px;
  }
  .bar .end-actions .call {
    min-inline-size: 56px;
  }
  .bar .end-actions .label,
  .end-actions .close .icon {
    display: none;
  }
  .bar .end-actions .close .icon {
    display: block;
  }
  .bar ::slotted([slot='message']) {
    display: none;
  }
  @container stage (inline-size < 350px) {
    .end-actions button {
      padding-inline: 14px;
    }
  }
  @container stage (block-size < 300px) {
    .end-actions button {
      min-block-size: 44px;
      border-radius: 22px;
      font-size: 14px;
    }
  }
`;

interface Actions {
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/**
 * What a view shows after the end of a call, until `$endedCall` is cleared: how it ended, and the offer to call again.
 * It stays while the mouse is on the view or the keyboard is used in it. After the user has hung up, both count only if
 * they are used again: they are still where Hang up was.
 */
export class EndedCallOffer {
  readonly #host: LitElement;
  readonly #ended: StoreController<CallSnapshot | undefined>;
  readonly #connection: StoreController<Connection>;
  #service: CallInvitationService | undefined;
  /** The call whose end is shown, as far as this view knows. */
  #callID: string | undefined;
  #isPointedAt = false;
  #hasFocus = false;
  #isKept = false;
  /** Whether the mouse and the focus count that were in the view when the call ended. */
  #countsBefore = false;
  /** The call whose end the user has closed. */
  #closedID: string | undefined;
  /** Whether the last attempt to call again has failed. */
  #hasFailed = false;

  constructor(host: LitElement) {
    this.#host = host;
    this.#ended = new StoreController(host);
    this.#connection = new StoreController(host);
    host.addEventListener('pointermove', this.#onPointer);
    host.addEventListener('pointerleave', this.#onPointerLeave);
    host.addEventListener('focusin', this.#onFocusIn);
    host.addEventListener('focusout', this.#onFocusOut);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#service = service;
    this.#ended.attach(service?.$endedCall);
    this.#connection.attach(service?.$connection);
  }

  /** @returns the call to show: the ended one while there is no other; undefined after the user has closed its end */
  shownFor(call: CallSnapshot | undefined): CallSnapshot | undefined {
    if (call?.status === 'ended' && call.callID === this.#closedID) return undefined;
    return call?.status === 'idle' ? (this.#ended.value ?? call) : call;
  }

  /**
   * Must be called in each update.
   * @param call the call that the view shows, if any
   */
  watch(call: CallSnapshot | undefined): void {
    const ended = call?.status === 'ended' ? call : undefined;
    if (ended?.callID === this.#callID) return;
    this.#callID = ended?.callID;
    this.#hasFailed = this.#isKept = false;
    if (!ended) return;
    this.#closedID = undefined;
    this.#countsBefore = !isEndedByUser(ended);
    this.#isPointedAt = this.#countsBefore && this.#host.matches(':hover');
    this.#hasFocus = this.#countsBefore && this.#isUsedByKeyboard;
    this.#keep();
  }

  /** The row of controls. */
  template(texts: Texts, { onAgain, onClose }: Actions): TemplateResult {
    const isOffered = this.#ended.value !== undefined && this.#ended.value.callID === this.#callID;
    const isConnected = this.#connection.value === 'connected';
    return html`<div class="controls end-actions">
      ${
        isOffered
          ? html`<button
              class="call"
              part="call-again-button"
              aria-label=${texts.redial}
              ?disabled=${!isConnected}
              @click=${onAgain}
            >
              ${icon(Phone)}<span class="label">${texts.redial}</span>
            </button>`
          : nothing
      }
      <slot name="message"></slot>
      <button class="close" part="close-button" aria-label=${texts.close} @click=${onClose}>
        ${icon(X)}<span class="label">${texts.close}</span>
      </button>
    </div>`;
  }

  /** Why calling again is not possible now, or has failed. */
  note(texts: Texts): TemplateResult | typeof nothing {
    if (this.#ended.value === undefined) return nothing;
    const isConnected = this.#connection.value === 'connected';
    if (isConnected && !this.#hasFailed) return nothing;
    const text = isConnected ? texts.callFailed : texts.notConnected;
    return html`<div class="note" data-announced>${text}</div>`;
  }

  /** Calls again. Its failure is shown, and rejects. */
  async again(): Promise<void> {
    this.#hasFailed = false;
    try {
      await this.#service?.redialEndedCall();
    } catch (error) {
      this.#hasFailed = true;
      this.#host.requestUpdate();
      throw error;
    }
  }

  close(): void {
    this.#closedID = this.#callID;
    this.#service?.dismissEndedCall();
    this.#host.requestUpdate();
  }

  get #isUsedByKeyboard(): boolean {
    const { renderRoot } = this.#host;
    return renderRoot.querySelector(':focus-visible') !== null || isFocusVisible(this.#host);
  }

  #keep(): void {
    if (this.#callID === undefined) return;
    const isKept = this.#isPointedAt || this.#hasFocus;
    if (isKept !== this.#isKept) this.#service?.keepEndedCall(isKept);
    this.#isKept = isKept;
  }

  readonly #onPointer = ({ pointerType }: PointerEvent): void => {
    if (pointerType === 'touch' || this.#isPointedAt) return;
    this.#isPointedAt = true;
    this.#keep();
  };
  readonly #onPointerLeave = (): void => {
    this.#isPointedAt = false;
    this.#keep();
  };
  readonly #onFocusIn = (): void => {
    // The view as a whole gets the focus when the focused control is removed.
    const isMoved = this.#host.renderRoot.querySelector('.stage:focus') === null;
    this.#hasFocus = (isMoved || this.#countsBefore) && this.#isUsedByKeyboard;
    this.#keep();
  };
  readonly #onFocusOut = (): void => {
    this.#hasFocus = false;
    this.#keep();
  };
}

/** Whether a control in a slot of the element has a visible focus. */
const isFocusVisible = (element: Element): boolean =>
  element.querySelector(':focus-visible') !== null;
