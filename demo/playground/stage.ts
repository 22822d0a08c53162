/** The frame of the playground: one element in one state, with a scripted service. */
import type { CallHost } from '../../src/components/shared/context.js';
import { ContextSource } from '../../src/components/shared/context.js';
import { defineOnce } from '../../src/components/shared/define-once.js';
import { directionOf } from '../../src/components/shared/language.js';
import { MinimalCallView } from '../../src/components/minimal-call-view/minimal-call-view.js';
import { NotificationOffer } from '../../src/components/notification-offer/notification-offer.js';
import { WaitingCallCard } from '../../src/components/waiting-call-card/waiting-call-card.js';
import type { CallConfig } from '../../src/core/index.js';
import '../../src/define/all.js';
import { find } from './catalogue.js';
import { people } from './people.js';
import { readConfig, readState } from './playground-state.js';
import { ScriptedService } from './scripted-call.js';

// Elements that pages do not write: a provider registers them.
defineOnce('minimal-call-view', MinimalCallView);
defineOnce('notification-offer', NotificationOffer);
defineOnce('waiting-call-card', WaitingCallCard);

/** No sound in the playground, unless a page wants it. */
const silent: CallConfig = { ringtone: { incoming: false, outgoing: false } };

/** @param text the state, as in the fragment of the URL */
function show(text: string): void {
  const state = readState(text);
  const { element, scene } = find(state.element, state.scene);
  const service = new ScriptedService();
  if (scene.script?.status !== 'idle') service.play(scene.script ?? {});
  scene.prepare?.(service);

  const root = document.documentElement;
  root.lang = state.lang;
  root.dir = directionOf(state);
  root.style.colorScheme = state.scheme || 'light dark';
  // A new place for each state: elements of an earlier one must not get its service.
  const place = document.createElement('main');
  place.className = element.layered ? 'layer' : 'page';
  for (const [name, value] of Object.entries(state.tokens)) place.style.setProperty(name, value);
  const config = { ...silent, ...scene.config, ...readConfig(state.config) };
  const host: CallHost = {
    ...{ element: place, service, canTakeCalls: true },
    config: () => config,
    texts: () => null,
    avatarFor: () => undefined,
    ringer: () => undefined,
  };
  new ContextSource(place, host);

  const shown = document.createElement(element.tag);
  shown.textContent = element.content ?? '';
  if (element.layered) shown.toggleAttribute('in-layer', true);
  for (const { name, value } of element.attributes ?? []) {
    if (value !== undefined) shown.setAttribute(name, value);
  }
  for (const [name, value] of Object.entries(state.attributes)) shown.setAttribute(name, value);
  Object.assign(shown, scene.properties);
  if (element.tag === 'ongoing-call-view' && config.inCalling?.canInvitingInCalling) {
    const invite = document.createElement('invite-to-call-button');
    invite.slot = 'invite';
    invite.people = people;
    shown.append(invite);
  }
  place.append(shown);
  document.body.replaceChildren(place);
}

// A new fragment would make the browser scroll to the frame.
window.addEventListener('message', ({ origin, data }: MessageEvent<unknown>) => {
  if (origin === location.origin && typeof data === 'string') show(data);
});
show(location.hash);
