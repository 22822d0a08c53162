import { expect, html } from '@open-wc/testing';
import { sendKeys, setViewport } from '@web/test-runner-commands';
import {
  button,
  expectAccessible,
  expectLaidOutOnlyFor,
  hasPart,
  inProvider,
  pressed,
  textOf,
} from '../../../test/support/elements.js';
import { NO_MEDIA, member, ongoing, outgoing, user } from '../../../test/support/fake-service.js';
import type { EndReason } from '../../core/protocol/vocabulary.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallCancelEvent } from '../shared/in-call-events.js';
import { OutgoingCallDialog } from './outgoing-call-dialog.js';

defineOnce('outgoing-call-dialog', OutgoingCallDialog);

const dialog = () =>
  inProvider<OutgoingCallDialog>(html`<outgoing-call-dialog></outgoing-call-dialog>`);

const picture = (): MediaStream => document.createElement('canvas').captureStream();

describe('<outgoing-call-dialog>', () => {
  it('has display: none while no call is being placed', async () => {
    await expectLaidOutOnlyFor(await dialog(), outgoing(), { status: 'active' });
  });

  it('shows "Ringing…" only after a device of the callee rings', async () => {
    const { element, show } = await dialog();
    await show(outgoing('inviting'));
    expect(textOf(element, '.name')).to.equal('Ben Ortiz');
    expect(textOf(element, '.status')).to.equal('Calling…');
    await show(outgoing('ringing'));
    expect(textOf(element, '.status')).to.equal('Ringing…');
  });

  it('shows which callees could not be reached', async () => {
    const { element, show } = await dialog();
    await show(outgoing('inviting'));
    expect(textOf(element, '.notes')).to.equal('');
    await show(outgoing('unreachable'));
    expect(textOf(element, '.notes')).to.equal('Still trying to reach Ben Ortiz');
  });

  it('fires call-cancel, then cancels', async () => {
    const { element, service, show } = await dialog();
    await show(outgoing('ringing', { callID: 'c1' }));
    const event = pressed<CallCancelEvent>(element, 'cancel-button', 'call-cancel');
    expect(event.callID).to.equal('c1');
    expect(service.commands).to.deep.equal([['cancel']]);
  });

  it('shows above the page that the accepted call connects; the button to hang up has the place and the focus of Cancel', async () => {
    const { element, service, show } = await inProvider<OutgoingCallDialog>(
      html`<outgoing-call-dialog in-layer></outgoing-call-dialog>`,
    );
    await show(outgoing('ringing', { callID: 'c1' }));
    const before = button(element, 'cancel-button').getBoundingClientRect();
    button(element, 'cancel-button').focus();
    await show(ongoing({ status: 'connecting', callID: 'c1' }));
    expect(textOf(element, '.status')).to.equal('Connecting…');
    expect(hasPart(element, 'cancel-button')).to.equal(false);
    const hangUp = button(element, 'hang-up-button');
    const after = hangUp.getBoundingClientRect();
    expect([after.x, after.y]).to.deep.equal([before.x, before.y]);
    expect(element.shadowRoot?.activeElement).to.equal(hangUp);
    await expectAccessible(element);
    pressed(element, 'hang-up-button', 'call-hang-up');
    expect(service.commands).to.deep.equal([['hangUp']]);
    await show(ongoing({ status: 'ended', callID: 'c1', endReason: 'hung-up' }));
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('does not cancel if the page prevents the event, nor at Escape', async () => {
    const { element, service, show } = await dialog();
    await show(outgoing());
    pressed(element, 'cancel-button', 'call-cancel', true);
    button(element, 'cancel-button').focus();
    await sendKeys({ press: 'Escape' });
    expect(service.commands).to.deep.equal([]);
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.deep.equal([['cancel']]);
  });

  it('toggles the microphone, and in video calls the camera', async () => {
    const { element, service, show } = await dialog();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on' });
    await show(outgoing());
    expect(hasPart(element, 'camera-button')).to.equal(false);
    button(element, 'microphone-button').click();
    await show(outgoing('ringing', { callType: 'video' }));
    expect(button(element, 'camera-button').ariaLabel).to.equal('Turn camera on');
    button(element, 'camera-button').click();
    expect(service.commands).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', true],
    ]);
  });

  it('shows the video of this user while the camera is on', async () => {
    const { element, service, show } = await dialog();
    const video = () => element.shadowRoot?.querySelector('video');
    await show(outgoing('inviting', { callType: 'video' }));
    expect(video()).to.equal(null);
    const stream = picture();
    service.$localMedia.set({ ...NO_MEDIA, stream, camera: 'on' });
    await element.updateComplete;
    expect(video()?.srcObject).to.equal(stream);
    expect(video()?.muted).to.equal(true);
  });

  it('shows which devices are not available, and why', async () => {
    const { element, service, show } = await dialog();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on', camera: 'unavailable' });
    await show(outgoing());
    expect(textOf(element, '.notes')).to.equal('');
    service.$localMedia.set({
      ...NO_MEDIA,
      microphone: 'on',
      camera: 'unavailable',
      cameraProblem: 'dismissed',
    });
    await show(outgoing('inviting', { callType: 'video' }));
    expect(textOf(element, '.notes')).to.equal(
      'Camera not allowed yet: you are heard but not seen. Try again, and choose “Allow” when the browser asks. Try again',
    );
    element.shadowRoot?.querySelector<HTMLElement>('.retry')?.click();
    expect(service.commands).to.deep.equal([['setCamera', true]]);
    service.$localMedia.set({
      ...NO_MEDIA,
      microphone: 'unavailable',
      microphoneProblem: 'missing',
    });
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.contain('Microphone not found: nobody hears you');
  });

  it('cancels the call by the keyboard shortcut, with its request event', async () => {
    const { element, service, show } = await dialog();
    await show(outgoing());
    element.addEventListener('call-cancel', (event) => event.preventDefault(), { once: true });
    await sendKeys({ press: 'Alt+h' });
    expect(service.commands).to.be.empty;
    await sendKeys({ press: 'Alt+v' });
    expect(service.commands, 'a voice call has no camera button').to.be.empty;
    await sendKeys({ press: 'Alt+h' });
    expect(service.commands).to.deep.equal([['cancel']]);
  });

  const ends: [EndReason, string][] = [
    ['declined', 'Call declined'],
    ['busy', 'On another call'],
    ['timeout', 'No answer'],
    ['unreachable', 'Couldn’t reach them'],
    ['unsupported', 'Their browser doesn’t support calls'],
    ['connection-lost', 'Connection lost'],
    ['media-failed', 'Couldn’t connect'],
  ];
  for (const [endReason, text] of ends) {
    it(`shows why the call ended: ${endReason}`, async () => {
      const { element, show } = await dialog();
      await show(outgoing('declined', { status: 'ended', endReason }));
      expect(textOf(element, '.status')).to.equal(text);
      expect(hasPart(element, 'cancel-button')).to.equal(false);
    });
  }

  it('shows the message of a callee who has declined with one', async () => {
    const { element, show } = await dialog();
    const customData = '{"message":"In a meeting"}';
    const ben = member(user('ben', 'Ben Ortiz'), 'declined', { customData });
    await show(outgoing('declined', { status: 'ended', endReason: 'declined', members: [ben] }));
    expect(textOf(element, '.message')).to.equal('In a meeting');
    expect(textOf(element, '.status')).to.equal('Call declined In a meeting');
    await expectAccessible(element);
    await show(
      outgoing('declined', {
        ...{ status: 'ended', endReason: 'declined' },
        members: [{ ...ben, customData: 'of the page' }],
      }),
    );
    expect(element.shadowRoot!.querySelector('.message')).to.equal(null);
  });

  it('closes immediately when this user has cancelled', async () => {
    const { element, show } = await dialog();
    await show(outgoing('canceled', { status: 'ended', endReason: 'canceled' }));
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('takes no focus', async () => {
    const { provider, show } = await dialog();
    const input = document.createElement('input');
    provider.prepend(input);
    input.focus();
    await show(outgoing());
    expect(document.activeElement).to.equal(input);
  });

  it('fits into 320 pixels, with buttons large enough for touch', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, show } = await dialog();
    await show(outgoing('unreachable', { callType: 'video' }));
    expect(document.documentElement.scrollWidth).to.be.at.most(320);
    for (const one of element.shadowRoot?.querySelectorAll('button') ?? []) {
      expect(Math.min(one.offsetHeight, one.offsetWidth)).to.be.at.least(44);
    }
    await setViewport({ width: 800, height: 600 });
  });

  it('passes the accessibility checks', async () => {
    const { element, service, show } = await dialog();
    await show(outgoing('unreachable'));
    await expectAccessible(element);
    service.$localMedia.set({ ...NO_MEDIA, stream: picture(), microphone: 'on', camera: 'on' });
    await show(outgoing('ringing', { callType: 'video' }));
    await expectAccessible(element);
    const others = ['Ben', 'Chen', 'Dora'].map((name) => member(user(name), 'ringing'));
    await show(outgoing('ringing', { group: true, members: others }));
    await expectAccessible(element);
    await show(outgoing('busy', { status: 'ended', endReason: 'busy' }));
    await expectAccessible(element);
  });
});
