/* global document, location, URLSearchParams */
/**
 * The own code of the two pages with a script tag: it lists the events of the provider. ringkit may load before or after
 * this script; listeners, attributes and properties work in both cases.
 *
 * With `?signaling=/`, both pages call each other through the ringkit server that serves them.
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
