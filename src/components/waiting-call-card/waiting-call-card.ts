import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { hueStyles } from '../shared/avatar.js';
import { baseStyles } from '../shared/base.styles.js';
import { CallElement } from '../shared/call-element.js';
import { callKindText } from '../shared/call-text.js';
import { presentOf } from '../shared/call-view.js';
import { cardStyles } from '../shared/card.styles.js';
import type { CallHost } from '../shared/context.js';
import { directionOf, directionOfNames, listNames } from '../shared/language.js';
import { CallAcceptEvent, CallDeclineEvent } from '../shared/request-events.js';
import { RingController } from '../shared/ring-controller.js';
import { StoreController } from '../shared/store-controller.js';
import { styles } from './waiting-call-card.styles.js';

/**
 * Shows the calls besides the running one: a second call that waits (`config.callWaiting`), with a soft tone and its answers,
 * and calls on hold. It takes no focus: screen readers announce a waiting call immediately.
 *
 * @fires {CallAcceptEvent} call-accept - The user accepts the waiting call; `runningCall` is `hold` or `end`. Cancelable.
 * @fires {CallDeclineEvent} call-decline - The user declines the waiting call. Cancelable.
 * @csspart decline-button - Declines the waiting call.
 * @csspart end-and-accept-button - Ends the running call, and accepts the waiting one.
 * @csspart hold-and-accept-button - Puts the running call on hold, and accepts the waiting one.
 * @csspart resume-button - Continues the call on hold, or exchanges it with the running one.
 * @csspart merge-button - Adds the user of the call on hold to the running call.
 * @csspart transfer-button - Connects the users of both calls, and leaves.
 * @cssstate open - A call waits or is on hold. Without this state, the element has `display: none`.
 */
export class WaitingCallCard extends CallElement {
  static override styles = [baseStyles, cardStyles, hueStyles, styles];

  readonly #waiting = new StoreController<CallSnapshot | undefined>(this);
  readonly #held = new StoreController<readonly CallSnapshot[]>(this);
  readonly #ring = new RingController(this, 'waiting');

  protected override providerChanged(host: CallHost | undefined): void {
    super.providerChanged(host);
    this.#waiting.attach(host?.service.$waitingCall);
    this.#held.attach(host?.service.$heldCalls);
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const waiting = this.#waiting.value;
    this.setState('open', !!waiting || this.#onHold !== undefined);
    const isAudible = this.isConnected && !!waiting && !waiting.silenced;
    // A ringtone of the page would be too loud during a call; only its silence applies here.
    const isSilent = this.host?.config()?.ringtone?.incoming === false;
    this.#ring.set(isAudible && !isSilent, undefined, undefined, this.host?.ringer());
  }

  protected override render(): TemplateResult {
    const waiting = this.#waiting.value;
    const onHold = this.#onHold;
    const { texts } = this;
    const name = waiting?.inviter?.userName ?? '';
    return html`${waiting ? this.#waitingTemplate(waiting) : nothing}
      ${onHold ? this.#onHoldTemplate(onHold) : nothing}
      <div class="hidden" role="alert">
        ${waiting ? `${texts.isCalling(name)}. ${callKindText(waiting, texts)}` : nothing}
      </div>`;
  }

  /** The call that `swap` would continue, else the shown one if it is on hold. */
  get #onHold(): CallSnapshot | undefined {
    const held = this.#held.value ?? [];
    return held.find(({ callID }) => callID !== this.call?.callID) ?? held[0];
  }

  #waitingTemplate(call: CallSnapshot): TemplateResult {
    const { texts } = this;
    const name = call.inviter?.userName ?? '';
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="name what">
      <div class="who">
        ${this.avatar(call.inviter, 'rings')}
        <div>
          <div id="name" class="name" title=${name} dir="auto">${name}</div>
          <div id="what" class="what">${callKindText(call, texts)}</div>
        </div>
      </div>
      <div class="answers">
        <button class="decline" part="decline-button" @click=${this.#onDecline}>
          ${texts.decline}
        </button>
        <button part="end-and-accept-button" @click=${() => this.#accept('end')}>
          ${texts.endAndAccept}
        </button>
        <button class="accept" part="hold-and-accept-button" @click=${() => this.#accept('hold')}>
          ${texts.holdAndAccept}
        </button>
      </div>
    </section>`;
  }

  #onHoldTemplate(call: CallSnapshot): TemplateResult {
    const { texts } = this;
    const isShown = call.callID === this.call?.callID;
    const others = presentOf(call);
    const [held, ...more] = others;
    const name = listNames(
      others.map(({ userName }) => userName),
      texts,
    );
    return html`<section lang=${texts.lang} dir=${directionOf(texts)} aria-labelledby="held state">
      <div class="who">
        ${this.avatar(held)}
        <div>
          <div id="held" class="name" title=${name} dir=${directionOfNames(others.length, texts)}>
            ${name}
          </div>
          <div id="state" class="what">${texts.onHold}</div>
        </div>
        <div class="answers">
          <button part="resume-button" @click=${isShown ? this.#onResume : this.#onSwap}>
            ${isShown ? texts.resume : texts.swap}
          </button>
        </div>
      </div>
      ${this.#isTalking && held && !more.length ? this.#connectTemplate(held) : nothing}
    </section>`;
  }

  /** Whether this user talks to others, and is in another call on hold. */
  get #isTalking(): boolean {
    const { status, onHold, transfer } = this.call ?? {};
    return status === 'active' && !onHold && (!transfer || transfer.failed);
  }

  #connectTemplate(held: CallUser): TemplateResult {
    const { texts } = this;
    const transfer = (): void => this.run(this.service?.transfer(held));
    return html`<div class="answers">
      <button part="merge-button" @click=${this.#onMerge}>${texts.mergeCalls}</button>
      <button part="transfer-button" title=${texts.transferHint} @click=${transfer}>
        ${texts.transferCall}
      </button>
    </div>`;
  }

  #accept(runningCall: 'hold' | 'end'): void {
    const waiting = this.#waiting.value;
    if (!waiting || !this.request(new CallAcceptEvent(waiting.callID, { runningCall }))) return;
    this.run(this.service?.accept({ runningCall }));
  }

  readonly #onDecline = (): void => {
    const waiting = this.#waiting.value;
    if (!waiting || !this.request(new CallDeclineEvent(waiting.callID))) return;
    this.run(this.service?.decline());
  };

  readonly #onResume = (): void => this.run(this.service?.resume());

  readonly #onSwap = (): void => this.run(this.service?.swap());

  readonly #onMerge = (): void => this.run(this.service?.merge());
}

declare global {
  interface HTMLElementTagNameMap {
    'waiting-call-card': WaitingCallCard;
  }
}
