import { callProperties } from '../shared/call-properties.js';

/** Events that must not reach a dialog of the page, which could read them as a click on itself or on its backdrop. */
const POINTER_EVENTS = ['click', 'mousedown', 'pointerdown', 'touchstart'];
const REQUESTS = [
  'call-accept',
  'call-decline',
  'call-cancel',
  'call-hang-up',
  'call-again',
] as const;

/**
 * Makes `proxy` represent `origin` elsewhere in the document: it copies the inherited styles and forwards request
 * events to the origin.
 */
export function proxyFor(origin: HTMLElement, proxy: HTMLElement): void {
  proxy.dataset['standIn'] = '';
  proxy.className = origin.className;
  const computed = getComputedStyle(origin);
  for (const name of [...callProperties, 'color-scheme', 'direction']) {
    const value = computed.getPropertyValue(name);
    if (value) proxy.style.setProperty(name, value);
  }
  for (const type of POINTER_EVENTS)
    proxy.addEventListener(type, (event) => event.stopPropagation());
  for (const type of REQUESTS) {
    proxy.addEventListener(type, (event) => {
      // If the dialog is inside the origin, the event reaches the origin by itself.
      if (event.composedPath().includes(origin)) return;
      const Request = event.constructor as new (callID: string, choices: Event) => Event;
      const copy = new Request(event.callID, event);
      if (!origin.dispatchEvent(copy)) event.preventDefault();
    });
  }
}
