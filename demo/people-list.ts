import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallUser } from '../src/core/index.js';
import { callButtons } from './call-buttons.js';
import { face } from './face.js';
import type { People } from './people.js';

/** The users who can be called: one, all, or those whose faces were pressed. */
export class PeopleList {
  readonly #changed: () => void;
  #chosen: ReadonlySet<string> = new Set();

  /** @param changed called when the list must be rendered again */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  /** @param people undefined until the server has answered */
  template(people: People | undefined): TemplateResult {
    return html`<section class="people" aria-labelledby="people">
      <h2 id="people">${people?.online === false ? 'People to call' : 'Online now'}</h2>
      ${people ? this.#list(people.others) : nothing}
    </section>`;
  }

  #list(others: People['others']): TemplateResult {
    if (!others?.length) {
      const why = others ? 'Nobody else is online.' : 'The list is unavailable.';
      return html`<p class="empty">
        ${why} Open this page in another window, or on another device.
      </p>`;
    }
    const several = others.length > 1;
    return html`<ul>
        ${repeat(
          others,
          ({ userID }) => userID,
          (other) =>
            html`<li>
              ${several ? this.#choice(other) : face(other)}
              <div class="who">
                <strong title=${other.userName}><bdi>${other.userName}</bdi></strong>
                <code>${other.userID}</code>
              </div>
              ${callButtons([other], other.userName)}
            </li>`,
        )}
      </ul>
      ${several ? this.#together(others) : nothing}`;
  }

  /** A face that selects its user. */
  #choice(other: CallUser): TemplateResult {
    const { userID, userName } = other;
    return html`<label class="pick" title="Choose ${userName}">
      <input
        type="checkbox"
        aria-label="Choose ${userName}"
        .checked=${this.#chosen.has(userID)}
        @change=${() => this.#toggle(userID)}
      />
      ${face(other)}
    </label>`;
  }

  #together(others: readonly CallUser[]): TemplateResult {
    const chosen = others.filter(({ userID }) => this.#chosen.has(userID));
    const callees = chosen.length ? chosen : others;
    const names = chosen.map(({ userName }) => userName).join(', ');
    return html`<div class="together" role="group" aria-label="A group call">
      <div class="who">
        <strong title=${names}>${names || `All ${others.length}`}</strong>
        <span>${names ? 'in one call' : 'or press faces to select'}</span>
      </div>
      ${callButtons(callees, names || 'all of them')}
    </div>`;
  }

  #toggle(userID: string): void {
    const chosen = new Set(this.#chosen);
    if (!chosen.delete(userID)) chosen.add(userID);
    this.#chosen = chosen;
    this.#changed();
  }
}
