/* global document, location, URLSearchParams */
/**
 * The page's own code on the two pages with a script tag: it lists the events of the provider. The kit's script may be
 * loaded before this or after: listeners, attributes and properties hold either way.
 *
 * With `?signaling=/` both ring each other through the ringkit server that the page comes from.
 */
const provider = /** @type {HTMLElement} */ (document.querySelector('call-invitation-provider'));
const list = /** @type {HTMLElement} */ (document.querySelector('#events'));

const signaling = new URLSearchParams(location.search).get('signaling');
if (signaling) provider.setAttribute('signaling', signaling);

const names = [
  'incoming-call-received',
  'incoming-call-canceled',
  'incoming-call-timeout',
  'incoming-call-decline-button-pressed',
  'incoming-call-accept-button-pressed',
  'outgoing-call-cancel-button-pressed',
  'outgoing-call-accepted',
  'outgoing-call-declined',
  'outgoing-call-rejected-cause-busy',
  'outgoing-call-timeout',
  'error',
];
for (const name of names) {
  provider.addEventListener(name, () => {
    const item = document.createElement('li');
    item.textContent = name;
    list.append(item);
  });
}
