import { html, type PropertyValues, type TemplateResult } from 'lit';
import { state } from 'lit/decorators.js';
import { BellRing } from '../shared/lucide/bell-ring.js';
import { baseStyles } from '../shared/base.styles.js';
import { cardStyles } from '../shared/card.styles.js';
import { CallElement } from '../shared/call-element.js';
import { icon } from '../shared/icons.js';
import { directionOf } from '../shared/language.js';
import { styles } from './notification-offer.styles.js';

/**
 * Asks the user whether to turn on notifications, before the browser shows its prompt: users usually block an
 * unexpected prompt permanently. It takes no focus and makes no decision itself.
 *
 * @fires {Event} offer-accept - The user pressed "Turn on". Does not bubble.
 * @fires {Event} offer-dismiss - The user pressed "Not now". Does not bubble.
 * @cssstate open - Always set.
 */
export class NotificationOffer extends CallElement {
  static override styles = [baseStyles, cardStyles, styles];

  /** Set after the first render, because screen readers announce only changes of a live region. */
  @state() protected spoken = false;

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    this.setState('open', true);
  }

  protected override render(): TemplateResult {
    const { texts } = this;
    return html`<section
        role="group"
        lang=${texts.lang}
        dir=${directionOf(texts)}
        aria-labelledby="title"
        aria-describedby="why"
      >
        <div class="what">
          <span class="sign">${icon(BellRing)}</span>
          <div>
            <div id="title">${texts.offerNotifications}</div>
            <div id="why">${texts.offerReason}</div>
          </div>
        </div>
        <div class="answers">
          <button class="later" @click=${() => this.#fire('offer-dismiss')}>${texts.notNow}</button>
          <button class="accept" @click=${() => this.#fire('offer-accept')}>${texts.turnOn}</button>
        </div>
      </section>
      <div class="hidden" role="status">
        ${this.spoken ? `${texts.offerNotifications} ${texts.offerReason}` : ''}
      </div>`;
  }

  protected override firstUpdated(): void {
    requestAnimationFrame(() => (this.spoken = true));
  }

  #fire(type: 'offer-accept' | 'offer-dismiss'): void {
    this.dispatchEvent(new Event(type));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'notification-offer': NotificationOffer;
  }
}
