import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { ifDefined } from 'lit/directives/if-defined.js';
import type { Ringtone } from '../../core/service/call-config.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { cardStyles } from '../shared/card.styles.js';
import { CallSound } from '../shared/call-sound.js';
import { callKindText } from '../shared/call-text.js';
import { CallElement } from '../shared/call-element.js';
import type { CallHost } from '../shared/context.js';
import { CallHangUpEvent } from '../shared/in-call-events.js';
import { directionOf, listNames } from '../shared/language.js';
import { CallAcceptEvent, CallDeclineEvent } from '../shared/request-events.js';
import { ringtoneFor } from '../shared/ringtones.js';
import { KeepFocus } from '../shared/keep-focus.js';
import { RingController } from '../shared/ring-controller.js';
import { othersOf } from '../shared/call-view.js';
import { shortcutKeys, Shortcuts, spokenShortcut } from '../shared/shortcuts.js';
import { declineData } from '../shared/decline-message.js';
import { deviceNotes, deviceNoteTemplate } from '../shared/device-notes.js';
import { video } from '../shared/video.js';
import { answerButtons, callKindIcon, hangUpButton } from './answer-buttons.js';
import { unansweredText } from './unanswered-text.js';
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
 * @fires {CallHangUpEvent} call-hang-up - The user pressed Hang up while the accepted call connects. Cancelable.
 * @csspart accept-button - The accept button.
 * @csspart accept-voice-button - In a video call: accepts with the camera off.
 * @csspart decline-button - The decline button.
 * @csspart hang-up-button - The button that leaves the accepted call while it connects.
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
  readonly #sound = new CallSound(this, (error) => this.report(error));
  readonly #preview = new AnswerPreview(this);
  readonly #shortcuts = new Shortcuts(this, (action) => {
    if (this.#connects) {
      if (action !== 'hang-up') return false;
      this.#hangUp();
    } else if (action === 'accept') this.#onAccept();
    else if (action === 'hang-up') this.#onDecline();
    else return false;
    return true;
  });
  /** The call whose ringtone was read from the configuration. */
  #asked:
    { readonly callID: string | undefined; readonly ringtone: Ringtone | undefined } | undefined;

  constructor() {
    super();
    this.addController(new KeepFocus(this, () => this.isOpen));
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const connects = this.#connects;
    this.setState('open', this.view === 'incoming' || connects);
    const { call, host } = this;
    const rings = this.isConnected && call?.status === 'incoming';
    if (!rings || this.choices?.callID !== call.callID) this.#preview.close();
    const shared = `${host?.service.user?.userID} ${call?.callID}`;
    const pending = this.#acceptState === 'pending';
    this.#sound.play(this.isConnected && connects);
    this.#shortcuts.set(rings || connects ? shortcutKeys(host?.config()?.shortcuts) : undefined);
    const isAudible = rings && !pending && !call.silenced;
    const ringtone = isAudible ? this.#ringtone() : undefined;
    this.#ring.set(isAudible, ringtone, shared, host?.ringer());
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, texts } = this;
    const connects = this.#connects;
    if (!call || (this.view !== 'incoming' && !connects)) return nothing;
    const caller = call.inviter;
    const name = caller?.userName ?? '';
    const rings = call.status === 'incoming';
    const isVideo = call.callType === 'video' && !this.#isAudioOnly;
    const kind = callKindText(call, texts);
    const what = connects
      ? texts.connecting
      : rings
        ? this.#ringing(kind)
        : unansweredText(call.endReason, texts);
    const others = othersOf(call).filter(({ userID }) => userID !== caller?.userID);
    const keys = shortcutKeys(this.host?.config()?.shortcuts);
    const hint = keys.accept ? `. ${texts.acceptShortcut(spokenShortcut(keys.accept))}` : '';
    return html`<section
        lang=${texts.lang}
        dir=${directionOf(texts)}
        aria-labelledby="name what"
        tabindex=${ifDefined(connects ? -1 : undefined)}
      >
        <div class="who">
          ${this.avatar(caller, rings ? 'rings' : '')}
          <div>
            <div id="name" class="name" title=${name} dir="auto">${name}</div>
            <div id="what">
              <div class="what">${rings ? callKindIcon(isVideo) : nothing}${what}</div>
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
        ${rings ? this.#answers(isVideo) : nothing} ${rings ? this.#options(isVideo) : nothing}
        ${connects ? hangUpButton(keys, this.#hangUp, texts) : nothing}
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

  /** Whether the call was accepted. When it has connected, the provider replaces the dialog by its view, which grows from it. */
  get #connects(): boolean {
    return (
      this.view === 'ongoing' && this.hasAttribute('in-layer') && this.call?.status !== 'ended'
    );
  }

  protected override providerChanged(host: CallHost | undefined): void {
    this.#sound.attach(host?.service);
  }

  /** Focuses the card as a whole, not a button, so that a key that is still pressed triggers nothing. */
  override focus(options?: FocusOptions): void {
    this.renderRoot.querySelector<HTMLElement>('section')?.focus(options);
  }

  #answers(isVideo: boolean): TemplateResult {
    return answerButtons(
      {
        keys: shortcutKeys(this.host?.config()?.shortcuts),
        isVideo,
        isPending: this.#acceptState === 'pending',
      },
      { decline: this.#onDecline, accept: this.#onAccept, acceptVoice: this.#onAcceptVoice },
      this.texts,
    );
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

  readonly #hangUp = (): void => {
    if (!this.call || !this.request(new CallHangUpEvent(this.call.callID))) return;
    this.run(this.service?.hangUp());
  };

  readonly #onRingAloud = (): void => this.#ring.unblock();
}

declare global {
  interface HTMLElementTagNameMap {
    'incoming-call-dialog': IncomingCallDialog;
  }
}
