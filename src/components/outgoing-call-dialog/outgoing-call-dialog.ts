import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { Settings2 } from '../shared/lucide/settings-2.js';
import { Phone } from '../shared/lucide/phone.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { control } from '../shared/controls.js';
import { deviceNotes, deviceNoteTemplate, mutedNotes } from '../shared/device-notes.js';
import { blockedSoundNote } from '../shared/blocked-sound.js';
import { declineMessageOf } from '../shared/decline-message.js';
import { endText } from '../shared/end-text.js';
import { directionOf, listNames } from '../shared/language.js';
import { CallCancelEvent } from '../shared/in-call-events.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { CallSound } from '../shared/call-sound.js';
import type { CallHost } from '../shared/context.js';
import { RingController } from '../shared/ring-controller.js';
import { endedCallStyles } from '../shared/ended-call.styles.js';
import { CallControlsElement } from '../shared/call-controls-element.js';
import { callViewStyles } from '../shared/call-view.styles.js';
import { stagePartsStyles } from '../shared/stage-parts.styles.js';
import { othersOf } from '../shared/call-view.js';
import { centre, heading, roundButton, topBar } from '../shared/stage.js';
import { video } from '../shared/video.js';
import { styles } from './outgoing-call-dialog.styles.js';

/**
 * Shows a call that this user has placed and nobody has answered: the callees, whether their devices ring, which
 * callees could not be reached, and finally why the call ended.
 *
 * @slot message - A control of the page beside Call again, after the end of the call: for example a button that opens a chat.
 * @fires {CallCancelEvent} call-cancel - The user pressed Cancel. Cancelable: `preventDefault()` keeps the call.
 * @fires {CallAgainEvent} call-again - The user pressed Call again after the end of the call. Cancelable.
 * @fires {CallHangUpEvent} call-hang-up - The user pressed Hang up while the accepted call connects. Cancelable.
 * @csspart cancel-button - The button that cancels the call.
 * @csspart hang-up-button - The button that leaves the call while it connects, after a callee has accepted.
 * @csspart microphone-button - The button that mutes the microphone.
 * @csspart camera-button - The button that turns the camera off, in a video call.
 * @csspart call-again-button - The button that calls the others again, after the end of the call.
 * @csspart close-end-button - The button that closes the end of the call.
 * @cssstate open - A call is shown. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org">
 *   <outgoing-call-dialog slot="outgoing"></outgoing-call-dialog>
 * </call-invitation-provider>
 * ```
 */
export class OutgoingCallDialog extends CallControlsElement {
  static override styles = [
    baseStyles,
    hueStyles,
    callViewStyles,
    stagePartsStyles,
    endedCallStyles,
    styles,
  ];

  readonly #ring = new RingController(this, 'outgoing');
  readonly #sound = new CallSound(this, (error) => this.report(error));

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', this.#isShown);
    this.setState('video', this.call?.callType === 'video');
    this.listenToShortcuts(this.isConnected && this.#isShown && this.call?.status !== 'ended');
    const rings = this.isConnected && this.call?.status === 'ringing-out';
    this.#ring.set(rings, this.host?.config()?.ringtone?.outgoing);
    this.#sound.play(this.isConnected && this.#connects);
  }

  protected override get hasCameraControl(): boolean {
    return this.call?.callType === 'video';
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, texts, local } = this;
    if (!call || !this.#isShown) return nothing;
    const { status } = call;
    const callees = othersOf(call);
    const unreached = callees.filter(({ state }) => state === 'unreachable');
    const message =
      callees.length === 1 ? declineMessageOf(callees[0]?.customData ?? '') : undefined;
    const seen = status !== 'ended' && local?.camera === 'on';
    const state = {
      names: callees.map(({ userName }) => userName),
      texts,
      status: this.#status(call),
    };
    const settings = (): void => this.service?.openSettings();
    return html`<section
      class="stage"
      aria-label=${texts.callWith(listNames(state.names, texts))}
      tabindex="-1"
      lang=${texts.lang}
      dir=${directionOf(texts)}
      @keydown=${this.closeEndAtEscape}
    >
      ${this.announcer.template()}
      ${seen ? video(local.picture ?? local.stream ?? null, texts.you, local.facing === 'environment' ? '' : 'mirrored') : nothing}
      ${topBar(
        nothing,
        seen ? heading(state) : nothing,
        status === 'ended' ? nothing : roundButton('settings', texts.devices, Settings2, settings),
      )}
      ${
        seen
          ? nothing
          : centre({
              ...state,
              ...{ users: callees, avatar: this.avatar, rings: status === 'ringing-out' },
              details:
                message === undefined
                  ? nothing
                  : html`<div class="message" dir="auto" data-announced>${message}</div>`,
            })
      }
      <div class="foot">
        ${status === 'ended' ? this.endedFoot() : this.#foot(unreached.map(({ userName }) => userName))}
      </div>
    </section>`;
  }

  /** Whether the call was accepted. The provider replaces the dialog by the view of the call when it has connected. */
  get #connects(): boolean {
    return (
      this.view === 'ongoing' && this.hasAttribute('in-layer') && this.call?.status !== 'ended'
    );
  }

  get #isShown(): boolean {
    return this.view === 'outgoing' || this.#connects;
  }

  #status({ status, endReason }: CallSnapshot): string {
    const { texts } = this;
    if (this.#connects) return texts.connecting;
    if (status === 'ended') return endText(endReason, texts);
    return status === 'ringing-out' ? texts.ringing : texts.calling;
  }

  protected override providerChanged(host: CallHost | undefined): void {
    super.providerChanged(host);
    this.#sound.attach(host?.service);
  }

  #foot(unreached: readonly string[]): TemplateResult {
    const { call, texts, local, shortcutKeys } = this;
    const devices = call ? deviceNotes(call, local, texts) : [];
    const cancel = control(
      ...(['cancel-button', texts.cancel, Phone, this.hangUp, 'end'] as const),
      ...([false, shortcutKeys['hang-up']] as const),
    );
    return html`<div class="notes">
        ${
          unreached.length
            ? html`<div class="note" data-announced>
                ${texts.notReached(listNames(unreached, texts, 5))}
              </div>`
            : nothing
        }
        ${devices.map((note) => deviceNoteTemplate(note, texts, this.retryDevices))}
        ${mutedNotes(local, texts, this.toggleMicrophone)}
        ${this.#ring.blocked ? blockedSoundNote(texts, () => this.#ring.unblock()) : nothing}
      </div>
      ${this.dock(this.deviceControls(shortcutKeys), this.#connects ? this.hangUpControl() : cancel)}`;
  }

  /** Before anybody has answered, hanging up means cancelling. */
  protected override leave(call: CallSnapshot): void {
    if (this.#connects) super.leave(call);
    else if (this.request(new CallCancelEvent(call.callID))) this.run(this.service?.cancel());
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'outgoing-call-dialog': OutgoingCallDialog;
  }
}
