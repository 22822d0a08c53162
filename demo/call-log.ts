import { html, nothing, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import ArrowDown from 'lucide/dist/esm/icons/arrow-down.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import type { CallbackName, CallUser } from '../src/core/index.js';
import { face } from './face.js';
import { showArguments, showTime } from './log-format.js';

/** One callback that fired on one of the phones. */
export interface LogEntry {
  readonly user: CallUser;
  readonly name: CallbackName;
  readonly args: readonly unknown[];
  /** In ms since the epoch. */
  readonly at: number;
}

/** The most entries that are kept. Older ones are dropped, so that memory use is bounded. */
const KEPT = 400;
/** Within this distance from the end, in pixels, the list follows new entries. */
const AT_END = 24;

/** The live list of callbacks, newest last. It scrolls to new entries unless the user has scrolled up. */
export class CallLog {
  readonly #place: HTMLElement;
  readonly #users: readonly CallUser[];
  #entries: (LogEntry & { readonly number: number })[] = [];
  #number = 0;
  #userID = '';
  #filterText = '';
  #follows = true;
  #unread = 0;

  constructor(place: HTMLElement, users: readonly CallUser[]) {
    this.#place = place;
    this.#users = users;
    this.#update();
  }

  add(entry: LogEntry): void {
    this.#entries.push({ ...entry, number: (this.#number += 1) });
    // Messages of two frames may arrive out of order.
    this.#entries.sort((a, b) => a.at - b.at || a.number - b.number);
    this.#entries.splice(0, this.#entries.length - KEPT);
    if (!this.#follows && this.#matches(entry)) this.#unread += 1;
    this.#update();
  }

  #matches({ user, name, args }: LogEntry): boolean {
    if (this.#userID && user.userID !== this.#userID) return false;
    const text = `${name} ${JSON.stringify(args)}`.toLocaleLowerCase();
    return this.#filterText.split(/\s+/).every((word) => text.includes(word));
  }

  #update(): void {
    const shown = this.#entries.filter((entry) => this.#matches(entry));
    render(this.#template(shown), this.#place);
    if (this.#follows) this.#toEnd();
  }

  #toEnd(): void {
    const list = this.#place.querySelector('.entries');
    if (list) list.scrollTop = list.scrollHeight;
  }

  #template(shown: readonly (LogEntry & { readonly number: number })[]): TemplateResult {
    const some = this.#entries.length > 0;
    return html`<header>
        <h2 id="log-title">Callbacks</h2>
        <span class="count" aria-label="${shown.length} shown">${shown.length}</span>
        <button class="clear" ?disabled=${!some} @click=${this.#clear}>Clear</button>
      </header>
      <div class="filters">
        <div class="choice" role="radiogroup" aria-label="User">
          ${[{ userID: '', userName: 'All' }, ...this.#users].map(
            ({ userID, userName }) =>
              html`<label
                ><input
                  type="radio"
                  name="whose"
                  value=${userID}
                  .checked=${userID === this.#userID}
                  @change=${this.#choose}
                />${userName}</label
              >`,
          )}
        </div>
        <input
          type="search"
          aria-label="Filter the callbacks"
          placeholder="Filter"
          @input=${this.#filter}
        />
      </div>
      <div
        class="entries"
        role="log"
        aria-live="off"
        aria-labelledby="log-title"
        tabindex="0"
        @scroll=${this.#onScroll}
      >
        ${
          shown.length
            ? html`<ol>
                ${repeat(shown, ({ number }) => number, entryTemplate)}
              </ol>`
            : html`<p class="none">
                ${
                  some
                    ? 'No callback matches the filter.'
                    : 'No callbacks yet. Place a call: each callback appears here with its arguments.'
                }
              </p>`
        }
      </div>
      ${
        this.#unread
          ? html`<button class="newer" @click=${this.#onNewer}>
              ${icon(ArrowDown)}${this.#unread} new
            </button>`
          : nothing
      }`;
  }

  readonly #clear = (): void => {
    this.#entries = [];
    this.#unread = 0;
    this.#follows = true;
    this.#update();
  };

  readonly #choose = (event: Event): void => {
    this.#userID = (event.target as HTMLInputElement).value;
    this.#update();
  };

  readonly #filter = (event: Event): void => {
    this.#filterText = (event.target as HTMLInputElement).value.trim().toLocaleLowerCase();
    this.#update();
  };

  readonly #onScroll = (event: Event): void => {
    const { scrollTop, scrollHeight, clientHeight } = event.target as HTMLElement;
    this.#follows = scrollHeight - scrollTop - clientHeight <= AT_END;
    if (!this.#follows || !this.#unread) return;
    this.#unread = 0;
    this.#update();
  };

  readonly #onNewer = (): void => {
    this.#unread = 0;
    this.#follows = true;
    this.#update();
  };
}

function entryTemplate({ user, name, args, at }: LogEntry): TemplateResult {
  return html`<li>
    <details>
      <summary>
        ${face(user)}
        <span class="unseen">${user.userName}:</span>
        <code class="name">${name}</code>
        <time datetime=${new Date(at).toISOString()}>${showTime(at)}</time>
        ${
          args.length
            ? html`<span class="args"
                >${showArguments(name, args).map(
                  (argument) => html`<span><i>${argument.name}</i> ${argument.text}</span> `,
                )}</span
              >`
            : nothing
        }
      </summary>
      <pre>
${args.map((each) => JSON.stringify(each, undefined, 2)).join(',\n') || 'no arguments'}</pre>
    </details>
  </li>`;
}
