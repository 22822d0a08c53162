import { baseStyles } from '../shared/base.styles.js';
import { stageStyles } from '../shared/stage.styles.js';

/** The page's dialog must not take a press on the call for one on itself, or on what lies behind it. */
const PRESSES = ['click', 'mousedown', 'pointerdown', 'touchstart'];
const REQUESTS = ['call-accept', 'call-decline', 'call-cancel', 'call-hang-up'] as const;

/** Names of the custom properties that an element may have from where it lies. */
const tokens = (baseStyles.cssText + stageStyles.cssText).match(/--call-[\w-]+/g) ?? [];

/**
 * Makes one element stand in for another, elsewhere in the document: it looks like it, and what people ask for there is
 * asked at the other, too.
 */
export function proxyFor(origin: HTMLElement, proxy: HTMLElement): void {
  proxy.dataset['standIn'] = '';
  proxy.className = origin.className;
  const computed = getComputedStyle(origin);
  for (const name of [...tokens, 'color-scheme', 'direction']) {
    const value = computed.getPropertyValue(name);
    if (value) proxy.style.setProperty(name, value);
  }
  for (const type of PRESSES) proxy.addEventListener(type, (event) => event.stopPropagation());
  for (const type of REQUESTS) {
    proxy.addEventListener(type, (event) => {
      // The page's dialog may itself lie in the origin: then it has heard, or will hear.
      if (event.composedPath().includes(origin)) return;
      const Request = event.constructor as new (callID: string) => Event;
      const copy = new Request(event.callID);
      if (!origin.dispatchEvent(copy)) event.preventDefault();
    });
  }
}
