import { html, nothing, type ReactiveController, type TemplateResult } from 'lit';
import type { ReactiveControllerHost } from 'lit';
import { ShieldCheck } from '../shared/lucide/shield-check.js';
import type { Verification } from '../../core/ports/media.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { emojiName } from '../../locales/emoji-names.js';
import { othersOf } from '../shared/call-view.js';
import { icon } from '../shared/icons.js';
import { listNames, type Texts } from '../shared/language.js';
import { StoreController } from '../shared/store-controller.js';

type Host = ReactiveControllerHost & Element & { readonly renderRoot: ParentNode };

/** The button "Verify" of the call view, and the panel with the emoji of each member. */
export class VerificationPanel implements ReactiveController {
  readonly #host: Host;
  readonly #store: StoreController<ReadonlyMap<string, Verification>>;
  #isOpen = false;

  constructor(host: Host) {
    this.#host = host;
    this.#store = new StoreController(host);
    host.addController(this);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#store.attach(service?.$verification);
  }

  hostDisconnected(): void {
    this.#isOpen = false;
  }

  close(): void {
    this.#isOpen = false;
  }

  /** @param onOpen called when the panel opens, to close others in its place */
  button(call: CallSnapshot, texts: Texts, onOpen: () => void): TemplateResult | typeof nothing {
    if (this.#membersOf(call).length === 0) return nothing;
    return html`<button
      class="round"
      part="verify-button"
      aria-label=${texts.verify}
      title=${texts.verify}
      aria-expanded=${this.#isOpen}
      aria-controls="verification"
      @keydown=${this.#onKeyDown}
      @click=${() => {
        this.#isOpen = !this.#isOpen;
        if (this.#isOpen) onOpen();
        this.#host.requestUpdate();
      }}
    >
      ${icon(ShieldCheck)}
    </button>`;
  }

  panel(call: CallSnapshot, texts: Texts): TemplateResult | typeof nothing {
    const members = this.#membersOf(call);
    if (!this.#isOpen || members.length === 0) return nothing;
    return html`<div
      id="verification"
      class="panel verification"
      role="group"
      tabindex="0"
      aria-label=${texts.verify}
      @keydown=${this.#onKeyDown}
    >
      ${
        members.some(({ userID }) => this.#of(userID)?.state === 'ready')
          ? html`<p>${texts.verifyHint}</p>`
          : nothing
      }
      ${members.map((member) => this.#section(member, texts))}
    </div>`;
  }

  /** Why a link was closed; undefined unless it may have been intercepted. */
  failureText(call: CallSnapshot, texts: Texts): string | undefined {
    const names = othersOf(call)
      .filter(({ userID }) => this.#of(userID)?.state === 'failed')
      .map(({ userName }) => userName);
    return names.length > 0 ? texts.verificationFailed(listNames(names, texts)) : undefined;
  }

  /** A note with the same text, during the call. */
  note(call: CallSnapshot, texts: Texts): TemplateResult | typeof nothing {
    const text = this.failureText(call, texts);
    return text === undefined ? nothing : html`<div class="note">${text}</div>`;
  }

  #section({ userID, userName }: Member, texts: Texts): TemplateResult {
    const { state, emoji } = this.#of(userID) ?? { state: 'pending', emoji: [] };
    const text = {
      ready: '',
      pending: texts.verificationPending,
      unavailable: texts.verificationUnavailable,
      failed: texts.verificationFailed(userName),
    }[state];
    return html`<section data-user=${userID} data-state=${state} aria-label=${userName}>
      <div class="member"><bdi>${userName}</bdi></div>
      ${
        state === 'ready'
          ? html`<ol class="emoji">
              ${emoji.map(
                ({ number, symbol }) =>
                  html`<li>
                    <span class="symbol" aria-hidden="true">${symbol}</span>
                    <span>${emojiName(number, texts)}</span>
                  </li>`,
              )}
            </ol>`
          : html`<p role="status">${text}</p>`
      }
    </section>`;
  }

  #of(userID: string): Verification | undefined {
    return this.#store.value?.get(userID);
  }

  /** The members to whom there is, or was, a link. */
  #membersOf(call: CallSnapshot): readonly Member[] {
    return othersOf(call).filter(({ userID }) => this.#store.value?.has(userID));
  }

  readonly #onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || !this.#isOpen) return;
    event.stopPropagation();
    this.#isOpen = false;
    this.#host.requestUpdate();
    this.#host.renderRoot.querySelector<HTMLElement>('[aria-controls="verification"]')?.focus();
  };
}
