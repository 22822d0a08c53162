import { css, html, nothing, type LitElement, type TemplateResult } from 'lit';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot, Connection } from '../../core/service/snapshots.js';
import type { Texts } from '../shared/language.js';
import { StoreController } from '../shared/store-controller.js';

export const lostCallStyles = css`
  .again {
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 12px;
    padding: 0 16px 24px;
  }
  .again button {
    min-block-size: 48px;
    padding-inline: 24px;
    border-radius: 24px;
    background: var(--_glass);
    font-weight: 600;
  }
  .again .call {
    background: var(--_accept);
    color: var(--_on-accept);
  }
  .again button:disabled {
    opacity: 0.5;
    cursor: not-allowed;
  }
  .again .note {
    flex-basis: 100%;
  }
  .bar .again {
    flex-wrap: nowrap;
    gap: 8px;
    padding: 0;
  }
  .bar .again button {
    min-block-size: 44px;
    padding-inline: 14px;
  }
`;

/** The last call, if it can be called again because its connection was lost. */
export class LostCallOffer {
  readonly #call: StoreController<CallSnapshot | undefined>;
  readonly #connection: StoreController<Connection>;

  constructor(host: LitElement) {
    this.#call = new StoreController(host);
    this.#connection = new StoreController(host);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#call.attach(service?.$lostCall);
    this.#connection.attach(service?.$connection);
  }

  /** @returns the call to show: the lost one while there is no other */
  shownFor(call: CallSnapshot | undefined): CallSnapshot | undefined {
    return call?.status === 'idle' ? (this.#call.value ?? call) : call;
  }

  /** The buttons for the lost call; nothing for another call. */
  template(
    { callID }: CallSnapshot,
    texts: Texts,
    onAgain: () => void,
    onClose: () => void,
  ): TemplateResult | typeof nothing {
    if (this.#call.value?.callID !== callID) return nothing;
    const isConnected = this.#connection.value === 'connected';
    return html`<div class="again">
      ${isConnected ? nothing : html`<div class="note" data-announced>${texts.notConnected}</div>`}
      <button class="call" part="call-again-button" ?disabled=${!isConnected} @click=${onAgain}>
        ${texts.redial}
      </button>
      <button @click=${onClose}>${texts.close}</button>
    </div>`;
  }
}
