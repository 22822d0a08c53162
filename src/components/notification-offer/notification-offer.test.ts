import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { expectAccessible, inProvider, textOf } from '../../../test/support/elements.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { defineOnce } from '../shared/define-once.js';
import { NotificationOffer } from './notification-offer.js';

defineOnce('notification-offer', NotificationOffer);

const show = () => inProvider<NotificationOffer>(html`<notification-offer></notification-offer>`);

/** Collects the events of the offer. */
function collectEvents(element: Element): Event[] {
  const events: Event[] = [];
  for (const type of ['offer-accept', 'offer-dismiss']) {
    element.addEventListener(type, (event) => events.push(event));
  }
  return events;
}

describe('<notification-offer>', () => {
  it('is announced politely, and takes no focus', async () => {
    const { element } = await show();
    expect(textOf(element, '#title')).to.equal('Turn on notifications?');
    expect(textOf(element, '#why')).to.match(/missed calls/);
    expect(element.shadowRoot?.activeElement).to.equal(null);
    await waitUntil(() => textOf(element, '[role=status]').startsWith('Turn on notifications?'));
  });

  it('fires the pressed button as an event that does not bubble', async () => {
    const { element, provider, service } = await show();
    const events = collectEvents(element);
    const above = collectEvents(provider);
    element.shadowRoot?.querySelector<HTMLElement>('.accept')?.click();
    element.shadowRoot?.querySelector<HTMLElement>('.later')?.click();
    expect(events.map(({ type }) => type)).to.deep.equal(['offer-accept', 'offer-dismiss']);
    expect(events.some(({ bubbles }) => bubbles)).to.equal(false);
    expect(above).to.deep.equal([]);
    expect(service.commands).to.deep.equal([]);
  });

  it('can be used by keyboard', async () => {
    const { element } = await show();
    const events = collectEvents(element);
    element.shadowRoot?.querySelector<HTMLElement>('.later')?.focus();
    await sendKeys({ press: 'Enter' });
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Enter' });
    expect(events.map(({ type }) => type)).to.deep.equal(['offer-dismiss', 'offer-accept']);
  });

  it('passes the accessibility checks', async () => {
    const { element } = await show();
    await expectAccessible(element);
  });
});
