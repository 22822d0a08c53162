import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../package/consumer.js';
import { Site } from '../package/site.js';

/**
 * The script of a test page: one provider whose callbacks and events are recorded. The URL names the user. The
 * script is inserted into the page as text, so it must not refer to anything outside of it.
 */
export function runPage(): void {
  const parameters = new URLSearchParams(location.search);
  const names = [
    'IncomingCallReceived',
    'IncomingCallCanceled',
    'IncomingCallTimeout',
    'IncomingCallDeclineButtonPressed',
    'IncomingCallAcceptButtonPressed',
    'OutgoingCallCancelButtonPressed',
    'OutgoingCallAccepted',
    'OutgoingCallDeclined',
    'OutgoingCallRejectedCauseBusy',
    'OutgoingCallTimeout',
    'InvitationUserStateChanged',
    'IncomingMissedCallDialBackFailed',
  ];
  const { probe } = window;
  const hooks = window as {
    onCallback?: (name: string, provider: HTMLElement) => void;
    defaultAction?: () => Promise<void>;
  };
  const provider = document.createElement('call-invitation-provider');
  const invitationEvents: Record<string, (...args: unknown[]) => void> = {
    onError: (error) => probe.log.push({ name: 'onError', args: [String(error)] }),
  };
  for (const name of names) {
    invitationEvents[`on${name}`] = (...args) => {
      const connections = probe.connections.length;
      probe.log.push({ name: `on${name}`, args: structuredClone(args), connections });
      hooks.onCallback?.(`on${name}`, provider);
    };
    const event = name.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();
    provider.addEventListener(event, () => probe.events.push(event));
  }
  // A page with this callback has to run the default action of a clicked missed call itself.
  const noteClick = (...args: unknown[]): void => {
    hooks.defaultAction = args.pop() as () => Promise<void>;
    probe.log.push({ name: 'onIncomingMissedCallClicked', args: structuredClone(args) });
  };
  // Results of the token function, one after the other; the last one is repeated. `hang` never resolves.
  const tokens = parameters.get('tokens')?.split(' ');
  const nextToken = (): string | Promise<string> => {
    const token = (tokens?.length === 1 ? tokens[0] : tokens?.shift()) ?? '';
    return token === 'hang' ? new Promise(() => {}) : token;
  };
  const clicked = parameters.get('clicked');
  if (clicked === 'own') invitationEvents.onIncomingMissedCallClicked = noteClick;
  else
    provider.addEventListener('incoming-missed-call-clicked', (event) => {
      const { callID, caller, callType, callees, customData, defaultAction } = event as never;
      noteClick(callID, caller, callType, callees, customData, defaultAction);
      if (clicked === 'prevented') event.preventDefault();
    });
  // Set as properties, also if the library is loaded later.
  Object.assign(provider, {
    invitationEvents,
    userID: parameters.get('user'),
    userName: parameters.get('name'),
    signaling: parameters.get('signaling') ?? 'local:',
    serviceWorker: parameters.get('worker'),
    notificationURL: parameters.get('notification-url'),
    token: tokens ? nextToken : null,
    config: JSON.parse(parameters.get('config') ?? 'null') as object | null,
  });
  const lang = parameters.get('lang');
  if (lang !== null) provider.lang = lang;
  document.body.append(provider);
  if (parameters.has('history')) document.body.append(document.createElement('call-history'));
  if (parameters.has('list')) document.body.append(document.createElement('missed-call-list'));
  void customElements.whenDefined(provider.localName).then(() =>
    provider.service.$call.subscribe(({ status, endReason }) => {
      const text = endReason ? `${status}: ${endReason}` : status;
      if (probe.statuses.at(-1) !== text) probe.statuses.push(text);
    }),
  );
}

const page = (script: string): string => `<!doctype html><html lang="en"><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="/page.js"></script>${script}<body><main><h1>A page</h1><label>Notes <input id="notes"></label></main>`;

/** The script builds, each with the tag that loads it. */
const tags = {
  'ringkit.js': '<script type="module" src="/somewhere/else/ringkit.js"></script>',
  'ringkit.global.js': '<script src="/somewhere/else/ringkit.global.js" defer></script>',
} as const;
export type Build = keyof typeof tags;

/** A site whose pages contain one provider each, with the strictest policy, and load only that script build. */
export async function openSite(build: Build = 'ringkit.js'): Promise<Site> {
  const site = new Site("'self' ws://127.0.0.1:* http://127.0.0.1:*");
  site.put('/page.js', `(${runPage.toString()})();`);
  site.put('/', page(tags[build]));
  site.put('/twice', page(`${tags['ringkit.js']}${tags['ringkit.global.js']}`));
  site.put('/late', page(''));
  site.put('/blank', '<!doctype html><html lang="en"><title>Another page</title>');
  site.put('/ringkit-worker.js', await readFile(join(root, 'dist/ringkit-worker.js'), 'utf8'));
  await site.open();
  return site;
}
