import { expect, fixture } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import type { TemplateResult } from 'lit';
import type { CallElement } from '../../src/components/shared/call-element.js';
import type { CallRequestEvent } from '../../src/components/shared/request-events.js';
import type { CallSnapshot } from '../../src/core/service/types.js';
import { FakeProvider } from './fake-provider.js';
import type { FakeService } from './fake-service.js';

if (!customElements.get('fake-provider')) customElements.define('fake-provider', FakeProvider);

export interface Stage<T> {
  readonly element: T;
  readonly provider: FakeProvider;
  readonly service: FakeService;
  /** Shows a call, and waits until it is seen. */
  show(call: Partial<CallSnapshot>): Promise<void>;
}

/** Puts an element into a provider that gives it a service to be set by the test. */
export async function inProvider<T extends CallElement>(
  template: TemplateResult,
  prepare: (provider: FakeProvider) => void = () => {},
): Promise<Stage<T>> {
  const provider = document.createElement('fake-provider') as FakeProvider;
  prepare(provider);
  const element = await fixture<T>(template, { parentNode: provider });
  const { service } = provider;
  return {
    element,
    provider,
    service,
    async show(call) {
      service.show(call);
      await element.updateComplete;
    },
  };
}

/** An element has a place in the layout, and the state `open`, while it shows this call alone. */
export async function expectLaidOutOnlyFor(
  { element, show }: Stage<CallElement>,
  shown: Partial<CallSnapshot>,
  after: Partial<CallSnapshot> = { status: 'idle' },
): Promise<void> {
  const display = (): string => getComputedStyle(element).display;
  expect(display()).to.equal('none');
  await show(shown);
  expect(display()).to.equal('block');
  expect(element.matches(':state(open)')).to.equal(true);
  await show(after);
  expect(display()).to.equal('none');
  expect(element.matches(':state(open)')).to.equal(false);
}

/** A button of an element, by its part. */
export function button(element: Element, part: string): HTMLButtonElement {
  const found = element.shadowRoot?.querySelector<HTMLButtonElement>(`[part~="${part}"]`);
  if (!found) throw new Error(`<${element.localName}> has no part ${part}`);
  return found;
}

export const hasPart = (element: Element, part: string): boolean =>
  !!element.shadowRoot?.querySelector(`[part~="${part}"]`);

/** What an element says, without the white space of its template. */
export const textOf = (element: Element, selector = '*'): string =>
  (element.shadowRoot?.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** Presses a button whose request the page hears. @returns the request */
export function pressed<E extends CallRequestEvent>(
  element: Element,
  part: string,
  type: string,
  prevent = false,
): E {
  const heard: Event[] = [];
  const hear = (event: Event): void => {
    heard.push(event);
    if (prevent) event.preventDefault();
  };
  document.addEventListener(type, hear);
  button(element, part).click();
  document.removeEventListener(type, hear);
  expect(heard).to.have.length(1);
  const [event] = heard as [E];
  expect(event.bubbles && event.composed && event.cancelable).to.equal(true);
  return event;
}

/** Looks at an element in light and in dark: no rule of axe may be broken. */
export async function expectAccessible(element: Element): Promise<void> {
  const { style } = document.documentElement;
  document.documentElement.lang = 'en';
  document.title ||= 'Test';
  // What moves would be looked at on its way.
  await emulateMedia({ reducedMotion: 'reduce' });
  try {
    for (const scheme of ['light', 'dark']) {
      style.colorScheme = scheme;
      style.background = scheme === 'light' ? '#fff' : '#12141a';
      await expect(element).to.be.accessible();
    }
  } finally {
    style.colorScheme = style.background = '';
    await emulateMedia({ reducedMotion: 'no-preference' });
  }
}

/** The animations that an element shows now, in its shadow root. */
export const animationsOf = (element: Element): Animation[] =>
  element.shadowRoot?.getAnimations() ?? [];
