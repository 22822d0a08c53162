import { html, noChange, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import type { EndReason } from '../../core/protocol/vocabulary.js';
import type { Ringtone } from '../../core/service/call-config.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { cardStyles } from '../shared/card.styles.js';
import { callKindText } from '../shared/call-text.js';
import { CallElement } from '../shared/call-element.js';
import { icon } from '../shared/icons.js';
import { directionOf, listNames } from '../shared/language.js';
import { CallAcceptEvent, CallDeclineEvent } from '../shared/request-events.js';
import { ringtoneFor } from '../shared/ringtones.js';
import { RingController } from '../shared/ring-controller.js';
import { othersOf } from '../shared/call-view.js';
import {
  ariaShortcut,
  shortcutKeys,
  Shortcuts,
  shownShortcut,
  spokenShortcut,
} from '../shared/shortcuts.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import { declineData } from '../shared/decline-message.js';
import { deviceNotes, deviceNoteTemplate } from '../shared/device-notes.js';
import { video } from '../shared/video.js';
import { answerOptions, type AnswerActions, type AnswerSources } from './answer-options.js';
import { AnswerPreview } from './answer-preview.js';
import { styles } from './incoming-call-dialog.styles.js';

/** What the user has chosen for the call that rings. */
interface Choices {
  readonly callID: string;
  readonly sources: Partial<AnswerSources>;
  readonly areMessagesOpen: boolean;
}

/**
 * Shows an incoming call, rings, and lets the user accept or decline. It takes no focus: screen readers announce it
 * immediately, and list it as a landmark (a region with the name of the caller).
 *
 * @fires {CallAcceptEvent} call-accept - The user pressed Accept. Cancelable: `preventDefault()` prevents the call
 *   from being accepted.
 * @fires {CallDeclineEvent} call-decline - The user pressed Decline. Cancelable: `preventDefault()` prevents the
 *   call from being declined.
 * @csspart accept-button - The accept button.
 * @csspart accept-voice-button - In a video call: accepts with the camera off.
 * @csspart decline-button - The decline button.
 * @csspart microphone-button - Decides whether the microphone is on when the call is accepted. It opens no device.
 * @csspart camera-button - The same for the camera, in a video call.
 * @csspart preview-button - Opens a preview of the camera, for this user alone, in a video call.
 * @csspart silence-button - Silences the ringing of this call.
 * @csspart message-button - Shows the messages to decline with.
 * @csspart decline-message-button - Declines with a message.
 * @cssstate open - A call is shown. Without this state, the element has `display: none`.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org">
 *   <incoming-call-dialog slot="incoming"></incoming-call-dialog>
 * </call-invitation-provider>
 * ```
 */
export class IncomingCallDialog extends CallElement {
  static override styles = [baseStyles, cardStyles, hueStyles, styles];

  /**
   * The last attempt to accept. It is pending while the media code loads, which has usually been loaded before. If
   * loading failed, the call continues to ring and can be accepted again.
   */
  @state() protected lastAccept: { callID: string; state: 'pending' | 'failed' } | undefined;

  /** Choices before the answer. Those of another call do not count. */
  @state() protected choices: Choices | undefined;

  readonly #ring = new RingController(this, 'incoming');
  readonly #preview = new AnswerPreview(this);
  readonly #shortcuts = new Shortcuts(this, (action) => {
    if (action === 'accept') this.#onAccept();
    else if (action === 'hang-up') this.#onDecline();
    else return false;
    return true;
  });
  /** The call whose ringtone was read from the configuration. */
  #asked:
    { readonly callID: string | undefined; readonly ringtone: Ringtone | undefined } | undefined;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (this.hasAttribute('in-layer')) this.inert = this.#isReplaced;
    this.setState('open', this.view === 'incoming' || this.#isReplaced);
    const { call, host } = this;
    const rings = this.isConnected && call?.status === 'incoming';
    if (!rings || this.choices?.callID !== call.callID) this.#preview.close();
    const shared = `${host?.service.user?.userID} ${call?.callID}`;
    const pending = this.#acceptState === 'pending';
    this.#shortcuts.set(rings ? shortcutKeys(host?.config()?.shortcuts) : undefined);
    const isAudible = rings && !pending && !call.silenced;
    const ringtone = isAudible ? this.#ringtone() : undefined;
    this.#ring.set(isAudible, ringtone, shared, host?.ringer());
  }

  protected override render(): TemplateResult | typeof nothing | typeof noChange {
    const { call, texts } = this;
    if (this.#isReplaced) return noChange;
    if (!call || this.view !== 'incoming') return nothing;
    const caller = call.inviter;
    const name = caller?.userName ?? '';
    const rings = call.status === 'incoming';
    const isVideo = call.callType === 'video' && !this.#isAudioOnly;
    const kind = callKindText(call, texts);
    const what = rings ? this.#ringing(kind) : this.#end(call.endReason);
    const others = othersOf(call).filter(({ userID }) => userID !== caller?.userID);
    const picture = icon(isVideo ? Video : Phone);
    const { accept, 'hang-up': decline } = shortcutKeys(this.host?.config()?.shortcuts);
    const hint = accept ? `. ${texts.acceptShortcut(spokenShortcut(accept))}` : '';
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="name what">
        <div class="who">
          ${this.avatar(caller, rings ? 'rings' : '')}
          <div>
            <div id="name" class="name" title=${name} dir="auto">${name}</div>
            <div id="what">
              <div class="what">${rings ? picture : nothing}${what}</div>
              ${
                others.length
                  ? html`<div>
                      ${texts.withOthers(
                        listNames(
                          others.map(({ userName }) => userName),
                          texts,
                        ),
                      )}
                    </div>`
                  : nothing
              }
            </div>
          </div>
        </div>
        ${
          rings
            ? html`<div class="answers">
                <button
                  class="decline"
                  part="decline-button"
                  aria-keyshortcuts=${decline ? ariaShortcut(decline) : nothing}
                  @click=${this.#onDecline}
                >
                  ${icon(Phone, 'down')}${texts.decline}
                </button>
                <button
                  class="accept"
                  part="accept-button"
                  aria-busy=${this.#acceptState === 'pending'}
                  aria-keyshortcuts=${accept ? ariaShortcut(accept) : nothing}
                  title=${ifDefined(accept && shownShortcut(accept))}
                  @click=${this.#onAccept}
                >
                  ${picture}${texts.accept}
                </button>
                ${
                  isVideo
                    ? html`<button
                        class="voice"
                        part="accept-voice-button"
                        @click=${this.#onAcceptVoice}
                      >
                        ${icon(Phone)}${texts.acceptVoice}
                      </button>`
                    : nothing
                }
              </div>`
            : nothing
        }
        ${rings ? this.#options(isVideo) : nothing}
        ${
          this.#ring.blocked
            ? html`<div class="note">
                ${texts.soundBlocked}
                <button @click=${this.#onRingAloud}>${texts.ringAloud}</button>
              </div>`
            : nothing
        }
      </section>
      <div class="hidden" role="alert">
        ${rings && !this.#acceptState ? `${texts.isCalling(name)}. ${kind}${hint}` : what}
      </div>`;
  }

  /** Whether the call was accepted. The provider replaces the dialog by the view of the call, which grows from it. */
  get #isReplaced(): boolean {
    return this.view === 'ongoing' && this.hasAttribute('in-layer');
  }

  /** The ringtone of the shown call. A function of the page is asked once for each call. */
  #ringtone(): Ringtone | undefined {
    const { call } = this;
    const { callID } = call ?? {};
    if (this.#asked?.callID !== callID) {
      const configured = this.host?.config()?.ringtone?.incoming;
      const ringtone = ringtoneFor(configured, call, (error) => this.report(error));
      this.#asked = { callID, ringtone };
    }
    return this.#asked?.ringtone;
  }

  get #isAudioOnly(): boolean {
    return this.host?.config()?.media?.audioOnly === true;
  }

  /** What the user has chosen for the shown call. */
  get #choices(): Choices {
    const { choices } = this;
    const callID = this.call?.callID ?? '';
    return choices?.callID === callID ? choices : { callID, sources: {}, areMessagesOpen: false };
  }

  /** Whether microphone and camera are on when the call is accepted. */
  get #sources(): AnswerSources {
    const { microphoneOn = true, cameraOn = this.call?.callType === 'video' } =
      this.host?.config()?.defaults ?? {};
    return { microphone: microphoneOn, camera: cameraOn, ...this.#choices.sources };
  }

  #options(hasCamera: boolean): TemplateResult {
    const { texts } = this;
    const { media, isOpen } = this.#preview;
    const messages = this.host?.config()?.declineMessages ?? texts.declineMessages;
    const look = media?.facing === 'environment' ? '' : 'mirrored';
    return html`<div class="before">
      ${answerOptions(
        {
          ...{ sources: this.#sources, hasCamera, messages, isPreviewOpen: isOpen },
          isSilenced: this.call?.silenced ?? false,
          areMessagesOpen: this.#choices.areMessagesOpen,
        },
        this.#actions,
        texts,
      )}
      ${
        media?.camera === 'on'
          ? html`<div class="preview">
              ${video(media.stream ?? null, texts.previewCamera, look)}
            </div>`
          : nothing
      }
      ${deviceNotes(undefined, media, texts).map((note) =>
        deviceNoteTemplate(note, texts, () => this.#openPreview()),
      )}
    </div>`;
  }

  readonly #actions: AnswerActions = {
    toggle: (source) => {
      const sources = { ...this.#choices.sources, [source]: !this.#sources[source] };
      this.choices = { ...this.#choices, sources };
    },
    togglePreview: () => {
      if (this.#preview.isOpen) this.#preview.close();
      else this.#openPreview();
    },
    silence: () => void this.service?.silence(),
    toggleMessages: () => {
      this.choices = { ...this.#choices, areMessagesOpen: !this.#choices.areMessagesOpen };
    },
    declineWith: (message) => this.#decline(message),
  };

  #openPreview(): void {
    this.choices = this.#choices;
    this.#preview.close();
    this.run(this.service && this.#preview.open(this.service));
  }

  /** State of the attempt to accept the shown call, if there was one. */
  get #acceptState(): 'pending' | 'failed' | undefined {
    const { call, lastAccept } = this;
    return call?.status === 'incoming' && call.callID === lastAccept?.callID
      ? lastAccept.state
      : undefined;
  }

  #ringing(kind: string): string {
    if (!this.#acceptState) return kind;
    return this.#acceptState === 'pending' ? this.texts.connecting : this.texts.mediaFailed;
  }

  #end(reason: EndReason | undefined): string {
    const { texts } = this;
    switch (reason) {
      case 'answered-elsewhere':
        return texts.answeredElsewhere;
      case 'declined-elsewhere':
        return texts.declinedElsewhere;
      case 'hung-up':
        return texts.callEnded;
      default:
        return texts.missedCall;
    }
  }

  readonly #onAccept = (): void => this.#accept(this.#choices.sources);

  readonly #onAcceptVoice = (): void => this.#accept({ ...this.#choices.sources, camera: false });

  #accept(sources: Partial<AnswerSources>): void {
    const { call, service } = this;
    if (!call || this.#acceptState === 'pending') return;
    if (!this.request(new CallAcceptEvent(call.callID, sources)) || !service) return;
    // Phones can open a camera only once.
    this.#preview.close();
    const { callID } = call;
    const accepting = service.accept(sources);
    // Set only after the service had the event: usually the call is accepted then, and this dialog closes.
    const pending = { callID, state: 'pending' } as const;
    if (this.call?.status === 'incoming') this.lastAccept = pending;
    const settle = (next: typeof this.lastAccept): void => {
      if (this.lastAccept === pending) this.lastAccept = next;
    };
    accepting.then(
      () => settle(undefined),
      () => settle({ callID, state: 'failed' }),
    );
    this.run(accepting);
  }

  readonly #onDecline = (): void => this.#decline();

  #decline(message?: string): void {
    if (!this.call || !this.request(new CallDeclineEvent(this.call.callID, { message }))) return;
    const data = message === undefined ? undefined : { customData: declineData(message) };
    this.run(this.service?.decline(data));
  }

  readonly #onRingAloud = (): void => this.#ring.unblock();
}

declare global {
  interface HTMLElementTagNameMap {
    'incoming-call-dialog': IncomingCallDialog;
  }
}
