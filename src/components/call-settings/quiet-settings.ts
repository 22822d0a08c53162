import { css, html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';
import { directionOfNames, type Texts } from '../shared/language.js';

/** Styles of `quietSettings`. */
export const quietSettingsStyles = css`
  h3 {
    font-size: 14px;
    font-weight: 600;
    margin-block: 4px;
  }
  .blocked {
    display: grid;
    gap: 4px;
    max-block-size: 240px;
    margin: 0;
    padding: 0;
    overflow: auto;
    list-style: none;
  }
  .blocked li {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 12px;
    font-size: 14px;
    overflow-wrap: anywhere;
  }
`;

interface QuietSettings {
  readonly texts: Texts;
  readonly locale: string;
  readonly doNotDisturb: boolean | { readonly until: number };
  readonly blocked: readonly CallUser[];
  readonly setDoNotDisturb: (on: boolean) => void;
  readonly unblock: (userID: string) => void;
}

/** Which calls ring: a switch for do-not-disturb, and the blocked people, if there are any. */
export function quietSettings(settings: QuietSettings): TemplateResult {
  const { texts, locale, doNotDisturb, blocked, setDoNotDisturb, unblock } = settings;
  const until =
    typeof doNotDisturb === 'object'
      ? texts.doNotDisturbUntil(describeEnd(doNotDisturb.until, locale))
      : undefined;
  return html`<label class="effect">
      <span>${texts.doNotDisturb}</span>
      <input
        type="checkbox"
        .role=${'switch'}
        name="do-not-disturb"
        .checked=${live(doNotDisturb !== false)}
        @change=${(event: Event) => setDoNotDisturb((event.target as HTMLInputElement).checked)}
      />
      ${until === undefined ? nothing : html`<span class="detail">${until}</span>`}
    </label>
    ${
      blocked.length
        ? html`<h3 id="blocked">${texts.blockedPeople}</h3>
            <ul class="blocked" aria-labelledby="blocked">
              ${blocked.map(
                ({ userID, userName }) =>
                  html`<li>
                    <span dir=${directionOfNames(1, texts)}>${userName || userID}</span>
                    <button
                      class="action unblock"
                      part="unblock-button"
                      aria-label=${texts.unblockPerson(userName || userID)}
                      @click=${() => unblock(userID)}
                    >
                      ${texts.unblock}
                    </button>
                  </li>`,
              )}
            </ul>`
        : nothing
    }`;
}

/** A time today, or a date and time. */
function describeEnd(at: number, locale: string): string {
  const date = new Date(at);
  const isToday = date.toDateString() === new Date().toDateString();
  const format: Intl.DateTimeFormatOptions = isToday
    ? { timeStyle: 'short' }
    : { dateStyle: 'medium', timeStyle: 'short' };
  return new Intl.DateTimeFormat(locale, format).format(date);
}
