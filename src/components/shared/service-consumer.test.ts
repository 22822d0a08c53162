import { expect, fixture, html } from '@open-wc/testing';
import { LitElement, type TemplateResult } from 'lit';
import { createPhones } from '../../../test/support/provider-fixture.js';
import { CallInvitationProvider } from '../call-invitation-provider/call-invitation-provider.js';
import type { CallHost } from './context.js';
import { ServiceConsumer } from './service-consumer.js';

class Seeker extends LitElement {
  static override properties = { provider: {} };
  declare provider: string | null;
  readonly changes: (CallHost | undefined)[] = [];
  readonly consumer = new ServiceConsumer(this, (host) => this.changes.push(host));
  protected override render(): TemplateResult {
    return html``;
  }
}
customElements.define('call-seeker', Seeker);
const found = (element: Element | null | undefined): unknown =>
  (element as Seeker).consumer.value?.element;

describe('ServiceConsumer', () => {
  it('waits for the definition of the elements, inside of a provider and outside of the only one', async () => {
    const inside = await fixture(
      html`<call-invitation-provider><call-seeker></call-seeker></call-invitation-provider>`,
    );
    const outside = await fixture(html`<call-seeker></call-seeker>`);
    expect(found(inside.firstElementChild)).to.equal(undefined);
    expect(found(outside)).to.equal(undefined);
    customElements.define('call-invitation-provider', CallInvitationProvider);
    expect(found(inside.firstElementChild)).to.equal(inside);
    expect(found(outside)).to.equal(inside);
  });

  it('finds the provider that contains the element, also from a shadow root', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => fixture(html`<call-invitation-provider></call-invitation-provider>`)),
    );
    const host = document.createElement('div');
    const seeker = document.createElement('call-seeker');
    host.attachShadow({ mode: 'open' }).append(seeker);
    first?.append(host);
    expect(found(seeker)).to.equal(first);
    second?.append(host);
    expect(found(seeker)).to.equal(second);
    host.remove();
    expect(found(seeker)).to.equal(undefined);
  });

  it('finds only the named provider if there are two', async () => {
    await fixture(html`<call-invitation-provider></call-invitation-provider>`);
    const other = await fixture(html`<call-invitation-provider id="b"></call-invitation-provider>`);
    const seeker = await fixture<Seeker>(html`<call-seeker></call-seeker>`);
    expect(found(seeker)).to.equal(undefined);
    seeker.provider = 'b';
    await seeker.updateComplete;
    expect(found(seeker)).to.equal(other);
    seeker.provider = 'nobody';
    await seeker.updateComplete;
    expect(found(seeker)).to.equal(undefined);
  });

  it('keeps the named provider, also inside another one', async () => {
    const named = await fixture(html`<call-invitation-provider id="c"></call-invitation-provider>`);
    const around = document.createElement('div');
    const seeker = document.createElement('call-seeker') as Seeker;
    seeker.provider = 'c';
    around.append(seeker);
    named.append(around);
    expect(found(seeker)).to.equal(named);
    const between = document.createElement('call-invitation-provider');
    between.append(seeker);
    around.append(between);
    expect(found(seeker)).to.equal(named);
    seeker.provider = null;
    await seeker.updateComplete;
    expect(found(seeker)).to.equal(between);
  });

  it('waits for the named provider', async () => {
    const seeker = await fixture<Seeker>(html`<call-seeker .provider=${'late'}></call-seeker>`);
    expect(found(seeker)).to.equal(undefined);
    const late = await fixture(
      html`<call-invitation-provider id="late"></call-invitation-provider>`,
    );
    expect(found(seeker)).to.equal(late);
  });

  it('unsubscribes when it leaves the document, and is notified of changed values', async () => {
    const provider = await createPhones().phone('ann', html`<call-seeker></call-seeker>`);
    const seeker = provider.querySelector<Seeker>('call-seeker')!;
    const before = seeker.changes.length;
    provider.texts = { accept: 'Yes' };
    await provider.updateComplete;
    expect(seeker.changes).to.have.length(before + 1);
    seeker.remove();
    provider.texts = { accept: 'No' };
    await provider.updateComplete;
    expect(seeker.changes).to.have.length(before + 2);
    expect(seeker.changes.at(-1)).to.equal(undefined);
  });
});
