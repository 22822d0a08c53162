import { html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { CallSnapshot, Connection } from '../../core/service/snapshots.js';
import { blockedReason } from './blocked-call.js';
import type { CallHost } from './context.js';
import { icon } from './icons.js';
import type { Texts } from './language.js';
import { Phone } from './lucide/phone.js';
import { X } from './lucide/x.js';
import { StoreController } from './store-controller.js';

interface Actions {
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

/** The controls of a view after the end of a call, until `$endedCall` is cleared: Call again, and Close. */
export class EndedCallOffer {
  readonly #element: LitElement;
  readonly #ended: StoreController<CallSnapshot | undefined>;
  readonly #connection: StoreController<Connection>;
  #host: CallHost | undefined;
  /** The ended call whose members could not be called again by the last attempt. */
  #failed: CallSnapshot | undefined;

  constructor(element: LitElement) {
    this.#element = element;
    this.#ended = new StoreController(element);
    this.#connection = new StoreController(element);
  }

  attach(host: CallHost | undefined): void {
    this.#host = host;
    this.#ended.attach(host?.service.$endedCall);
    this.#connection.attach(host?.service.$connection);
  }

  /** @returns the call to show: the ended one while there is no other */
  shownFor(call: CallSnapshot | undefined): CallSnapshot | undefined {
    return call?.status === 'idle' ? (this.#ended.value ?? call) : call;
  }

  /**
   * The row of controls.
   * @param note the value of `note()`; if it is not empty, it must be shown in an element `#end-note`
   */
  template(texts: Texts, note: string, { onAgain, onClose }: Actions): TemplateResult {
    return html`<div class="controls end-actions">
      ${
        this.#ended.value
          ? html`<button
              class="call"
              part="call-again-button"
              aria-label=${texts.redial}
              aria-disabled=${!!this.#blocked(texts)}
              aria-describedby=${note ? 'end-note' : nothing}
              @click=${() => !this.#blocked(texts) && onAgain()}
            >
              ${icon(Phone)}<span class="label">${texts.redial}</span>
            </button>`
          : nothing
      }
      <slot name="message"></slot>
      <button class="close" part="close-end-button" aria-label=${texts.close} @click=${onClose}>
        ${icon(X)}<span class="label">${texts.close}</span>
      </button>
    </div>`;
  }

  /** Why calling again is not possible now, or that it has failed; otherwise an empty string. */
  note(texts: Texts): string {
    const ended = this.#ended.value;
    if (!ended) return '';
    return this.#blocked(texts) || (this.#failed === ended ? texts.callFailed : '');
  }

  /** Calls again. Its failure is shown, and rejects. */
  async again(): Promise<void> {
    this.#failed = undefined;
    const ended = this.#ended.value;
    try {
      await this.#host?.service.redialEndedCall();
    } catch (error) {
      this.#failed = ended;
      this.#element.requestUpdate();
      throw error;
    }
  }

  close(): void {
    this.#host?.service.dismissEndedCall();
  }

  #blocked(texts: Texts): string {
    return blockedReason(texts, this.#host, undefined, this.#connection.value);
  }
}
