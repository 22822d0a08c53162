import { expect, html } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import { button, expectAccessible, hasPart, inProvider } from '../../../test/support/elements.js';
import { member, ongoing, user } from '../../../test/support/fake-service.js';
import { EMOJI } from '../../core/media/verification/emoji.js';
import type { Verification } from '../../core/ports/media.js';
import { INCLUDED_LANGUAGES } from '../../locales/included-language.js';
import { emojiName } from '../../locales/emoji-names.js';
import { defineOnce } from '../shared/define-once.js';
import { OngoingCallView } from './ongoing-call-view.js';

defineOnce('ongoing-call-view', OngoingCallView);

const PART = 'verify-button';
const READY: Verification = { state: 'ready', emoji: EMOJI.slice(0, 7) };
const ann = user('ann', 'Ann Berg');
const names = ['ben', 'chen', 'dana'];
const members = names.map((name) => member(user(name, name), 'accepted', { microphone: true }));
const call = ongoing({ members: [member(ann, 'accepted', { self: true }), ...members] });

const view = (language = 'en') =>
  inProvider<OngoingCallView>(html`<ongoing-call-view lang=${language}></ongoing-call-view>`);

async function press(element: OngoingCallView): Promise<void> {
  button(element, 'more-button').click();
  await element.updateComplete;
  button(element, PART).click();
  await element.updateComplete;
}

const panelOf = (element: Element): HTMLElement | null | undefined =>
  element.shadowRoot?.querySelector<HTMLElement>('#verification');

describe('the verification panel', () => {
  afterEach(() => setViewport({ width: 800, height: 600 }));

  it('has no button while there is no link', async () => {
    const { element, show } = await view();
    await show(call);
    expect(hasPart(element, PART)).to.equal(false);
  });

  it('shows seven emoji with their names, and the state of each member', async () => {
    const { element, service, show } = await view();
    service.$verification.set(
      new Map<string, Verification>([
        ['ben', READY],
        ['chen', { state: 'unavailable', emoji: [] }],
        ['dana', { state: 'pending', emoji: [] }],
      ]),
    );
    await show(call);
    await press(element);
    const panel = panelOf(element);
    expect(
      [...(panel?.querySelectorAll('li span:last-child') ?? [])].map((li) => li.textContent),
    ).to.deep.equal(READY.emoji.map(({ name }) => name));
    expect(
      [...(panel?.querySelectorAll<HTMLElement>('[data-user]') ?? [])].map(
        ({ dataset }) => `${dataset['user']} ${dataset['state']}`,
      ),
    ).to.deep.equal(['ben ready', 'chen unavailable', 'dana pending']);
    expect(panel?.textContent).to.contain('cannot be verified');
    await expectAccessible(element);
  });

  it('is closed by Escape, and returns the focus', async () => {
    const { element, service, show } = await view();
    service.$verification.set(new Map([['ben', READY]]));
    await show(call);
    await press(element);
    panelOf(element)?.focus();
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(panelOf(element)).to.equal(null);
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'more-button'));
  });

  it('fits a view of 320 pixels', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, provider, service, show } = await view();
    Object.assign(provider.style, { display: 'block', inlineSize: '320px', blockSize: '560px' });
    service.$verification.set(new Map(names.map((name) => [name, READY])));
    await show(call);
    await press(element);
    const panel = panelOf(element);
    const box = panel?.getBoundingClientRect();
    const outer = element.getBoundingClientRect();
    expect(box?.left).to.be.at.least(outer.left);
    expect(box?.right).to.be.at.most(outer.right);
    expect(box?.bottom).to.be.at.most(outer.bottom);
    expect(panel?.scrollWidth).to.be.at.most(panel?.clientWidth ?? 0);
  });

  it('says at the end of a call that it may have been intercepted', async () => {
    const { element, service, show } = await view();
    service.$verification.set(new Map([['ben', { state: 'failed', emoji: [] }]]));
    await show({ ...call, status: 'ended', endReason: 'media-failed' });
    expect(element.shadowRoot?.textContent).to.contain('keys do not match');
  });

  it('has 64 different names in each language', () => {
    for (const lang of INCLUDED_LANGUAGES) {
      const all = EMOJI.map(({ number }) => emojiName(number, { lang, emojiNames: [] }));
      expect(new Set(all).size, lang).to.equal(64);
      expect(emojiName(64, { lang, emojiNames: [] }), lang).to.equal('');
    }
    const english = EMOJI.map(({ number }) => emojiName(number, { lang: 'sw', emojiNames: [] }));
    expect(english).to.deep.equal(EMOJI.map(({ name }) => name));
    expect(emojiName(0, { lang: 'sw', emojiNames: ['Paka'] })).to.equal('Paka');
  });
});
