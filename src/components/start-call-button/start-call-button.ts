import { LitElement, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import type { CallType } from '../../core/protocol/vocabulary.js';
import { CallError } from '../../core/service/call-error.js';
import { baseStyles } from '../shared/base.styles.js';
import { CallElement } from '../shared/call-element.js';
import { CallStartEvent } from '../shared/call-start-event.js';
import { icon } from '../shared/icons.js';
import { directionOf } from '../shared/language.js';
import { readUsers, type UserList } from '../shared/read-users.js';
import { styles } from './start-call-button.styles.js';

/** How long an error message is shown beside the button, in ms. */
const NOTE_MS = 6_000;

/**
 * Places a call when the user presses it.
 *
 * @slot - The label. Default: an icon and "Call".
 * @fires {CallStartEvent} call-start - The user pressed the button. Cancelable: `preventDefault()` prevents the
 *   call.
 * @csspart button - The button.
 *
 * @example
 * ```html
 * <call-invitation-provider user-id="alice" signaling="wss://calls.example.org"></call-invitation-provider>
 * <start-call-button callees="bob" call-type="video" timeout-seconds="45">Call Bob</start-call-button>
 * ```
 */
export class StartCallButton extends CallElement {
  static override shadowRootOptions: ShadowRootInit = {
    ...LitElement.shadowRootOptions,
    delegatesFocus: true,
  };
  static override styles = [baseStyles, styles];

  /** Users to call. As an attribute: user IDs separated by white space, or a JSON array of user IDs and users. */
  @property() callees: UserList = null;

  /** `voice` or `video`. Default: `voice`. */
  @property({ attribute: 'call-type' }) callType: CallType | null = 'voice';

  /** Application data that is sent with the invitation, at most 1,024 bytes of UTF-8. */
  @property({ attribute: 'custom-data' }) customData: string | null = '';

  /** Ring time in seconds, 1 to 600. Default: the ring time of the provider. */
  @property({ attribute: 'timeout-seconds', type: Number }) timeoutSeconds: number | null = null;

  @property({ type: Boolean, reflect: true }) disabled = false;

  @state() protected note = '';

  #sending = false;
  #noteTimer: ReturnType<typeof setTimeout> | undefined;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#noteTimer);
    this.note = '';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', true);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('callees')) return;
    try {
      readUsers(this.callees, 'callees');
    } catch (error) {
      this.report(error);
    }
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    const video = this.callType === 'video';
    const note = this.host?.canTakeCalls === false ? texts.unsupportedHere : this.note;
    return html`<button
        part="button"
        lang=${texts.lang}
        dir=${directionOf(texts)}
        ?disabled=${this.disabled}
        aria-describedby="note"
        @click=${this.#onPress}
      >
        <slot>${icon(video ? Video : Phone)}${video ? texts.videoCall : texts.call}</slot>
      </button>
      <div id="note" role="status" ?hidden=${!note}>${note || nothing}</div>`;
  }

  /** Presses the button, like `click()` of any button. */
  override click(): void {
    this.renderRoot.querySelector('button')?.click();
  }

  readonly #onPress = (event: MouseEvent): void => {
    // A double click places one call.
    if (!this.#sending && event.detail < 2) void this.#send();
  };

  async #send(): Promise<void> {
    this.#sending = true;
    this.#showNote('');
    try {
      const callees = readUsers(this.callees, 'callees');
      const { callType, customData, timeoutSeconds } = this;
      const type = callType ?? 'voice';
      const data = customData ?? '';
      if (!this.request(new CallStartEvent(callees, type, data))) return;
      if (callees.length === 0) {
        throw new CallError(
          'invalid-argument',
          '<start-call-button> has no callees. Set the attribute or the property; React drops properties when it hydrates server-rendered HTML.',
        );
      }
      if (!this.service) {
        throw new CallError('not-connected', 'No <call-invitation-provider> was found.');
      }
      await this.service.send({
        invitees: callees,
        callType: type,
        customData: data,
        ...(timeoutSeconds === null ? {} : { timeoutSeconds }),
      });
    } catch (error) {
      const { code } = error as Partial<CallError>;
      const { texts } = this;
      this.#showNote(
        code === 'unsupported'
          ? texts.unsupportedHere
          : code === 'not-connected'
            ? texts.notConnected
            : code === 'busy'
              ? texts.alreadyInCall
              : texts.callFailed,
      );
      this.report(error);
    } finally {
      this.#sending = false;
    }
  }

  #showNote(note: string): void {
    this.note = note;
    clearTimeout(this.#noteTimer);
    if (note) this.#noteTimer = setTimeout(() => (this.note = ''), NOTE_MS);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'start-call-button': StartCallButton;
  }
}
