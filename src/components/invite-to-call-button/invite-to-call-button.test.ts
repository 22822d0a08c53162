import { expect, fixture, html } from '@open-wc/testing';
import { emulateMedia, sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import {
  button,
  expectAccessible,
  inProvider,
  textOf,
  type ElementFixture,
} from '../../../test/support/elements.js';
import type { FakeProvider } from '../../../test/support/fake-provider.js';
import { member, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { CallError } from '../../core/service/call-error.js';
import type { CallSnapshot } from '../../core/service/snapshots.js';
import { OngoingCallView } from '../ongoing-call-view/ongoing-call-view.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallInviteEvent } from '../shared/in-call-events.js';
import { InviteToCallButton } from './invite-to-call-button.js';

// Created and set before the element is defined, as a page may do.
const early = document.createElement('invite-to-call-button');
early.people = [user('chen', 'Chen Li')];
defineOnce('invite-to-call-button', InviteToCallButton);
defineOnce('ongoing-call-view', OngoingCallView);

const ben = user('ben', 'Ben Ortiz');
const chen = user('chen', 'Chen Li');
const dana = user('dana', 'Dana');
const people = [ben, chen, dana, 'eko'];
const allow = (provider: FakeProvider): void => {
  provider.config = { ...provider.config, inCalling: { canInvitingInCalling: true } };
};

const inCall = async (
  template = html`<invite-to-call-button .people=${people}></invite-to-call-button>`,
  call: Partial<CallSnapshot> = {},
): Promise<ElementFixture<InviteToCallButton>> => {
  const stage = await inProvider<InviteToCallButton>(template, allow);
  await stage.show(ongoing(call));
  return stage;
};
const chooser = (element: Element): HTMLElement =>
  element.shadowRoot!.querySelector<HTMLElement>('#chooser')!;
const isOpen = (element: Element): boolean => chooser(element).matches(':popover-open');
const boxes = (element: Element): HTMLInputElement[] => [
  ...element.shadowRoot!.querySelectorAll<HTMLInputElement>('input'),
];
const confirm = (element: Element): HTMLButtonElement =>
  element.shadowRoot!.querySelector<HTMLButtonElement>('.confirm')!;
const isShown = (element: Element): boolean => getComputedStyle(element).display !== 'none';

async function open(element: InviteToCallButton): Promise<void> {
  button(element, 'button').click();
  await waitUntil(() => isOpen(element));
  await Promise.resolve();
}
async function choose(element: InviteToCallButton, ...indexes: number[]): Promise<void> {
  for (const index of indexes) boxes(element)[index]?.click();
  await element.updateComplete;
}

describe('<invite-to-call-button>', () => {
  it('is visible only in a call into which this user can invite', async () => {
    const { element, provider, show } = await inProvider<InviteToCallButton>(
      html`<invite-to-call-button .people=${people}></invite-to-call-button>`,
    );
    const renew = async (inCalling: object): Promise<void> => {
      provider.config = { inCalling };
      provider.renew();
      await element.updateComplete;
    };
    await show(ongoing());
    expect(isShown(element)).to.equal(false);
    await renew({ canInvitingInCalling: true });
    expect(isShown(element)).to.equal(true);
    await renew({ canInvitingInCalling: true, onlyInitiatorCanInvite: true });
    expect(isShown(element)).to.equal(true);
    await show(ongoing({ initiator: ben }));
    expect(isShown(element)).to.equal(false);
    await renew({ canInvitingInCalling: true });
    expect(isShown(element)).to.equal(true);
    for (const status of ['idle', 'calling', 'incoming', 'ended'] as const) {
      await show(ongoing({ status }));
      expect(isShown(element), status).to.equal(false);
    }
  });

  it('lets the user choose, fires call-invite, then invites', async () => {
    const { element, service } = await inCall();
    await open(element);
    expect(confirm(element).disabled).to.equal(true);
    await choose(element, 1, 3);
    const events: CallInviteEvent[] = [];
    const record = (event: CallInviteEvent): void => void events.push(event);
    document.addEventListener('call-invite', record as EventListener);
    confirm(element).click();
    document.removeEventListener('call-invite', record as EventListener);
    expect(events.map(({ callees }) => callees)).to.deep.equal([[chen, 'eko']]);
    expect(events.every((event) => event.bubbles && event.composed && event.cancelable)).to.equal(
      true,
    );
    expect(service.commands).to.deep.equal([['invite', { invitees: [chen, 'eko'] }]]);
    await waitUntil(() => !isOpen(element));
    await open(element);
    expect(boxes(element).some(({ checked }) => checked)).to.equal(false);
  });

  it('invites nobody if the page prevents the event', async () => {
    const { element, service } = await inCall();
    element.addEventListener('call-invite', (event) => event.preventDefault());
    await open(element);
    await choose(element, 1);
    confirm(element).click();
    await element.updateComplete;
    expect(service.commands).to.deep.equal([]);
    expect(isOpen(element)).to.equal(false);
  });

  it('disables members who are in the call or ringing, and shows their state', async () => {
    const { element } = await inCall(undefined, {
      members: [
        member(user('ann', 'Ann Berg'), 'accepted', { self: true }),
        member(ben, 'accepted'),
        member(chen, 'ringing'),
        member(dana, 'declined'),
      ],
    });
    await open(element);
    expect(boxes(element).map(({ disabled }) => disabled)).to.deep.equal([
      true,
      true,
      false,
      false,
    ]);
    const rows = [...element.shadowRoot!.querySelectorAll('.who')];
    expect(rows.map((row) => row.textContent?.replace(/\s+/g, ' ').trim())).to.deep.equal([
      'Ben Ortiz In the call',
      'Chen Li Ringing…',
      'Dana Call declined',
      'eko',
    ]);
  });

  it('does not invite a user who joined meanwhile', async () => {
    const { element, service, show } = await inCall();
    await open(element);
    await choose(element, 1, 2);
    const call = ongoing();
    await show({ ...call, members: [...call.members!, member(chen, 'ringing')] });
    expect(boxes(element)[1]?.disabled).to.equal(true);
    confirm(element).click();
    expect(service.commands).to.deep.equal([['invite', { invitees: [dana] }]]);
  });

  it('accepts user IDs as text and JSON, and a value that was set before the definition; excludes this user', async () => {
    const { element, provider } = await inCall(
      html`<invite-to-call-button people="ann chen  dana"></invite-to-call-button>`,
    );
    expect(boxes(element)).to.have.length(2);
    element.setAttribute('people', '["eko", {"userID": "dana", "userName": "Dana Fox"}]');
    await element.updateComplete;
    const names = [...element.shadowRoot!.querySelectorAll('bdi')].map((one) => one.textContent);
    expect(names).to.deep.equal(['eko', 'Dana Fox']);
    provider.append(early);
    await early.updateComplete;
    expect(boxes(early)).to.have.length(1);
  });

  it('reports invalid JSON, and shows that there is nobody to invite', async () => {
    const { element, service } = await inCall(
      html`<invite-to-call-button people="[chen"></invite-to-call-button>`,
    );
    await element.updateComplete;
    expect((service.reported as CallError[]).map(({ code }) => code)).to.deep.equal([
      'invalid-argument',
    ]);
    expect(textOf(element, '#chooser p')).to.equal('Nobody to invite');
  });

  it('can be used by keyboard: Escape closes it, and the focus returns', async () => {
    const { element, service } = await inCall();
    element.focus();
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'button'));
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => element.shadowRoot?.activeElement === boxes(element)[1]);
    await sendKeys({ press: 'Space' });
    await element.updateComplete;
    expect(boxes(element)[1]?.checked).to.equal(true);
    await sendKeys({ press: 'Escape' });
    await waitUntil(() => !isOpen(element));
    await waitUntil(() => element.shadowRoot?.activeElement === button(element, 'button'));
    await sendKeys({ press: 'Enter' });
    await waitUntil(() => element.shadowRoot?.activeElement === boxes(element)[1]);
    expect(boxes(element)[1]?.checked).to.equal(false);
    await sendKeys({ press: 'Space' });
    for (let i = 0; i < 3; i++) await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(confirm(element));
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.deep.equal([['invite', { invitees: [chen] }]]);
    await waitUntil(() => element.shadowRoot?.activeElement === button(element, 'button'));
  });

  it('closes at a click outside, and at one on the button', async () => {
    const { element } = await inCall();
    await open(element);
    await sendMouse({ type: 'click', position: [790, 590] });
    await waitUntil(() => !isOpen(element));
    await open(element);
    const { left, top } = button(element, 'button').getBoundingClientRect();
    await sendMouse({ type: 'click', position: [Math.ceil(left) + 5, Math.ceil(top) + 5] });
    await waitUntil(() => !isOpen(element));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(isOpen(element)).to.equal(false);
  });

  for (const [code, text] of [
    ['too-many-members', 'At most 4 people can be in one call'],
    ['not-allowed', 'You may not invite people into this call'],
    ['call-over', 'Call ended'],
    ['not-connected', 'No connection. Try again in a moment'],
    ['unavailable', 'The invitation could not be sent'],
  ] as const) {
    it(`shows why nobody was invited, and reports the error: ${code}`, async () => {
      const { element, provider, service } = await inCall();
      provider.config = { ...provider.config, maxMembers: 4 };
      service.failure = new CallError(code, code);
      await open(element);
      await choose(element, 1);
      confirm(element).click();
      await waitUntil(() => textOf(element, '[role=status]') === text);
      expect(service.reported).to.deep.equal([service.failure]);
      expect(isOpen(element)).to.equal(true);
      expect(boxes(element)[1]?.checked).to.equal(true);
      expect(confirm(element).disabled).to.equal(false);
    });
  }

  it('shows that nobody was left to invite, and stays open', async () => {
    const { element, service } = await inCall();
    service.inviteResult = false;
    await open(element);
    await choose(element, 1);
    confirm(element).click();
    await waitUntil(
      () =>
        textOf(element, '[role=status]') === 'They are in the call, or are being called already',
    );
    expect(isOpen(element)).to.equal(true);
    expect(service.reported).to.deep.equal([]);
  });

  it('sends one invitation for a double click', async () => {
    const { element, service } = await inCall();
    await open(element);
    await choose(element, 1);
    const inner = confirm(element);
    inner.click();
    inner.click();
    await element.updateComplete;
    expect(service.commands).to.have.length(1);
  });

  it('closes when the call ends', async () => {
    const { element, show } = await inCall();
    await open(element);
    await show(ongoing({ status: 'ended', endReason: 'hung-up' }));
    expect(isOpen(element)).to.equal(false);
    expect(isShown(element)).to.equal(false);
  });

  it('finds its provider by name, outside of the provider', async () => {
    const provider = document.createElement('fake-provider') as FakeProvider;
    provider.id = 'calls';
    allow(provider);
    document.body.append(provider);
    const element = await fixture<InviteToCallButton>(
      html`<invite-to-call-button provider="calls" people="chen"></invite-to-call-button>`,
    );
    provider.service.show(ongoing());
    await element.updateComplete;
    await open(element);
    await choose(element, 0);
    confirm(element).click();
    expect(provider.service.commands).to.deep.equal([['invite', { invitees: ['chen'] }]]);
    provider.remove();
  });

  it('is a round button in the bar of the call view, and opens below it', async () => {
    const {
      element: view,
      provider,
      show,
    } = await inProvider<OngoingCallView>(
      html`<ongoing-call-view
        ><invite-to-call-button slot="invite" .people=${people}></invite-to-call-button
      ></ongoing-call-view>`,
      allow,
    );
    Object.assign(provider.style, { display: 'block', blockSize: '560px' });
    await show(ongoing());
    const element = view.querySelector('invite-to-call-button')!;
    await element.updateComplete;
    const { width, height } = button(element, 'button').getBoundingClientRect();
    expect([width, height]).to.deep.equal([44, 44]);
    await open(element);
    const at = button(element, 'button').getBoundingClientRect();
    expect(chooser(element).getBoundingClientRect().top).to.be.at.least(at.bottom);
  });

  it('starts Latin names at the right edge in right-to-left languages', async () => {
    const people = [user('ben', 'Ben'), user('eko', 'Eko')];
    const { element, show } = await inProvider<InviteToCallButton>(
      html`<invite-to-call-button lang="ar" .people=${people}></invite-to-call-button>`,
      allow,
    );
    await show(ongoing());
    await waitUntil(() => chooser(element).dir === 'rtl');
    await open(element);
    const names = [...chooser(element).querySelectorAll('.person')];
    expect(names.map((name) => getComputedStyle(name).textAlign)).to.deep.equal(['right', 'right']);
  });

  for (const size of ['1280x800', '780x390', '390x780', '320x600', '320x256'])
    for (const dir of ['ltr', 'rtl'])
      it(`opens within the view of the call, above its controls: ${size}, ${dir}`, async () => {
        const [width = 0, height = 0] = size.split('x').map(Number);
        await setViewport({ width, height });
        await emulateMedia({ reducedMotion: 'reduce' });
        document.documentElement.dir = dir;
        const many = Array.from({ length: 30 }, (_, i) => user(`u${i}`, `Somebody ${i}`));
        const stage = await inProvider<OngoingCallView>(
          html`<ongoing-call-view in-layer
            ><invite-to-call-button slot="invite" .people=${many}></invite-to-call-button
          ></ongoing-call-view>`,
          allow,
        );
        try {
          const { element: view, show } = stage;
          await show(ongoing({ callType: 'video' }));
          const element = view.querySelector('invite-to-call-button')!;
          await element.updateComplete;
          await open(element);
          const box = chooser(element).getBoundingClientRect();
          const area = view.shadowRoot!.querySelector('.stage')!.getBoundingClientRect();
          expect(box.left).to.be.at.least(area.left);
          expect(box.right).to.be.at.most(area.right);
          expect(box.top).to.be.at.least(area.top);
          expect(box.bottom).to.be.at.most(
            button(view, 'hang-up-button').getBoundingClientRect().top,
          );
          const list = element.shadowRoot!.querySelector('ul')!;
          expect(list.scrollHeight).to.be.greaterThan(list.clientHeight);
          expect(list.clientHeight).to.be.at.least(48);
          expect(confirm(element).getBoundingClientRect().bottom).to.be.at.most(box.bottom);
        } finally {
          document.documentElement.dir = '';
          await emulateMedia({ reducedMotion: 'no-preference' });
          await setViewport({ width: 800, height: 600 });
        }
      });

  for (const [width, height] of [
    [1280, 800],
    [320, 568],
  ] as const) {
    it(`is inside the screen and can be scrolled: ${width} pixels wide`, async () => {
      await setViewport({ width, height });
      const many = Array.from({ length: 30 }, (_, i) => user(`u${i}`, `Somebody with a name ${i}`));
      const { element, provider } = await inCall(
        html`<invite-to-call-button .people=${many}></invite-to-call-button>`,
      );
      for (const side of ['start', 'end']) {
        Object.assign(provider.style, { display: 'block', textAlign: side });
        await open(element);
        const { left, right, top, bottom } = chooser(element).getBoundingClientRect();
        expect(Math.min(left, top)).to.be.at.least(0);
        expect(right).to.be.at.most(width);
        expect(bottom).to.be.at.most(height);
        const list = element.shadowRoot!.querySelector('ul')!;
        expect(list.scrollHeight).to.be.greaterThan(list.clientHeight);
        // Choosing further down keeps the scroll position.
        list.scrollTop = 200;
        await choose(element, 12);
        expect(list.scrollTop).to.equal(200);
        chooser(element).hidePopover();
      }
      await setViewport({ width: 800, height: 600 });
    });
  }

  it('gets its accessible name from its slot, or else describes its action', async () => {
    const { element } = await inCall(
      html`<invite-to-call-button people="chen">Add Chen</invite-to-call-button>`,
    );
    expect(element.shadowRoot?.querySelector('slot')?.assignedNodes()[0]?.textContent).to.equal(
      'Add Chen',
    );
    const { element: other } = await inCall();
    expect(textOf(other, 'slot')).to.equal('Invite');
  });

  it('passes the accessibility checks', async () => {
    const { element, service, show } = await inCall();
    await expectAccessible(element);
    await open(element);
    await expectAccessible(element);
    service.failure = new CallError('too-many-members', 'many');
    await choose(element, 1);
    confirm(element).click();
    await waitUntil(() => textOf(element, '[role=status]'));
    const call = ongoing();
    await show({ ...call, members: [...call.members!, member(dana, 'ringing')] });
    await expectAccessible(element);
  });
});
