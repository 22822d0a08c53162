import { html, nothing, type ReactiveControllerHost, type TemplateResult } from 'lit';
import { ShieldCheck } from '../shared/lucide/shield-check.js';
import type { Verification } from '../../core/ports/media.js';
import type { CallInvitationService } from '../../core/service/types.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';
import { emojiName } from '../../locales/emoji-names.js';
import { othersOf } from '../shared/call-view.js';
import { listNames, type Texts } from '../shared/language.js';
import { StoreController } from '../shared/store-controller.js';
import type { MoreAction } from './more-panel.js';
import type { Panels } from './panels.js';

/** The button "Verify" of the call view, and the panel with the emoji of each member. */
export class VerificationPanel {
  readonly #panels: Panels;
  readonly #store: StoreController<ReadonlyMap<string, Verification>>;

  constructor(host: ReactiveControllerHost & Element, panels: Panels) {
    this.#panels = panels;
    this.#store = new StoreController(host);
  }

  attach(service: CallInvitationService | undefined): void {
    this.#store.attach(service?.$verification);
  }

  /** Opens the panel; undefined while there is no link. */
  action(call: CallSnapshot, texts: Texts): MoreAction | undefined {
    if (this.#membersOf(call).length === 0) return undefined;
    const onPress = (): void => this.#panels.open('verification');
    return { label: texts.verify, node: ShieldCheck, part: 'verify-button', onPress };
  }

  panel(call: CallSnapshot, texts: Texts): TemplateResult | typeof nothing {
    const members = this.#membersOf(call);
    if (members.length === 0) return nothing;
    const isReady = members.some(({ userID }) => this.#of(userID)?.state === 'ready');
    const content = html`<div class="verification">
      ${isReady ? html`<p>${texts.verifyHint}</p>` : nothing}
      ${members.map((member) => this.#section(member, texts))}
    </div>`;
    return this.#panels.panel({ name: 'verification', label: texts.verify, content }, texts);
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
    return text === undefined ? nothing : html`<div class="note" data-announced>${text}</div>`;
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
          : html`<p data-announced>${text}</p>`
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
}
