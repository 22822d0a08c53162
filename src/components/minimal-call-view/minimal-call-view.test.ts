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
import { NO_MEDIA, member, ongoing, user } from '../../../test/support/fake-service.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallHangUpEvent } from '../shared/in-call-events.js';
import { MinimalCallView } from './minimal-call-view.js';

defineOnce('minimal-call-view', MinimalCallView);

const view = () => inProvider<MinimalCallView>(html`<minimal-call-view></minimal-call-view>`);

describe('<minimal-call-view>', () => {
  it('has display: none while there is no call', async () => {
    await expectLaidOutOnlyFor(await view(), ongoing());
  });

  it('shows the names of the other members and the state of the call', async () => {
    const { element, show } = await view();
    await show(ongoing({ status: 'connecting' }));
    expect(textOf(element, '.name')).to.equal('Ben Ortiz');
    expect(textOf(element, '.status')).to.equal('Connecting…');
    await show(ongoing());
    expect(textOf(element, '.status')).to.equal('');
    await show(ongoing({ status: 'reconnecting' }));
    expect(textOf(element, '.status')).to.equal('Reconnecting…');
    await show(ongoing({ status: 'ended', endReason: 'connection-lost' }));
    expect(textOf(element, '.status')).to.equal('Connection lost');
    expect(hasPart(element, 'hang-up-button')).to.equal(false);
  });

  it('names the members who are in a group call, not those who declined or are ringing', async () => {
    const { element, show } = await view();
    const [ben, chen, dora] = ['Ben', 'Chen', 'Dora'].map((name) => user(name, name));
    const states = ['accepted', 'declined', 'ringing'] as const;
    const members = [ben!, chen!, dora!].map((each, index) => member(each, states[index]!));
    await show(ongoing({ group: true, members }));
    expect(textOf(element, '.name')).to.equal('Ben');
  });

  it('fires call-hang-up, then hangs up', async () => {
    const { element, service, show } = await view();
    await show(ongoing({ callID: 'c1' }));
    const event = pressed<CallHangUpEvent>(element, 'hang-up-button', 'call-hang-up');
    expect(event.callID).to.equal('c1');
    pressed(element, 'hang-up-button', 'call-hang-up', true);
    expect(service.commands).to.deep.equal([['hangUp']]);
  });

  it('can be used by keyboard', async () => {
    const { element, service, show } = await view();
    await show(ongoing());
    element.focus();
    expect(element.shadowRoot?.activeElement?.localName).to.equal('section');
    await sendKeys({ press: 'Tab' });
    await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'hang-up-button'));
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.deep.equal([['hangUp']]);
  });

  it('mutes the microphone, and turns the camera off in a video call', async () => {
    const { element, service, show } = await view();
    service.$localMedia.set({ ...NO_MEDIA, microphone: 'on', camera: 'on' });
    await show(ongoing());
    expect(hasPart(element, 'camera-button')).to.equal(false);
    button(element, 'microphone-button').click();
    await show(ongoing({ callType: 'video' }));
    button(element, 'camera-button').click();
    expect(service.commands).to.deep.equal([
      ['setMicrophone', false],
      ['setCamera', false],
    ]);
  });

  it('shows that the full view could not be loaded', async () => {
    const { element, show } = await view();
    await show(ongoing());
    expect(textOf(element, '.notes')).to.equal('');
    element.incomplete = true;
    await element.updateComplete;
    expect(textOf(element, '.notes')).to.equal('The full view of the call could not be loaded');
  });

  it('fits into 320 pixels, with buttons large enough for touch', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, show } = await view();
    element.incomplete = true;
    const long = user('long', 'Montgomery '.repeat(12).slice(0, 128));
    await show(ongoing({ callType: 'video', members: [member(long, 'accepted')] }));
    expect(document.documentElement.scrollWidth).to.be.at.most(320);
    for (const part of ['microphone-button', 'camera-button', 'hang-up-button']) {
      expect(button(element, part).offsetHeight).to.be.at.least(44);
    }
    await setViewport({ width: 800, height: 600 });
  });

  it('passes the accessibility checks', async () => {
    const { element, show } = await view();
    element.incomplete = true;
    await show(ongoing({ callType: 'video' }));
    await expectAccessible(element);
    await show(ongoing({ status: 'ended', endReason: 'hung-up' }));
    await expectAccessible(element);
  });
});
