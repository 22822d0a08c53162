import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import type { CallHost } from '../shared/context.js';
import { blockedSoundNote } from '../shared/blocked-sound.js';
import { CallSound } from '../shared/call-sound.js';
import { callText } from '../shared/call-text.js';
import { directionOf, listNames } from '../shared/language.js';
import { endedCallStyles } from '../shared/ended-call.styles.js';
import { CallControlsElement } from '../shared/call-controls-element.js';
import { callViewStyles } from '../shared/call-view.styles.js';
import { stagePartsStyles } from '../shared/stage-parts.styles.js';
import { presentOf } from '../shared/call-view.js';
import { centre, topBar } from '../shared/stage.js';
import { styles } from './minimal-call-view.styles.js';

/**
 * A minimal view of the running call: names, sound, and the essential buttons. It is part of the provider's code.
 * The provider shows it until the code of `<ongoing-call-view>` is loaded.
 *
 * @slot message - A control of the page beside Call again, after the end of the call.
 * @fires {CallHangUpEvent} call-hang-up - The user pressed Hang up. Cancelable: `preventDefault()` keeps the call.
 * @fires {CallAgainEvent} call-again - The user pressed Call again after the end of the call. Cancelable.
 * @csspart microphone-button - The button that mutes the microphone.
 * @csspart camera-button - The button that turns the camera off, in a video call.
 * @csspart hang-up-button - The button that leaves the call.
 * @csspart call-again-button - The button that calls the others again, after the end of the call.
 * @csspart close-end-button - The button that closes the end of the call.
 * @cssstate open - A call is shown. Without this state, the element has `display: none`.
 */
export class MinimalCallView extends CallControlsElement {
  static override styles = [
    baseStyles,
    hueStyles,
    callViewStyles,
    stagePartsStyles,
    endedCallStyles,
    styles,
  ];

  /** Whether the full view could not be loaded. The view shows a note about it. */
  @property({ type: Boolean, reflect: true }) incomplete = false;

  readonly #sound = new CallSound(this, (error) => this.report(error));

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const shown = this.isConnected && this.view === 'ongoing';
    this.setState('open', shown);
    this.setState('video', this.call?.callType === 'video');
    this.listenToShortcuts(shown && this.call?.status !== 'ended');
    this.#sound.play(shown);
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, texts } = this;
    if (!call || this.view !== 'ongoing') return nothing;
    const others = presentOf(call);
    const names = others.map(({ userName }) => userName);
    return html`<section
      class="stage"
      aria-label=${texts.callWith(listNames(names, texts))}
      tabindex="-1"
      lang=${texts.lang}
      dir=${directionOf(texts)}
      @keydown=${this.closeEndAtEscape}
    >
      ${this.announcer.template()} ${topBar(nothing, nothing, nothing)}
      ${centre({ names, texts, status: callText(call, texts), users: others, avatar: this.avatar })}
      <div class="foot">${call.status === 'ended' ? this.endedFoot() : this.#foot()}</div>
    </section>`;
  }

  protected override get hasCameraControl(): boolean {
    return this.call?.callType === 'video';
  }

  protected override providerChanged(host: CallHost | undefined): void {
    super.providerChanged(host);
    this.#sound.attach(host?.service);
  }

  #foot(): TemplateResult {
    const { texts } = this;
    return html`<div class="notes">
        ${this.#sound.blocked ? blockedSoundNote(texts, () => this.#sound.unblock()) : nothing}
        ${
          this.incomplete
            ? html`<div class="note" data-announced>${texts.viewIncomplete}</div>`
            : nothing
        }
      </div>
      ${this.dock(this.deviceControls(this.shortcutKeys))}`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'minimal-call-view': MinimalCallView;
  }
}
