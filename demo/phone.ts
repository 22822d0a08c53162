/** One phone: a list of users to call, and the provider, which handles the calls. */
import { html, nothing, render, type TemplateResult } from 'lit';
import PhoneMissed from 'lucide/dist/esm/icons/phone-missed.mjs';
import { transportFor } from '../src/components/call-invitation-provider/transports.js';
import { plainIcon as icon } from '../src/components/shared/icons.js';
import type { CallUser, InvitationEvents } from '../src/core/index.js';
import { systemClock } from '../src/core/clock/system-clock.js';
import type { CallInvitationProvider } from '../src/define/all.js';
import '../src/define/all.js';
import { callButtons } from './call-buttons.js';
import { callbackNames } from './callback-arguments.js';
import { ChaoticTransport } from './chaotic-transport.js';
import { face } from './face.js';
import {
  plainCopy,
  readBoardMessage,
  type BoardMessage,
  type PhoneMessage,
} from './frame-messages.js';
import { hueDegreesOf } from './hue.js';
import { PeopleList } from './people-list.js';
import { PeopleWatch, type People } from './people.js';
import { hasServer, pageOptions } from './page-options.js';
import { phoneAddress, THIS_SERVER, userIDOf, type PhoneOptions } from './phone-options.js';
import { connectionWords } from './state-words.js';
import { installSyntheticMedia } from './synthetic-media.js';

const options = pageOptions();
const iconURL = new URL('./icon.svg', import.meta.url).href;
const provider = document.querySelector('call-invitation-provider') as CallInvitationProvider;
const screen = document.querySelector('#phone') as HTMLElement;

document.body.classList.toggle('bare', options.bare);
if (options.user) start(options.user);
else askForName();

/** Posts a message to the page that contains this phone in a frame, if there is one. */
function postToBoard(message: PhoneMessage): void {
  if (window.parent !== window) window.parent.postMessage(message, location.origin);
}

/** Callbacks that pass everything on to the log of the page that contains this phone. */
function allCallbacks(): InvitationEvents {
  const entries = callbackNames.map((name) => {
    const pass = (...args: unknown[]): unknown => {
      postToBoard({ type: 'callback', name, args: args.map(plainCopy), at: Date.now() });
      // This callback replaces the default action, so the demo runs the default action as well.
      const last = args.at(-1);
      return name === 'onIncomingMissedCallClicked' && (last as () => Promise<void>)();
    };
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
  const list = new PeopleList(update);
  const watch = new PeopleWatch(options, user.userID, (found) => {
    people = found;
    update();
  });
  const transport = options.bare && options.four ? chaoticTransport() : undefined;

  provider.invitationEvents = allCallbacks();
  provider.userName = user.userName;
  provider.signaling = options.signaling;
  if (transport) provider.transport = transport;
  provider.userID = user.userID;

  service.$connection.subscribe(() => {
    update();
    watch.refresh();
    postStatus();
  });
  service.$call.subscribe(postStatus);
  service.$missedCalls.subscribe(update);
  watch.start();

  function postStatus(): void {
    const { status } = service.$call.get();
    postToBoard({ type: 'status', connection: service.$connection.get(), status });
  }

  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== location.origin || event.source !== window.parent) return;
    const command = readBoardMessage(event.data);
    if (command?.type === 'chaos') transport?.harm(command.harms);
    else if (command) act(command).catch((error: unknown) => service.report(error));
  });

  async function act(command: Exclude<BoardMessage, { type: 'chaos' }>): Promise<unknown> {
    const { status } = service.$call.get();
    switch (command.type) {
      case 'ring':
        return service.send({ invitees: command.callees, callType: command.callType });
      case 'answer':
        return status === 'incoming' && service.accept();
      case 'hang-up':
        if (status === 'incoming') return service.decline();
        return /^(calling|ringing-out)$/.test(status) ? service.cancel() : service.hangUp();
    }
  }

  function update(): void {
    render(phone(), screen);
    render(inviteButton(), provider);
  }

  /** The invite button among the controls of a call, if there is a third user to invite. */
  function inviteButton(): TemplateResult | typeof nothing {
    const others = people?.others ?? [];
    return others.length > 1
      ? html`<invite-to-call-button slot="invite" .people=${others}></invite-to-call-button>`
      : nothing;
  }

  function phone(): TemplateResult {
    const { text, look } = connectionWords(service.$connection.get());
    return html`<header class="top">
        ${
          options.bare
            ? html`<span class="brand">ringkit</span>`
            : html`<a class="brand" href="../"><img src=${iconURL} alt="" />ringkit</a>`
        }
        ${missedButton()}
        <span class="state ${look}" role="status">${text}</span>
      </header>
      <div class="me">
        ${face(user, 'large')}
        <h1 title=${user.userName}><bdi>${user.userName}</bdi></h1>
        <p>You are <code>${user.userID}</code></p>
      </div>
      <div class="lists">
        ${list.template(people)}
        <missed-call-list ?hidden=${!service.$missedCalls.get().length}></missed-call-list>
      </div>
      <form class="dial" @submit=${dial}>
        <label for="dial">Anybody else, by user ID</label>
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

  /** Scrolls to the missed calls, which small screens do not show at first. */
  function missedButton(): TemplateResult | typeof nothing {
    const unseen = service.$missedCalls.get().filter(({ seen }) => !seen).length;
    const label = `${unseen} new missed call${unseen > 1 ? 's' : ''}`;
    return unseen
      ? html`<button class="missed" title=${label} aria-label=${label} @click=${showMissed}>
          ${icon(PhoneMissed)}${unseen}
        </button>`
      : nothing;
  }

  function showMissed(): void {
    const missed = screen.querySelector('missed-call-list');
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    missed?.scrollIntoView({ behavior: still ? 'instant' : 'smooth', block: 'nearest' });
    missed?.focus({ preventScroll: true });
  }

  function dial(event: SubmitEvent): void {
    event.preventDefault();
    // Enter places a voice call.
    screen.querySelector<HTMLElement>('.dial start-call-button')?.click();
  }

  function type(event: InputEvent): void {
    dialled = (event.target as HTMLInputElement).value;
    update();
  }
}

/** A transport with network faults, which the page that contains this phone controls. */
function chaoticTransport(): ChaoticTransport {
  const failed = (error: unknown): void => provider.service.report(error);
  return new ChaoticTransport(transportFor(options.signaling, failed), {
    clock: systemClock,
    random: Math.random,
    onHarm: (harm) => postToBoard({ type: 'harmed', harm }),
  });
}

/** Links that change the options of a phone in its own window. */
function links(): TemplateResult {
  const to = (changes: Partial<PhoneOptions>): string => phoneAddress({ ...options, ...changes });
  const local = options.signaling.startsWith('local:');
  return html`<footer>
    <a href=${to({ user: undefined })}>Another name</a>
    <a href=${to({ synthetic: !options.synthetic })}
      >${options.synthetic ? 'Use the camera' : 'Use a drawn picture instead of the camera'}</a
    >
    <a ?hidden=${!hasServer} href=${to({ signaling: local ? THIS_SERVER : 'local:' })}
      >${local ? 'Call through this server' : 'Call without a server'}</a
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
        <a class="brand" href="../"><img src=${iconURL} alt="" />ringkit</a>
      </header>
      <form class="hello" @submit=${go}>
        <h1>Who are you?</h1>
        <p>Others call this phone by your name. The name is not stored.</p>
        <label for="name">Your name</label>
        <input id="name" name="name" required maxlength="64" autocomplete="given-name" />
        <button>Get a phone</button>
      </form>`,
    screen,
  );
  screen.querySelector('input')?.focus();
}
