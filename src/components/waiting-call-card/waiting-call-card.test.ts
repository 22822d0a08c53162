import { expect, html } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import { expectAccessible, inProvider, textOf } from '../../../test/support/elements.js';
import {
  incoming,
  NO_CALL,
  ongoing,
  type FakeService,
} from '../../../test/support/fake-service.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallAcceptEvent } from '../shared/request-events.js';
import { WaitingCallCard } from './waiting-call-card.js';

defineOnce('waiting-call-card', WaitingCallCard);
defineOnce('ongoing-call-view', OngoingCallView);

const show = () => inProvider<WaitingCallCard>(html`<waiting-call-card></waiting-call-card>`);
const button = (element: Element, part: string): HTMLElement | null =>
  element.shadowRoot?.querySelector<HTMLElement>(`[part=${part}]`) ?? null;

/** Ben calls while another call runs. */
function wait(service: FakeService): void {
  service.show(ongoing({ callID: 'running' }));
  service.$waitingCall.set({ ...NO_CALL, callID: 'waiting', ...incoming() });
}

describe('<waiting-call-card>', () => {
  it('is hidden without another call', async () => {
    const { element } = await show();
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('announces a waiting call, takes no focus, and answers it', async () => {
    const { element, service } = await show();
    wait(service);
    await element.updateComplete;
    expect(textOf(element, '#name')).to.equal('Ben Ortiz');
    expect(textOf(element, '[role=alert]')).to.match(/Ben Ortiz is calling/);
    expect(element.shadowRoot?.activeElement).to.equal(null);
    const asked: (string | undefined)[] = [];
    element.addEventListener('call-accept', ({ callID, runningCall }: CallAcceptEvent) =>
      asked.push(callID, runningCall),
    );
    button(element, 'hold-and-accept-button')?.click();
    button(element, 'end-and-accept-button')?.click();
    button(element, 'decline-button')?.click();
    expect(asked).to.deep.equal(['waiting', 'hold', 'waiting', 'end']);
    expect(service.commands).to.deep.equal([
      ['accept', { runningCall: 'hold' }],
      ['accept', { runningCall: 'end' }],
      ['decline'],
    ]);
  });

  for (const size of ['320x600', '390x780'])
    for (const kind of ['waiting', 'held'] as const)
      it(`does not cover the avatar of the running call on a phone: ${kind}, ${size}`, async () => {
        const [width = 0, height = 0] = size.split('x').map(Number);
        await setViewport({ width, height });
        await emulateMedia({ reducedMotion: 'reduce' });
        const {
          element: view,
          provider,
          service,
        } = await inProvider<OngoingCallView>(
          html`<ongoing-call-view in-layer></ongoing-call-view>`,
        );
        const card = document.createElement('waiting-call-card');
        card.toggleAttribute('in-layer', true);
        provider.append(card);
        const other = { ...NO_CALL, ...ongoing(), callID: 'other' };
        service.show(ongoing({ callID: 'running' }));
        if (kind === 'held') service.$heldCalls.set([other]);
        else service.$waitingCall.set({ ...NO_CALL, ...incoming(), callID: 'other' });
        await Promise.all([card.updateComplete, view.updateComplete]);
        const root = view.shadowRoot!;
        const covered = card.getBoundingClientRect();
        expect(covered.height).to.be.greaterThan(0);
        for (const selector of ['.avatar', '.name']) {
          const { top, bottom } = root
            .querySelector(`.centre ${selector}`)!
            .getBoundingClientRect();
          expect(top, selector).to.be.at.least(covered.bottom);
          expect(bottom, selector).to.be.at.most(
            root.querySelector('.controls')!.getBoundingClientRect().top,
          );
        }
        const ringed = card.shadowRoot!.querySelector('.avatar')!.getBoundingClientRect();
        const answers = card.shadowRoot!.querySelector('section > .answers');
        // The ring around the avatar is 8 pixels wide.
        expect(answers!.getBoundingClientRect().top).to.be.at.least(ringed.bottom + 12);
        for (const answer of card.shadowRoot!.querySelectorAll('.answers button')) {
          expect(answer.scrollWidth).to.be.at.most(answer.clientWidth);
          const { height: high, right } = answer.getBoundingClientRect();
          expect(high).to.equal(44);
          expect(right).to.be.at.most(covered.right - 12);
        }
        card.remove();
        await emulateMedia({ reducedMotion: 'no-preference' });
        await setViewport({ width: 800, height: 600 });
      });

  it('does nothing if the page prevents the event', async () => {
    const { element, service } = await show();
    wait(service);
    await element.updateComplete;
    element.addEventListener('call-accept', (event) => event.preventDefault());
    element.addEventListener('call-decline', (event) => event.preventDefault());
    button(element, 'end-and-accept-button')?.click();
    button(element, 'decline-button')?.click();
    expect(service.commands).to.deep.equal([]);
  });

  it('continues a call on hold, by keyboard too', async () => {
    const { element, service } = await show();
    const held = { ...NO_CALL, callID: 'held', ...ongoing(), onHold: true };
    service.show(ongoing({ callID: 'running' }));
    service.$heldCalls.set([held]);
    await element.updateComplete;
    expect(textOf(element, '#state')).to.equal('On hold');
    button(element, 'resume-button')?.focus();
    await sendKeys({ press: 'Enter' });
    service.show(held);
    await element.updateComplete;
    button(element, 'resume-button')?.click();
    expect(service.commands).to.deep.equal([['swap'], ['resume']]);
  });

  it('merges and transfers calls while the user talks in another one', async () => {
    const { element, service } = await show();
    const held = { ...NO_CALL, callID: 'held', ...ongoing(), onHold: true };
    const ben = held.members.find((member) => !member.self);
    service.$heldCalls.set([held]);
    service.show(ongoing({ callID: 'running' }));
    await element.updateComplete;
    button(element, 'merge-button')?.click();
    button(element, 'transfer-button')?.click();
    expect(service.commands).to.deep.equal([['merge'], ['transfer', ben]]);
    // While the running call is transferred, and while no other one runs, nothing can be connected.
    const to = { userID: 'carol', userName: 'Carol' };
    const transfer = { by: to, to, reason: '', failed: false };
    for (const call of [ongoing({ callID: 'running', transfer }), held]) {
      service.show(call);
      await element.updateComplete;
      expect(button(element, 'merge-button')).to.equal(null);
      expect(button(element, 'transfer-button')).to.equal(null);
    }
  });

  it('passes the accessibility checks', async () => {
    const { element, service } = await show();
    wait(service);
    service.$heldCalls.set([{ ...NO_CALL, callID: 'held', ...ongoing(), onHold: true }]);
    await element.updateComplete;
    await expectAccessible(element);
  });
});
