/** One phone: who is there to be called, and the kit's provider, which does the rest. */
import { html, nothing, render, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import PhoneIcon from 'lucide/dist/esm/icons/phone.mjs';
import Video from 'lucide/dist/esm/icons/video.mjs';
import { icon } from '../src/components/shared/icons.js';
import type { CallType, CallUser, InvitationEvents } from '../src/core/index.js';
import type { CallInvitationProvider } from '../src/define/all.js';
import '../src/define/all.js';
import { callbackNames } from './callback-arguments.js';
import { face } from './face.js';
import { plainCopy, readRingMessage, type PhoneMessage } from './frame-messages.js';
import { hueDegreesOf } from './hue.js';
import { PeopleWatch, type People } from './people.js';
import {
  phoneAddress,
  readPhoneOptions,
  THIS_SERVER,
  userIDOf,
  type PhoneOptions,
} from './phone-options.js';
import { connectionWords } from './state-words.js';
import { installSyntheticMedia } from './synthetic-media.js';

const options = readPhoneOptions(location.search);
const provider = document.querySelector('call-invitation-provider') as CallInvitationProvider;
const screen = document.querySelector('#phone') as HTMLElement;

document.body.classList.toggle('bare', options.bare);
if (options.user) start(options.user);
else askForName();

/** Tells the page around, if this phone lies in a frame of one of our own pages. */
function tell(message: PhoneMessage): void {
  if (window.parent !== window) window.parent.postMessage(message, location.origin);
}

/** Every callback of the kit, passed on to the log of the page around. */
function allCallbacks(): InvitationEvents {
  const entries = callbackNames.map((name) => {
    const pass = (...args: unknown[]): void =>
      tell({ type: 'callback', name, args: args.map(plainCopy), at: Date.now() });
    return [name, pass];
  });
  return Object.fromEntries(entries) as InvitationEvents;
}

function start(user: CallUser): void {
  document.title = `${user.userName} · ringkit`;
  document.body.style.setProperty('--hue', `${hueDegreesOf(user.userID)}`);
  installSyntheticMedia({ user, always: options.synthetic });

  const { service } = provider;
  let people: People | undefined;
  let dialled = '';
  const update = (): void => {
    render(phone(), screen);
  };
  const watch = new PeopleWatch(options.signaling, user.userID, (found) => {
    people = found;
    update();
  });

  provider.invitationEvents = allCallbacks();
  provider.userName = user.userName;
  provider.signaling = options.signaling;
  provider.userID = user.userID;

  service.$connection.subscribe(() => {
    update();
    watch.refresh();
    tellStatus();
  });
  service.$call.subscribe(tellStatus);
  watch.start();

  function tellStatus(): void {
    const { status } = service.$call.get();
    tell({ type: 'status', connection: service.$connection.get(), status });
  }

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== window.parent) return;
    const wish = readRingMessage(event.data);
    if (!wish) return;
    const { callee, callType } = wish;
    service.send({ invitees: [callee], callType }).catch((error: unknown) => service.report(error));
  });

  function phone(): TemplateResult {
    const { text, look } = connectionWords(service.$connection.get());
    return html`<header class="top">
        ${
          options.bare
            ? html`<span class="brand">ringkit</span>`
            : html`<a class="brand" href="../"><img src="icon.svg" alt="" />ringkit</a>`
        }
        <span class="state ${look}" role="status">${text}</span>
      </header>
      <div class="me">
        ${face(user, 'large')}
        <h1 title=${user.userName}><bdi>${user.userName}</bdi></h1>
        <p>You are <code>${user.userID}</code></p>
      </div>
      <section class="people" aria-labelledby="people">
        <h2 id="people">${people?.online === false ? 'People to call' : 'Online now'}</h2>
        ${peopleList()}
      </section>
      <form class="dial" @submit=${dial}>
        <label for="dial">Anybody else, by their ID</label>
        <div class="row">
          <input
            id="dial"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            placeholder="carol"
            .value=${dialled}
            @input=${type}
          />
          ${callButtons(dialled.trim(), dialled.trim() || 'them')}
        </div>
      </form>
      ${options.bare ? nothing : links()}`;
  }

  function peopleList(): TemplateResult | typeof nothing {
    const others = people?.others;
    if (!people) return nothing;
    if (!others?.length) {
      const why = others ? 'Nobody else yet.' : 'The list can’t be had now.';
      return html`<p class="empty">
        ${why} Open this page in another window, or on another device.
      </p>`;
    }
    return html`<ul>
      ${repeat(
        others,
        ({ userID }) => userID,
        (other) =>
          html`<li>
            ${face(other)}
            <div class="who">
              <strong title=${other.userName}><bdi>${other.userName}</bdi></strong>
              <code>${other.userID}</code>
            </div>
            ${callButtons([other], other.userName)}
          </li>`,
      )}
    </ul>`;
  }

  function dial(event: SubmitEvent): void {
    event.preventDefault();
    // Enter rings by voice.
    screen.querySelector<HTMLElement>('.dial start-call-button')?.click();
  }

  function type(event: InputEvent): void {
    dialled = (event.target as HTMLInputElement).value;
    update();
  }
}

function callButtons(callees: string | readonly CallUser[], name: string): TemplateResult {
  const button = (callType: CallType): TemplateResult =>
    html`<start-call-button
      class=${callType}
      call-type=${callType}
      .callees=${callees}
      ?disabled=${callees.length === 0}
    >
      ${icon(callType === 'voice' ? PhoneIcon : Video)}
      <span class="unseen">${callType === 'voice' ? 'Call' : 'Video call'} ${name}</span>
    </start-call-button>`;
  return html`${button('voice')}${button('video')}`;
}

/** What a phone in a window of its own can change about itself. */
function links(): TemplateResult {
  const to = (changes: Partial<PhoneOptions>): string => phoneAddress({ ...options, ...changes });
  const local = options.signaling.startsWith('local:');
  return html`<footer>
    <a href=${to({ user: undefined })}>Another name</a>
    <a href=${to({ synthetic: !options.synthetic })}
      >${options.synthetic ? 'Use the camera' : 'Draw a picture instead of the camera'}</a
    >
    <a href=${to({ signaling: local ? THIS_SERVER : 'local:' })}
      >${local ? 'Ring through this server' : 'Ring without a server'}</a
    >
  </footer>`;
}

function askForName(): void {
  const go = (event: SubmitEvent): void => {
    event.preventDefault();
    const name = new FormData(event.target as HTMLFormElement).get('name');
    const userName = typeof name === 'string' ? name.trim() : '';
    if (!userName) return;
    location.assign(phoneAddress({ ...options, user: { userID: userIDOf(userName), userName } }));
  };
  render(
    html`<header class="top">
        <a class="brand" href="../"><img src="icon.svg" alt="" />ringkit</a>
      </header>
      <form class="hello" @submit=${go}>
        <h1>Who are you?</h1>
        <p>Others ring this phone by your name. It is forgotten when you close the page.</p>
        <label for="name">Your name</label>
        <input id="name" name="name" required maxlength="64" autocomplete="given-name" />
        <button>Get a phone</button>
      </form>`,
    screen,
  );
  screen.querySelector('input')?.focus();
}
