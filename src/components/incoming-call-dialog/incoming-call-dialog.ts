import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { Phone } from '../shared/lucide/phone.js';
import { Video } from '../shared/lucide/video.js';
import type { EndReason } from '../../core/protocol/vocabulary.js';
import { avatar, hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { cardStyles } from '../shared/card.styles.js';
import { callKindText } from '../shared/call-text.js';
import { CallElement } from '../shared/call-element.js';
import { icon } from '../shared/icons.js';
import { directionOf, listNames } from '../shared/language.js';
import { CallAcceptEvent, CallDeclineEvent } from '../shared/request-events.js';
import { RingController } from '../shared/ring-controller.js';
import { othersOf } from '../shared/call-view.js';
import { styles } from './incoming-call-dialog.styles.js';

/**
 * Shows an incoming call, rings, and lets the user accept or decline. It takes no focus: screen readers announce it
 * immediately, and list it as a landmark (a region with the name of the caller).
 *
 * @fires {CallAcceptEvent} call-accept - The user pressed Accept. Cancelable: `preventDefault()` prevents the call
 *   from being accepted.
 * @fires {CallDeclineEvent} call-decline - The user pressed Decline. Cancelable: `preventDefault()` prevents the
 *   call from being declined.
 * @csspart accept-button - The accept button.
 * @csspart decline-button - The decline button.
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

  readonly #ring = new RingController(this, 'incoming');

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', this.view === 'incoming');
    const { call, host } = this;
    const rings = this.isConnected && call?.status === 'incoming';
    const shared = `${host?.service.user?.userID} ${call?.callID}`;
    const pending = this.#acceptState === 'pending';
    this.#ring.set(rings && !pending, host?.config()?.ringtone?.incoming, shared, host?.ringer());
  }

  protected override render(): TemplateResult | typeof nothing {
    const { call, texts } = this;
    if (!call || this.view !== 'incoming') return nothing;
    const caller = call.inviter;
    const name = caller?.userName ?? '';
    const rings = call.status === 'incoming';
    const video = call.callType === 'video';
    const kind = callKindText(call, texts);
    const what = rings ? this.#ringing(kind) : this.#end(call.endReason);
    const others = othersOf(call).filter(({ userID }) => userID !== caller?.userID);
    const picture = icon(video ? Video : Phone);
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="name what">
        <div class="who">
          ${avatar(caller, rings ? 'rings' : '')}
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
                <button class="decline" part="decline-button" @click=${this.#onDecline}>
                  ${icon(Phone, 'down')}${texts.decline}
                </button>
                <button
                  class="accept"
                  part="accept-button"
                  aria-busy=${this.#acceptState === 'pending'}
                  @click=${this.#onAccept}
                >
                  ${picture}${texts.accept}
                </button>
              </div>`
            : nothing
        }
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
        ${rings && !this.#acceptState ? `${texts.isCalling(name)}. ${kind}` : what}
      </div>`;
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

  readonly #onAccept = (): void => {
    const { call, service } = this;
    if (!call || this.#acceptState === 'pending') return;
    if (!this.request(new CallAcceptEvent(call.callID)) || !service) return;
    const { callID } = call;
    const accepting = service.accept();
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
  };

  readonly #onDecline = (): void => {
    if (!this.call || !this.request(new CallDeclineEvent(this.call.callID))) return;
    this.run(this.service?.decline());
  };

  readonly #onRingAloud = (): void => this.#ring.unblock();
}

declare global {
  interface HTMLElementTagNameMap {
    'incoming-call-dialog': IncomingCallDialog;
  }
}
