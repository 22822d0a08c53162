import { expect, html } from '@open-wc/testing';
import {
  emulateMedia,
  resetMouse,
  sendKeys,
  sendMouse,
  setViewport,
} from '@web/test-runner-commands';
import {
  button,
  expectAccessible,
  hasPart,
  inProvider,
  pressed,
  textOf,
  type ElementFixture,
} from '../../../test/support/elements.js';
import { member, ongoing, outgoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallSnapshot, Connection } from '../../core/service/snapshots.js';
import { MinimalCallView } from '../minimal-call-view/minimal-call-view.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { OutgoingCallDialog } from '../outgoing-call-dialog/outgoing-call-dialog.js';
import type { CallControlsElement } from './call-controls-element.js';
import { defineOnce } from './define-once.js';
import type { CallAgainEvent } from './history-events.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);
defineOnce('minimal-call-view', MinimalCallView);
defineOnce('ongoing-call-view', OngoingCallView);

type Fixture = ElementFixture<CallControlsElement>;

/** Ben has hung up. */
const talked = ongoing({
  endReason: 'hung-up',
  members: [
    member(user('ann', 'Ann Berg'), 'left', { self: true }),
    member(user('ben', 'Ben Ortiz'), 'left'),
  ],
});
const VIEWS = [
  ['ongoing-call-view', html`<ongoing-call-view></ongoing-call-view>`, talked],
  [
    'outgoing-call-dialog',
    html`<outgoing-call-dialog></outgoing-call-dialog>`,
    outgoing('declined', { endReason: 'declined' }),
  ],
] as const;

/** Ends a call, of which the service offers another one. */
async function end({ service, show }: Fixture, call: Partial<CallSnapshot>): Promise<void> {
  await show({ ...call, status: 'active', endReason: undefined, startedAt: Date.now() });
  service.show({ ...call, status: 'ended' });
  service.$endedCall.set(service.$call.get());
  await show(service.$call.get());
}
/** The two seconds of the status `ended` are over. */
const over = ({ show }: Fixture): Promise<void> => show({ status: 'idle', callID: '' });

describe('the end of a call', () => {
  afterEach(() => resetMouse());

  for (const [tag, template, call] of VIEWS) {
    it(`is shown by <${tag}> until it is closed, also when the call is no longer there`, async () => {
      const stage = await inProvider<CallControlsElement>(template);
      const { element, service } = stage;
      await end(stage, call);
      await over(stage);
      expect(textOf(element, '.name')).to.equal('Ben Ortiz');
      await expectAccessible(element);
      button(element, 'close-end-button').click();
      await element.updateComplete;
      expect(service.commands).to.deep.equal([['dismissEndedCall']]);
      expect(element.offsetHeight).to.equal(0);
    });

    it(`closes at once in <${tag}> while the call has the status ended, and not for the next call`, async () => {
      const stage = await inProvider<CallControlsElement>(template);
      const { element } = stage;
      await end(stage, { ...call, callID: 'c1' });
      button(element, 'close-end-button').click();
      await element.updateComplete;
      expect(element.offsetHeight).to.equal(0);
      await end(stage, { ...call, callID: 'c2' });
      expect(element.offsetHeight).not.to.equal(0);
    });

    it(`calls again in <${tag}>, unless the page prevents it`, async () => {
      const stage = await inProvider<CallControlsElement>(template);
      const { element, service } = stage;
      await end(stage, { ...call, callID: 'c1' });
      pressed(element, 'call-again-button', 'call-again', true);
      expect(service.commands).to.deep.equal([]);
      const event = pressed<CallAgainEvent>(element, 'call-again-button', 'call-again');
      expect(event.callID).to.equal('c1');
      expect(service.commands).to.deep.equal([['redialEndedCall']]);
      service.failure = new CallError('rate-limited');
      button(element, 'call-again-button').click();
      await waitUntil(() => textOf(element, '.notes') === 'Couldn’t place the call');
      expect(service.reported).to.deep.equal([service.failure]);
    });
  }

  it('says why calling again is not possible, and keeps the focus on its button', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const { element, service } = stage;
    await end(stage, talked);
    const again = button(element, 'call-again-button');
    again.focus();
    const blocked = async (connection: Connection): Promise<string> => {
      service.$connection.set(connection);
      await element.updateComplete;
      again.click();
      expect(element.shadowRoot?.activeElement).to.equal(again);
      const id = again.getAttribute('aria-describedby');
      return `${again.ariaDisabled} ${id === null ? 'no note' : textOf(element, `#${id}`)}`;
    };
    expect(await blocked('offline')).to.equal('true No connection. Try again in a moment');
    expect(await blocked('refused')).to.equal('true The connection was refused');
    await expectAccessible(element);
    expect(service.commands).to.deep.equal([]);
    // The call waits for the connection.
    expect(await blocked('connecting')).to.equal('false no note');
    expect(service.commands).to.deep.equal([['redialEndedCall']]);
  });

  it('says in the minimised bar too why calling again is not possible, or that it has failed', async () => {
    const stage = await inProvider<OngoingCallView>(html`<ongoing-call-view></ongoing-call-view>`);
    const { element, service } = stage;
    await stage.show(ongoing());
    element.minimised = true;
    await end(stage, talked);
    expect(textOf(element, '.status')).to.equal('Call ended');
    service.$connection.set('offline');
    await element.updateComplete;
    expect(textOf(element, '.status')).to.equal('No connection. Try again in a moment');
    await expectAccessible(element);
    service.$connection.set('connected');
    await element.updateComplete;
    expect(textOf(element, '.status')).to.equal('Call ended');
    service.failure = new CallError('rate-limited');
    button(element, 'call-again-button').click();
    await waitUntil(() => textOf(element, '#end-note') === 'Couldn’t place the call');
    const { scrollWidth, clientWidth } = element.shadowRoot!.querySelector('.status')!;
    expect(scrollWidth).to.be.at.most(clientWidth);
  });

  it('has place for that in the bar on phones, in the longest languages', async () => {
    await setViewport({ width: 320, height: 568 });
    for (const lang of ['en', 'de', 'uk']) {
      const stage = await inProvider<OngoingCallView>(
        html`<ongoing-call-view in-layer lang=${lang}></ongoing-call-view>`,
      );
      const { element, service } = stage;
      await stage.show(ongoing());
      element.minimised = true;
      await end(stage, talked);
      service.$connection.set('offline');
      const root = element.shadowRoot!;
      await waitUntil(
        () =>
          root.querySelector('.stage')?.getAttribute('lang') === lang &&
          textOf(element, '#end-note'),
      );
      const { scrollWidth, clientWidth } = root.querySelector('.status')!;
      expect(scrollWidth, lang).to.be.at.most(clientWidth);
      expect(root.querySelector<HTMLElement>('.bar')!.offsetHeight, lang).to.be.at.most(120);
      element.remove();
    }
    await setViewport({ width: 800, height: 600 });
  });

  it('says that this browser has no calls', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
      (provider) => (provider.canTakeCalls = false),
    );
    await end(stage, talked);
    expect(textOf(stage.element, '#end-note')).to.equal('This browser doesn’t support calls');
    expect(button(stage.element, 'call-again-button').ariaDisabled).to.equal('true');
  });

  it('is closed in all views at once', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const other = document.createElement('ongoing-call-view');
    stage.provider.append(other);
    await end(stage, talked);
    expect(other.offsetHeight).not.to.equal(0);
    button(stage.element, 'close-end-button').click();
    await Promise.all([stage.element.updateComplete, other.updateComplete]);
    expect([stage.element.offsetHeight, other.offsetHeight]).to.deep.equal([0, 0]);
  });

  it('is released by a view that is removed while the mouse is on it', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const { element, provider, service, show } = stage;
    await show(ongoing());
    await sendMouse({ type: 'move', position: [20, 20] });
    await waitUntil(() => element.matches(':hover'));
    await end(stage, talked);
    expect(service.endedCallKeepers).to.equal(1);
    element.remove();
    expect(service.endedCallKeepers).to.equal(0);
    provider.append(element);
    await element.updateComplete;
    await sendMouse({ type: 'move', position: [25, 25] });
    await waitUntil(() => service.endedCallKeepers === 1);
  });

  it('is shown without "Call again" if the service offers none', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    await stage.show({ ...talked, status: 'ended', endReason: 'answered-elsewhere' });
    expect(hasPart(stage.element, 'call-again-button')).to.equal(false);
    expect(hasPart(stage.element, 'close-end-button')).to.equal(true);
    await over(stage);
    expect(stage.element.offsetHeight).to.equal(0);
  });

  it('has the message control of the page, only after the end', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view><button slot="message">Write</button></ongoing-call-view>`,
    );
    const write = stage.element.querySelector('button')!;
    await stage.show(ongoing());
    expect(write.offsetHeight).to.equal(0);
    await end(stage, talked);
    expect(write.offsetHeight).to.be.at.least(44);
  });

  it('styles the message control of the page, and not an empty place for one', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view in-layer></ongoing-call-view>`,
    );
    const { element } = stage;
    await stage.show(ongoing());
    await end(stage, talked);
    const place = element.querySelector('slot')!;
    expect(place.getBoundingClientRect().width).to.equal(0);
    expect(getComputedStyle(place).display).to.equal('contents');
    const write = document.createElement('button');
    write.slot = 'message';
    write.textContent = 'Write';
    element.append(write);
    expect(write.offsetHeight).to.be.at.least(44);
    element.remove();
  });

  for (const tag of ['ongoing-call-view', 'outgoing-call-dialog', 'minimal-call-view'])
    it(`has a place for the message control of the provider in <${tag}>, also after a move`, () => {
      const element = document.createElement(tag);
      element.setAttribute('in-layer', '');
      document.body.append(element);
      document.body.append(element);
      expect(element.querySelectorAll('slot[name=message][slot=message]')).to.have.length(1);
      element.remove();
    });

  it('stays while the mouse is on it, also if it was there before', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const { element, service, show } = stage;
    await show(ongoing());
    await sendMouse({ type: 'move', position: [20, 20] });
    await waitUntil(() => element.matches(':hover'));
    await end(stage, talked);
    expect(service.endedCallKeepers).to.equal(1);
    const { bottom } = element.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [20, Math.ceil(bottom) + 20] });
    await waitUntil(() => service.endedCallKeepers === 0);
    await sendMouse({ type: 'move', position: [20, 30] });
    await waitUntil(() => service.endedCallKeepers === 1);
  });

  it('does not stay for the mouse with which the user has hung up, until it is moved', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const { element, service, show } = stage;
    await show(ongoing());
    await sendMouse({ type: 'move', position: [20, 20] });
    await waitUntil(() => element.matches(':hover'));
    await end(stage, ongoing({ endReason: 'hung-up' }));
    expect(service.endedCallKeepers).to.equal(0);
    await sendMouse({ type: 'move', position: [25, 20] });
    await waitUntil(() => service.endedCallKeepers === 1);
  });

  it('stays while the keyboard is used in it; Escape closes it', async () => {
    const stage = await inProvider<CallControlsElement>(
      html`<ongoing-call-view></ongoing-call-view>`,
    );
    const { element, service, show } = stage;
    await show(ongoing({ callID: 'c1' }));
    element.focus();
    await sendKeys({ press: 'Tab' });
    await end(stage, ongoing({ callID: 'c1', endReason: 'hung-up' }));
    expect(element.matches(':focus-within')).to.equal(true);
    expect(service.endedCallKeepers, 'after the own hang-up').to.equal(0);
    await end(stage, { ...talked, callID: 'c2' });
    expect(service.endedCallKeepers, 'Ben has hung up').to.equal(1);
    await sendKeys({ press: 'Tab' });
    expect(service.endedCallKeepers).to.equal(1);
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(service.commands).to.deep.equal([['dismissEndedCall']]);
    expect(element.offsetHeight).to.equal(0);
  });

  it('has its buttons inside of small windows, in the longest languages', async () => {
    await emulateMedia({ reducedMotion: 'reduce' });
    for (const [width, height] of [
      [320, 480],
      [320, 256],
      [667, 375],
    ] as const)
      for (const lang of ['de', 'uk', 'ar']) {
        await setViewport({ width, height });
        const stage = await inProvider<CallControlsElement>(
          html`<ongoing-call-view in-layer lang=${lang}></ongoing-call-view>`,
        );
        const { element } = stage;
        await end(stage, talked);
        await waitUntil(
          () => element.shadowRoot?.querySelector('.stage')?.getAttribute('lang') === lang,
        );
        for (const part of ['call-again-button', 'close-end-button']) {
          const box = button(element, part).getBoundingClientRect();
          const name = `${part} ${lang} ${width}x${height}: ${JSON.stringify(box)}`;
          expect(box.left >= 0 && box.right <= width && box.bottom <= height, name).to.equal(true);
          expect(box.height, name).to.be.at.least(44);
        }
        element.remove();
      }
    await emulateMedia({ reducedMotion: 'no-preference' });
    await setViewport({ width: 800, height: 600 });
  });
});
