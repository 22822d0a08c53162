import { expect, fixture } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import type { TemplateResult } from 'lit';
import type { CallElement } from '../../src/components/shared/call-element.js';
import type { CallRequestEvent } from '../../src/components/shared/request-events.js';
import type { CallSnapshot } from '../../src/core/service/snapshots.js';
import { FakeProvider } from './fake-provider.js';
import type { FakeService } from './fake-service.js';

if (!customElements.get('fake-provider')) customElements.define('fake-provider', FakeProvider);

export interface ElementFixture<T> {
  readonly element: T;
  readonly provider: FakeProvider;
  readonly service: FakeService;
  /** Shows a call, and waits for the render. */
  show(call: Partial<CallSnapshot>): Promise<void>;
}

/** Puts an element into a provider whose service is controlled by the test. */
export async function inProvider<T extends CallElement>(
  template: TemplateResult,
  prepare: (provider: FakeProvider) => void = () => {},
): Promise<ElementFixture<T>> {
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

/** Expects that an element has a box, and the state `open`, only while it shows this call. */
export async function expectLaidOutOnlyFor(
  { element, show }: ElementFixture<CallElement>,
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

/** The text of an element, with normalised white space. */
export const textOf = (element: Element, selector = '*'): string =>
  (element.shadowRoot?.querySelector(selector)?.textContent ?? '').replace(/\s+/g, ' ').trim();

/** Presses a button and expects one request event. @returns the event */
export function pressed<E extends CallRequestEvent>(
  element: Element,
  part: string,
  type: string,
  prevent = false,
): E {
  const events: Event[] = [];
  const record = (event: Event): void => {
    events.push(event);
    if (prevent) event.preventDefault();
  };
  document.addEventListener(type, record);
  button(element, part).click();
  document.removeEventListener(type, record);
  expect(events).to.have.length(1);
  const [event] = events as [E];
  expect(event.bubbles && event.composed && event.cancelable).to.equal(true);
  return event;
}

/** Runs the axe accessibility checks in light and dark mode. */
export async function expectAccessible(element: Element): Promise<void> {
  const { style } = document.documentElement;
  document.documentElement.lang = 'en';
  document.title ||= 'Test';
  // Otherwise, axe would check elements in the middle of an animation.
  await emulateMedia({ reducedMotion: 'reduce' });
  await motionEnds(element);
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

/** The running animations in the shadow root of an element. */
export const animationsOf = (element: Element): Animation[] =>
  element.shadowRoot?.getAnimations() ?? [];

/** Waits until an element, with what is in its shadow root, does not move or fade any more. */
export async function motionEnds(element: Element): Promise<void> {
  const animations = [...element.getAnimations(), ...animationsOf(element)];
  const finite = animations.filter(
    ({ effect }) => effect?.getComputedTiming().endTime !== Infinity,
  );
  // One that is cancelled meanwhile has ended as well.
  await Promise.allSettled(finite.map(({ finished }) => finished));
}

/** Expects that a box is inside the viewport. */
export function expectInViewport({
  left,
  top,
  right,
  bottom,
}: Pick<DOMRect, 'left' | 'top' | 'right' | 'bottom'>): void {
  expect(Math.min(left, top)).to.be.at.least(0);
  expect(right).to.be.at.most(innerWidth);
  expect(bottom).to.be.at.most(innerHeight);
}
