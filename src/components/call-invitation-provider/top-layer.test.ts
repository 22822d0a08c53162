import { expect, fixture, html, nextFrame, oneEvent } from '@open-wc/testing';
import { sendKeys, sendMouse, setViewport } from '@web/test-runner-commands';
import { button, hasPart } from '../../../test/support/elements.js';
import { createPhones, waitForStatus, shown } from '../../../test/support/provider-fixture.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { en } from '../../locales/en.js';
import { defineOnce } from '../shared/define-once.js';
import { CallInvitationProvider } from './call-invitation-provider.js';

defineOnce('call-invitation-provider', CallInvitationProvider);

/** Clicks what a user sees at the centre of an element; an inert element lets the click through. */
async function click(element: Element): Promise<void> {
  const { x, y, width, height } = element.getBoundingClientRect();
  const position: [number, number] = [Math.round(x + width / 2), Math.round(y + height / 2)];
  await sendMouse({ type: 'click', position });
}

/** Waits until the layer is in its place and no animation runs. */
async function still(element: Element): Promise<void> {
  await import('./top-layer.js');
  await nextFrame();
  while (element.getAnimations().length) {
    await Promise.allSettled(element.getAnimations().map(({ finished }) => finished));
  }
}

/** A page with its own modal dialog, in which the user types. */
async function pageDialog(): Promise<{ dialog: HTMLDialogElement; input: HTMLInputElement }> {
  const dialog = await fixture<HTMLDialogElement>(
    html`<dialog aria-label="Page"><input aria-label="Text" /></dialog>`,
  );
  return { dialog, input: dialog.querySelector('input')! };
}

describe('the layer of the default elements', () => {
  let ann: CallInvitationProvider;
  let ben: CallInvitationProvider;
  const ring = async (): Promise<HTMLElement> => {
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    const element = shown(ben)!;
    await still(element);
    return element;
  };

  beforeEach(async () => {
    const phones = createPhones();
    ann = await phones.phone('ann');
    ann.noDefaultUI = true;
    ben = await phones.phone('ben');
  });
  afterEach(async () => {
    await ann.service.hangUp();
    await waitForStatus(ben, 'idle').catch(() => {});
  });

  it('is above the page, and takes no focus', async () => {
    const input = await fixture<HTMLInputElement>(html`<input aria-label="Text" />`);
    input.focus();
    let blurred = 0;
    input.addEventListener('blur', () => blurred++);
    const element = await ring();
    expect(element.parentElement?.matches(':popover-open')).to.equal(true);
    expect(document.activeElement).to.equal(input);
    await sendKeys({ type: 'hello' });
    expect(input.value).to.equal('hello');
    expect(blurred).to.equal(0);
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
  });

  it('leaves the page usable beside it', async () => {
    await ring();
    const page = await fixture<HTMLButtonElement>(html`<button>page</button>`);
    let presses = 0;
    page.addEventListener('click', () => presses++);
    await click(page);
    expect(presses).to.equal(1);
  });

  it('is usable while the page shows a modal dialog, and takes no focus from it', async () => {
    const { dialog, input } = await pageDialog();
    dialog.showModal();
    input.focus();
    let blurred = 0;
    input.addEventListener('blur', () => blurred++);
    const element = await ring();
    await sendKeys({ type: 'hello' });
    expect([input.value, blurred]).to.deep.equal(['hello', 0]);
    expect(dialog.open).to.equal(true);
    await click(button(element, 'accept-button'));
    await waitForStatus(ben, 'active');
    dialog.close();
  });

  it('stays usable when the page opens a modal dialog later, and after it closes', async () => {
    const element = await ring();
    const { dialog, input } = await pageDialog();
    dialog.showModal();
    await waitUntil(() => dialog.contains(document.querySelector('[data-stand-in]')));
    expect(document.activeElement).to.equal(input);
    expect(shown(ben)).to.equal(element);
    dialog.close();
    await waitUntil(() => !document.querySelector('[data-stand-in]'));
    expect(ben.shadowRoot?.contains(element)).to.equal(true);
    expect(element.parentElement?.matches(':popover-open')).to.equal(true);
    await still(element);
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
  });

  it('returns to the provider when the page removes its dialog', async () => {
    const { dialog } = await pageDialog();
    dialog.showModal();
    const element = await ring();
    expect(dialog.querySelector('[data-stand-in]')).not.to.equal(null);
    dialog.remove();
    await waitUntil(() => ben.shadowRoot?.contains(element));
    expect(element.parentElement?.matches(':popover-open')).to.equal(true);
  });

  it('is usable in a dialog inside a shadow root', async () => {
    const host = await fixture<HTMLElement>(html`<div></div>`);
    const root = host.attachShadow({ mode: 'open' });
    const dialog = document.createElement('dialog');
    dialog.append(document.createElement('slot'));
    root.append(dialog);
    const input = document.createElement('input');
    host.append(input);
    dialog.showModal();
    input.focus();
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    await waitUntil(() => dialog.querySelector('[data-stand-in]'));
    const element = dialog
      .querySelector('[data-stand-in]')
      ?.shadowRoot?.querySelector('incoming-call-dialog');
    await still(element!);
    expect(document.activeElement).to.equal(input);
    await click(button(element!, 'decline-button'));
    await waitForStatus(ben, 'ended');
    dialog.close();
  });

  it('stays in place in a dialog that contains the provider', async () => {
    const { dialog } = await pageDialog();
    dialog.append(ben);
    dialog.showModal();
    const element = await ring();
    expect(document.querySelector('[data-stand-in]')).to.equal(null);
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
    document.body.append(ben);
    dialog.close();
    ben.remove();
  });

  it('is usable if the page makes everything but its own dialog inert', async () => {
    const app = ben.parentElement!;
    app.inert = true;
    const element = await ring();
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
    app.inert = false;
  });

  it('stays on top when the page enters full screen', async () => {
    const page = await fixture<HTMLElement>(html`<div><button>page</button></div>`);
    page.addEventListener('click', () => void page.requestFullscreen(), { once: true });
    const element = await ring();
    const full = oneEvent(document, 'fullscreenchange');
    await click(page);
    await full;
    await still(element);
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
    await document.exitFullscreen();
  });

  it('forwards requests from the dialog of the page to the provider, once', async () => {
    const { dialog } = await pageDialog();
    dialog.showModal();
    const element = await ring();
    let closed = 0;
    const asked: string[] = [];
    dialog.addEventListener('click', () => closed++);
    ben.addEventListener('call-decline', (event) => {
      asked.push(event.callID);
      event.preventDefault();
    });
    await click(button(element, 'decline-button'));
    const { callID } = ben.service.$call.get();
    expect(asked).to.deep.equal([callID]);
    let message: string | undefined;
    ben.addEventListener('call-decline', (event) => (message = event.message), { once: true });
    await click(button(element, 'message-button'));
    await waitUntil(() => hasPart(element, 'decline-message-button'));
    await click(button(element, 'decline-message-button'));
    expect(message).to.equal(en.declineMessages[0]);
    expect(ben.service.$call.get().status).to.equal('incoming');
    expect(closed).to.equal(0);
    dialog.close();
  });

  it('forwards "Call again" from the dialog of the page to the provider', async () => {
    ann.noDefaultUI = false;
    ben.noDefaultUI = true;
    const { dialog } = await pageDialog();
    dialog.showModal();
    await ann.service.send({ invitees: ['ben'], callType: 'voice' });
    await waitForStatus(ben, 'incoming');
    await ben.service.decline();
    await waitForStatus(ann, 'ended');
    const element = shown(ann)!;
    expect(dialog.querySelector('[data-stand-in]')?.shadowRoot?.contains(element)).to.equal(true);
    const asked: string[] = [];
    ann.addEventListener('call-again', (event) => {
      asked.push(event.callID);
      event.preventDefault();
    });
    button(element, 'call-again-button').click();
    const ended = ann.service.$endedCall.get();
    expect(asked).to.deep.equal([ended?.callID]);
    expect(ann.service.$call.get()).to.equal(ended);
    ann.service.dismissEndedCall();
    dialog.close();
  });

  it('fires a request once if the dialog of the page is inside the provider', async () => {
    const { dialog } = await pageDialog();
    ben.append(dialog);
    dialog.showModal();
    const element = await ring();
    let asked = 0;
    ben.addEventListener('call-decline', () => asked++);
    await click(button(element, 'decline-button'));
    await waitForStatus(ben, 'ended');
    expect(asked).to.equal(1);
    dialog.close();
    dialog.remove();
  });

  it('has the parts and tokens of the provider, also in the dialog of the page', async () => {
    const style = await fixture<HTMLStyleElement>(
      html`<style>
        call-invitation-provider.mine::part(decline-button) {
          border-radius: 3px;
        }
        #home {
          --call-accept: rgb(1, 2, 3);
        }
      </style>`,
    );
    ben.className = 'mine';
    ben.parentElement!.id = 'home';
    const element = await ring();
    const look = () => [
      getComputedStyle(button(element, 'decline-button')).borderRadius,
      getComputedStyle(button(element, 'accept-button')).backgroundColor,
    ];
    expect(look()).to.deep.equal(['3px', 'rgb(1, 2, 3)']);
    const { dialog } = await pageDialog();
    dialog.showModal();
    await waitUntil(() => document.querySelector('[data-stand-in]'));
    expect(look()).to.deep.equal(['3px', 'rgb(1, 2, 3)']);
    dialog.close();
    style.remove();
  });

  it('moves keyboard focus from view to view, and returns it afterwards', async () => {
    const input = await fixture<HTMLInputElement>(html`<input aria-label="Text" />`);
    input.focus();
    const element = await ring();
    button(element, 'accept-button').focus();
    await sendKeys({ press: 'Enter' });
    await waitForStatus(ben, 'active');
    await waitUntil(() => shown(ben)?.localName === 'ongoing-call-view');
    const view = shown(ben)!;
    await waitUntil(() => view.shadowRoot?.activeElement);
    // Not on a button, so that a pressed Enter key triggers nothing.
    expect(view.shadowRoot?.activeElement?.localName).to.equal('section');
    await ben.service.hangUp();
    await waitForStatus(ben, 'idle');
    await waitUntil(() => document.activeElement === input);
  });

  for (const [width, height] of [
    [1440, 900],
    [320, 568],
  ] as const) {
    it(`is inside the screen: ${width} pixels wide`, async () => {
      await setViewport({ width, height });
      for (const dir of ['ltr', 'rtl']) {
        document.documentElement.dir = dir;
        const element = await ring();
        const { left, right, top, bottom } = element.getBoundingClientRect();
        expect(Math.min(left, top)).to.be.at.least(0);
        expect(right).to.be.at.most(width);
        expect(bottom).to.be.at.most(height);
        if (width < 560) expect(bottom).to.be.greaterThan(height - 40);
        else expect(dir === 'ltr' ? width - right : left).to.equal(20);
        await ann.service.cancel();
        await waitForStatus(ben, 'idle');
      }
      document.documentElement.dir = '';
      await setViewport({ width: 800, height: 600 });
    });
  }
});
