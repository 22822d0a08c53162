import { html, type TemplateResult } from 'lit';
import { createRef, ref, type Ref } from 'lit/directives/ref.js';
import ExternalLink from 'lucide/dist/esm/icons/external-link.mjs';
import Power from 'lucide/dist/esm/icons/power.mjs';
import RotateCw from 'lucide/dist/esm/icons/rotate-cw.mjs';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import type { CallStatus, CallUser } from '../src/core/index.js';
import { BoardSettings } from './board-settings.js';
import { CallLog } from './call-log.js';
import { face } from './face.js';
import { readPhoneMessage, type BoardMessage } from './frame-messages.js';
import type { Harm } from './chaos.js';
import { phoneAddress, usersBeside } from './phone-options.js';
import { phoneWords, type StateWords } from './state-words.js';

/** One phone on a page, in its own frame. */
export interface PhoneCard {
  readonly user: CallUser;
  readonly frame: Ref<HTMLIFrameElement>;
  on: boolean;
  words: StateWords;
  status: CallStatus;
}

export interface BoardOptions {
  /** Four phones instead of two. */
  readonly four: boolean;
  /** The folder of the demo pages, relative to this page. */
  readonly folder: '' | 'demo/';
  /** Called when something must be rendered again. */
  readonly update: () => void;
  /** Called when the page in a frame has loaded. */
  readonly onLoad?: (card: PhoneCard) => void;
  readonly onHarm?: (harm: Harm) => void;
  /** Called for each callback of a phone, after it was added to the log. */
  readonly onCallback?: () => void;
}

const OFF: StateWords = { text: 'Switched off', look: '' };
const STARTING: StateWords = { text: 'Starting…', look: 'warn' };

/**
 * The phones of a page: their frames, their power and reload buttons, the settings, and the log of their callbacks. The
 * page has the elements `#settings` and `#log`, and an element for the phones.
 */
export class PhoneBoard {
  readonly cards: readonly PhoneCard[];
  readonly settings: BoardSettings;
  readonly #options: BoardOptions;
  readonly #log: CallLog;

  constructor(options: BoardOptions) {
    this.#options = options;
    const users = usersBeside(options.four);
    this.cards = users.map((user) => {
      return { user, frame: createRef(), on: true, words: STARTING, status: 'idle' };
    });
    this.#log = new CallLog(document.querySelector('#log') as HTMLElement, users);
    const form = document.querySelector('#settings') as HTMLFormElement;
    this.settings = new BoardSettings(form, () => this.#restart());
    window.addEventListener('message', this.#onMessage);
  }

  /** Sends a command to a phone. A phone that is switched off does not receive it. */
  send({ frame }: PhoneCard, message: BoardMessage): void {
    frame.value?.contentWindow?.postMessage(message, location.origin);
  }

  /** A phone with its name, its state and its buttons. */
  phone(card: PhoneCard): TemplateResult {
    const { user, on, words } = card;
    const name = user.userName;
    const { four, folder, onLoad } = this.#options;
    const address = (bare: boolean): string =>
      folder + phoneAddress({ ...this.settings.chosen, user, bare, four });
    return html`<article id=${user.userID} class="phone" aria-labelledby="${user.userID}-name">
      <header>
        ${face(user)}
        <div class="who">
          <h2 id="${user.userID}-name">${name}</h2>
          <span class="state ${words.look}">${words.text}</span>
        </div>
        <div class="tools">
          <button
            aria-label="Reload ${name}’s phone"
            title="Reload"
            ?disabled=${!on}
            @click=${() => this.#reload(card)}
          >
            ${icon(RotateCw)}
          </button>
          <button
            aria-label="Switch ${name}’s phone ${on ? 'off' : 'on'}"
            title=${on ? 'Switch off (closes the page)' : 'Switch on'}
            @click=${() => this.#switchPower(card)}
          >
            ${icon(Power)}
          </button>
          <a
            aria-label="Open ${name}’s phone in a new tab"
            title="Open in a new tab"
            href=${address(false)}
            target="_blank"
            >${icon(ExternalLink)}</a
          >
        </div>
      </header>
      <div class="case">
        ${
          on
            ? html`<iframe
                ${ref(card.frame)}
                title="${name}’s phone"
                src=${address(true)}
                allow="camera; microphone; display-capture; autoplay; speaker-selection"
                @load=${() => onLoad?.(card)}
              ></iframe>`
            : html`<div class="dark">
                <p>${name} has closed the page.</p>
                <button class="act" @click=${() => this.#switchPower(card)}>
                  ${icon(Power)}Switch on
                </button>
              </div>`
        }
      </div>
    </article>`;
  }

  readonly #onMessage = ({ origin, source, data }: MessageEvent<unknown>): void => {
    const card = this.cards.find(({ frame }) => frame.value?.contentWindow === source);
    const message = origin === location.origin && card && readPhoneMessage(data);
    if (!message) return;
    switch (message.type) {
      case 'callback':
        this.#log.add({ user: card.user, name: message.name, args: message.args, at: message.at });
        this.#options.onCallback?.();
        return;
      case 'harmed':
        this.#options.onHarm?.(message.harm);
        return;
      case 'status':
        this.#set(card, phoneWords(message.connection, message.status), message.status);
    }
  };

  /** Restarts all phones with the current settings. */
  #restart(): void {
    for (const card of this.cards) if (card.on) this.#set(card, STARTING);
    this.#options.update();
  }

  #reload(card: PhoneCard): void {
    card.frame.value?.contentWindow?.location.reload();
    this.#set(card, STARTING);
  }

  #switchPower(card: PhoneCard): void {
    card.on = !card.on;
    this.#set(card, card.on ? STARTING : OFF);
  }

  #set(card: PhoneCard, words: StateWords, status: CallStatus = 'idle'): void {
    const rings = status === 'incoming' && card.status !== 'incoming';
    const first = !this.cards.some((each) => each.status === 'incoming');
    card.words = words;
    card.status = status;
    this.#options.update();
    if (rings && first) this.#show(card);
  }

  /** Scrolls to the first phone that rings. Small screens do not show all phones, or not their lower ends. */
  #show({ frame }: PhoneCard): void {
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const behavior = still ? 'instant' : 'smooth';
    frame.value?.scrollIntoView({ behavior, inline: 'center', block: 'nearest' });
  }
}
