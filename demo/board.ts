/** The page with two phones: their frames, what can be switched on them from outside, and the log of what they hear. */
import { html, render, type TemplateResult } from 'lit';
import { createRef, ref, type Ref } from 'lit/directives/ref.js';
import ArrowLeft from 'lucide/dist/esm/icons/arrow-left.mjs';
import ArrowLeftRight from 'lucide/dist/esm/icons/arrow-left-right.mjs';
import ArrowRight from 'lucide/dist/esm/icons/arrow-right.mjs';
import ExternalLink from 'lucide/dist/esm/icons/external-link.mjs';
import Phone from 'lucide/dist/esm/icons/phone.mjs';
import Power from 'lucide/dist/esm/icons/power.mjs';
import RotateCw from 'lucide/dist/esm/icons/rotate-cw.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { icon } from '../src/components/shared/icons.js';
import type { CallType, CallUser } from '../src/core/index.js';
import { CallLog } from './call-log.js';
import { face } from './face.js';
import { readPhoneMessage, type RingMessage } from './frame-messages.js';
import { DEMO_USERS, phoneAddress, readPhoneOptions, type PhoneOptions } from './phone-options.js';
import { phoneWords, type StateWords } from './state-words.js';

interface PhoneCard {
  readonly user: CallUser;
  readonly frame: Ref<HTMLIFrameElement>;
  on: boolean;
  words: StateWords;
}

const OFF: StateWords = { text: 'Switched off', look: '' };
const STARTING: StateWords = { text: 'Starting…', look: 'warn' };

const [alice, bob] = DEMO_USERS.map((user): PhoneCard => {
  return { user, frame: createRef(), on: true, words: STARTING };
}) as [PhoneCard, PhoneCard];
const cards = [alice, bob];

const settings = document.querySelector('#settings') as HTMLFormElement;
const place = document.querySelector('#phones') as HTMLElement;
const log = new CallLog(document.querySelector('#log') as HTMLElement, DEMO_USERS);

readSettings();
update();
settings.addEventListener('change', applySettings);
window.addEventListener('message', hear);

/** The page's own address may say what is chosen: so a choice survives a reload, and can be linked to. */
function readSettings(): void {
  const { signaling, synthetic } = readPhoneOptions(location.search);
  choose('signaling', signaling);
  choose('media', synthetic ? 'synthetic' : '');
}

function choose(name: string, value: string): void {
  for (const input of settings.querySelectorAll<HTMLInputElement>(`[name="${name}"]`)) {
    input.checked = input.value === value;
  }
}

function chosen(): Pick<PhoneOptions, 'signaling' | 'synthetic'> {
  const data = new FormData(settings);
  const signaling = data.get('signaling');
  return {
    // Another server than those on the page can be named in the address alone.
    signaling:
      typeof signaling === 'string' ? signaling : readPhoneOptions(location.search).signaling,
    synthetic: data.get('media') === 'synthetic',
  };
}

/** Both phones start anew with what is chosen. */
function applySettings(): void {
  const address = new URL(
    phoneAddress({ ...chosen(), user: undefined, bare: false }),
    location.href,
  );
  history.replaceState(null, '', address.search || location.pathname);
  for (const card of cards) if (card.on) card.words = STARTING;
  update();
}

function hear({ origin, source, data }: MessageEvent<unknown>): void {
  const card = cards.find(({ frame }) => frame.value?.contentWindow === source);
  const message = origin === location.origin && card && readPhoneMessage(data);
  if (!message) return;
  if (message.type === 'callback') {
    log.add({ user: card.user, name: message.name, args: message.args, at: message.at });
  } else {
    card.words = phoneWords(message.connection, message.status);
    update();
    if (message.status === 'incoming') show(card);
  }
}

/** The phone that rings is brought into view: on a small screen there is room for one, or not for its lower end. */
function show({ frame }: PhoneCard): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const behavior = still ? 'instant' : 'smooth';
  frame.value?.scrollIntoView({ behavior, inline: 'center', block: 'nearest' });
}

function switchPower(card: PhoneCard): void {
  card.on = !card.on;
  card.words = card.on ? STARTING : OFF;
  update();
}

function reload(card: PhoneCard): void {
  card.words = STARTING;
  card.frame.value?.contentWindow?.location.reload();
  update();
}

function ring(from: PhoneCard, to: PhoneCard): void {
  const type = place.querySelector<HTMLInputElement>('[name="call-type"]:checked')?.value;
  const message: RingMessage = {
    type: 'ring',
    callee: to.user,
    callType: (type ?? 'video') as CallType,
  };
  from.frame.value?.contentWindow?.postMessage(message, location.origin);
}

function ringBoth(): void {
  ring(alice, bob);
  ring(bob, alice);
}

function update(): void {
  render(html`${phone(alice)}${wire()}${phone(bob)}`, place);
}

function phone(card: PhoneCard): TemplateResult {
  const { user, on, words } = card;
  const name = user.userName;
  const address = (bare: boolean): string => `demo/${phoneAddress({ ...chosen(), user, bare })}`;
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
          @click=${() => reload(card)}
        >
          ${icon(RotateCw)}
        </button>
        <button
          aria-label="Switch ${name}’s phone ${on ? 'off' : 'on'}"
          title=${on ? 'Switch off, as a closed tab' : 'Switch on'}
          @click=${() => switchPower(card)}
        >
          ${icon(Power)}
        </button>
        <a
          aria-label="Open ${name} as a real phone, in a new tab"
          title="Open as a real phone"
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
            ></iframe>`
          : html`<div class="dark">
              <p>${name} has closed the page.</p>
              <button @click=${() => switchPower(card)}>${icon(Power)}Switch on</button>
            </div>`
      }
    </div>
  </article>`;
}

/** What rings from outside the phones: one, the other, or both in the same moment. */
function wire(): TemplateResult {
  const idle = !alice.on || !bob.on;
  return html`<div class="wire" role="group" aria-label="Ring from here">
    <div class="choice" role="radiogroup" aria-label="Kind of call">
      <label
        ><input type="radio" name="call-type" value="voice" />${icon(Phone)}<span
          >Voice</span
        ></label
      >
      <label
        ><input type="radio" name="call-type" value="video" checked />${icon(Video)}<span
          >Video</span
        ></label
      >
    </div>
    <button ?disabled=${!alice.on} @click=${() => ring(alice, bob)}>
      <span class="unseen">Alice calls Bob</span>
      <span aria-hidden="true">Alice</span>${icon(ArrowRight)}<span aria-hidden="true">Bob</span>
    </button>
    <button ?disabled=${!bob.on} @click=${() => ring(bob, alice)}>
      <span class="unseen">Bob calls Alice</span>
      <span aria-hidden="true">Alice</span>${icon(ArrowLeft)}<span aria-hidden="true">Bob</span>
    </button>
    <button ?disabled=${idle} @click=${ringBoth}>${icon(ArrowLeftRight)}Both at once</button>
  </div>`;
}
