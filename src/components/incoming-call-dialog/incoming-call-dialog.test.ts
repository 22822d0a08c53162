import { expect, html } from '@open-wc/testing';
import { emulateMedia, sendKeys, setViewport } from '@web/test-runner-commands';
import {
  animationsOf,
  button,
  expectAccessible,
  expectLaidOutOnlyFor,
  hasPart,
  inProvider,
  pressed,
  textOf,
} from '../../../test/support/elements.js';
import { incoming, member, NO_MEDIA, ongoing, user } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { CallError } from '../../core/service/call-error.js';
import { defineOnce } from '../shared/define-once.js';
import type { CallAcceptEvent, CallDeclineEvent } from '../shared/request-events.js';
import { IncomingCallDialog } from './incoming-call-dialog.js';

// Created and set before the element is defined, as a page may do.
const early = document.createElement('incoming-call-dialog');
early.provider = 'calls';
defineOnce('incoming-call-dialog', IncomingCallDialog);

const dialog = () =>
  inProvider<IncomingCallDialog>(html`<incoming-call-dialog></incoming-call-dialog>`);

const [ann, ben, chen, dora, eve] = ['Ann', 'Ben', 'Chen', 'Dora', 'Eve'].map((name) =>
  user(name.toLowerCase(), name),
) as [ReturnType<typeof user>, ...ReturnType<typeof user>[]];

describe('<incoming-call-dialog>', () => {
  it('has display: none while no call is incoming', async () => {
    await expectLaidOutOnlyFor(await dialog(), incoming(), { status: 'active' });
  });

  it('shows who calls, and whether it is a voice or video call', async () => {
    const { element, show } = await dialog();
    await show(incoming());
    expect(textOf(element, '#name')).to.equal('Ben Ortiz');
    expect(textOf(element, '#what')).to.equal('Voice call');
    await show(incoming({ callType: 'video' }));
    expect(textOf(element, '#what')).to.equal('Video call');
  });

  it('names the other members of a group, or only the first of many', async () => {
    const { element, show } = await dialog();
    const group = (...others: (typeof ann)[]) =>
      incoming({
        group: true,
        callType: 'video',
        inviter: ann,
        members: [ann, ...others].map((one) => member(one, 'ringing', { self: one === ben })),
      });
    await show(group(ben!, chen!, dora!));
    expect(textOf(element, '#what')).to.equal('Group video call with Chen and Dora');
    await show(group(ben!, chen!, dora!, eve!, user('fay', 'Fay')));
    expect(textOf(element, '.what + div')).to.equal('with Chen, Dora, and 2 more');
  });

  for (const [width, height] of [
    [1280, 800],
    [390, 780],
    [667, 375],
    [480, 400],
    [480, 260],
    [320, 480],
  ] as const) {
    it(`moves no button when the browser blocks the ringtone, in ${width} × ${height} pixels`, async () => {
      await setViewport({ width, height });
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = () =>
        Promise.reject(new DOMException('No user action yet.', 'NotAllowedError'));
      try {
        const { element, provider, show } = await inProvider<IncomingCallDialog>(
          html`<incoming-call-dialog in-layer></incoming-call-dialog>`,
        );
        provider.config = { ringtone: { incoming: '/tone.mp3' } };
        await emulateMedia({ reducedMotion: 'reduce' });
        await show(incoming());
        const placeOf = () => button(element, 'accept-button').getBoundingClientRect().y;
        const before = placeOf();
        expect(element.shadowRoot?.querySelector('.note')).to.equal(null);
        await waitUntil(() => element.shadowRoot?.querySelector('.note'));
        expect(placeOf()).to.equal(before);
        await expectAccessible(element);
      } finally {
        HTMLMediaElement.prototype.play = play;
        await emulateMedia({ reducedMotion: 'no-preference' });
        await setViewport({ width: 800, height: 600 });
      }
    });
  }

  it('shows above the page that the accepted call connects, plays its sound, and can hang up', async () => {
    const { element, service, show } = await inProvider<IncomingCallDialog>(
      html`<incoming-call-dialog in-layer></incoming-call-dialog>`,
    );
    const { play } = HTMLMediaElement.prototype;
    const played: unknown[] = [];
    HTMLMediaElement.prototype.play = async function () {
      played.push(this.srcObject);
    };
    try {
      await show(incoming());
      await show(ongoing({ status: 'connecting', initiator: ben!, inviter: ben! }));
      expect(textOf(element, '#what')).to.equal('Connecting…');
      expect(hasPart(element, 'accept-button')).to.equal(false);
      await expectAccessible(element);
      const stream = new MediaStream();
      service.$remoteMedia.set(new Map([['ben', { stream, screen: undefined }]]));
      await element.updateComplete;
      expect(played).to.deep.equal([stream]);
      pressed(element, 'hang-up-button', 'call-hang-up');
      expect(service.commands).to.deep.equal([['hangUp']]);
    } finally {
      HTMLMediaElement.prototype.play = play;
    }
  });

  it('fires call-accept, then accepts', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callID: 'c1' }));
    const event = pressed<CallAcceptEvent>(element, 'accept-button', 'call-accept');
    expect(event.callID).to.equal('c1');
    expect(service.commands).to.deep.equal([['accept']]);
  });

  it('fires call-decline, then declines', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callID: 'c2' }));
    const event = pressed<CallDeclineEvent>(element, 'decline-button', 'call-decline');
    expect(event.callID).to.equal('c2');
    expect(service.commands).to.deep.equal([['decline']]);
  });

  it('accepts a video call by voice, and offers it only there', async () => {
    const { element, provider, service, show } = await dialog();
    await show(incoming());
    expect(hasPart(element, 'accept-voice-button')).to.equal(false);
    await show(incoming({ callType: 'video' }));
    const event = pressed<CallAcceptEvent>(element, 'accept-voice-button', 'call-accept');
    expect(event.camera).to.equal(false);
    expect(service.commands).to.deep.equal([['accept', { camera: false }]]);
    provider.config = { media: { audioOnly: true } };
    await show(incoming({ callType: 'video', callID: 'other' }));
    for (const part of ['accept-voice-button', 'camera-button', 'preview-button']) {
      expect(hasPart(element, part)).to.equal(false);
    }
  });

  it('decides before the answer whether microphone and camera are on, and opens neither', async () => {
    const { element, provider, service, show } = await dialog();
    provider.config = { defaults: { cameraOn: false } };
    await show(incoming({ callType: 'video', callID: 'c7' }));
    expect(button(element, 'camera-button').ariaLabel).to.equal('Turn camera on');
    button(element, 'camera-button').click();
    button(element, 'microphone-button').click();
    await element.updateComplete;
    expect(button(element, 'camera-button').ariaLabel).to.equal('Turn camera off');
    expect(button(element, 'microphone-button').ariaLabel).to.equal('Unmute microphone');
    expect(service.commands).to.deep.equal([]);
    const event = pressed<CallAcceptEvent>(element, 'accept-button', 'call-accept');
    const choice = { microphone: false, camera: true };
    expect([event.microphone, event.camera]).to.deep.equal([false, true]);
    expect(service.commands).to.deep.equal([['accept', choice]]);
    // The choices were for that call alone.
    await show(incoming({ callType: 'video', callID: 'c8' }));
    expect(button(element, 'camera-button').ariaLabel).to.equal('Turn camera on');
  });

  it('shows a preview after a press, and closes it before the answer and at the end', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callType: 'video', callID: 'c9' }));
    const open = async () => {
      button(element, 'preview-button').click();
      await waitUntil(() => service.commands.at(-1)?.[0] === 'preview setCamera');
      const stream = new MediaStream();
      for (const changed of service.previews) changed({ ...NO_MEDIA, camera: 'on', stream });
      await element.updateComplete;
      const picture = element.shadowRoot!.querySelector('video')!;
      expect(picture.srcObject).to.equal(stream);
      expect(picture.className).to.equal('mirrored');
      await expectAccessible(element);
    };
    await open();
    button(element, 'preview-button').click();
    await waitUntil(() => service.previews.size === 0);
    await element.updateComplete;
    expect(element.shadowRoot!.querySelector('video')).to.equal(null);
    await open();
    service.commands.length = 0;
    button(element, 'accept-button').click();
    await waitUntil(() => service.previews.size === 0);
    await show(incoming({ callType: 'video', callID: 'c10' }));
    await open();
    await show(incoming({ status: 'ended', endReason: 'canceled', callID: 'c10' }));
    await waitUntil(() => service.previews.size === 0);
  });

  it('says why a preview is not possible, and opens it again', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callType: 'video' }));
    button(element, 'preview-button').click();
    await waitUntil(() => service.previews.size === 1);
    for (const changed of service.previews)
      changed({ ...NO_MEDIA, camera: 'unavailable', cameraProblem: 'busy' });
    await element.updateComplete;
    expect(textOf(element, '.device-note')).to.match(/^Camera in use by another app/);
    await expectAccessible(element);
    element.shadowRoot!.querySelector<HTMLElement>('.retry')!.click();
    const times = (name: string) => service.commands.filter(([command]) => command === name).length;
    await waitUntil(() => times('preview setCamera') === 2);
    expect([times('preview'), times('preview close')]).to.deep.equal([2, 1]);
  });

  it('declines with a message', async () => {
    const { element, provider, service, show } = await dialog();
    await show(incoming({ callID: 'c11' }));
    expect(button(element, 'message-button').ariaExpanded).to.equal('false');
    button(element, 'message-button').click();
    await element.updateComplete;
    expect(button(element, 'message-button').ariaExpanded).to.equal('true');
    await expectAccessible(element);
    const messages = [...element.shadowRoot!.querySelectorAll<HTMLElement>('.messages button')];
    expect(messages).to.have.length(3);
    const event = new Promise<CallDeclineEvent>((resolve) =>
      element.addEventListener('call-decline', resolve, { once: true }),
    );
    messages[1]!.click();
    expect((await event).message).to.equal('I’m in a meeting');
    const customData = '{"message":"I’m in a meeting"}';
    expect(service.commands).to.deep.equal([['decline', { customData }]]);
    provider.config = { declineMessages: [] };
    await show(incoming({ callID: 'c12' }));
    expect(hasPart(element, 'message-button')).to.equal(false);
  });

  it('shows the picture that the page has for the caller, and the initials if it does not load', async () => {
    const { element, provider, show } = await dialog();
    const dot = 'data:image/gif;base64,R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=';
    provider.avatarFor = (userID) => (userID === 'ben' ? dot : undefined);
    await show(incoming());
    const picture = () => element.shadowRoot!.querySelector('img');
    await waitUntil(() => picture()?.hidden === false);
    expect(picture()!.referrerPolicy).to.equal('no-referrer');
    provider.avatarFor = () => 'data:image/gif;base64,broken';
    provider.renew();
    await waitUntil(() => picture()?.hidden === true);
    expect(textOf(element, '.avatar')).to.equal('BO');
    provider.avatarFor = null;
    provider.renew();
    await waitUntil(() => !picture());
  });

  it('can be silenced', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callID: 'c13' }));
    button(element, 'silence-button').click();
    expect(service.commands).to.deep.equal([['silence']]);
    await element.updateComplete;
    expect(hasPart(element, 'silence-button')).to.equal(false);
    expect(hasPart(element, 'accept-button')).to.equal(true);
  });

  it('does nothing if the page prevents the event', async () => {
    const { element, service, show } = await dialog();
    await show(incoming());
    pressed(element, 'accept-button', 'call-accept', true);
    pressed(element, 'decline-button', 'call-decline', true);
    expect(service.commands).to.deep.equal([]);
  });

  it('reports errors', async () => {
    const { element, service, show } = await dialog();
    await show(incoming());
    service.failure = new CallError('not-connected', 'no');
    button(element, 'accept-button').click();
    await Promise.resolve();
    await Promise.resolve();
    expect(service.reported).to.deep.equal([service.failure]);
  });

  it('shows a silent connecting state while an accept is pending, and accepts once', async () => {
    const { element, service, show } = await dialog();
    let settle: (accepted: boolean) => void = () => {};
    service.accept = () => {
      service.commands.push(['accept']);
      return new Promise((resolve) => (settle = resolve));
    };
    await show(incoming({ callID: 'c3' }));
    button(element, 'accept-button').click();
    await element.updateComplete;
    expect(textOf(element, '#what')).to.equal('Connecting…');
    expect(textOf(element, '[role=alert]')).to.equal('Connecting…');
    expect(button(element, 'accept-button').ariaBusy).to.equal('true');
    await expectAccessible(element);
    button(element, 'accept-button').click();
    expect(service.commands).to.deep.equal([['accept']]);
    // Meanwhile, another call rings, which was not accepted.
    await show(incoming({ callID: 'c4' }));
    expect(textOf(element, '#what')).to.equal('Voice call');
    await show(incoming({ callID: 'c3' }));
    settle(false);
    await waitUntil(() => textOf(element, '#what') === 'Voice call');
    expect(button(element, 'accept-button').ariaBusy).to.equal('false');
  });

  it('shows that an accept has failed, and can be accepted again', async () => {
    const { element, service, show } = await dialog();
    await show(incoming({ callID: 'c5' }));
    service.failure = new CallError('media-failed', 'no file');
    button(element, 'accept-button').click();
    await waitUntil(() => textOf(element, '#what') === 'Couldn’t connect');
    expect(textOf(element, '[role=alert]')).to.equal('Couldn’t connect');
    expect(button(element, 'accept-button').ariaBusy).to.equal('false');
    await expectAccessible(element);
    service.failure = undefined;
    button(element, 'accept-button').click();
    await element.updateComplete;
    expect(textOf(element, '#what')).to.equal('Connecting…');
    expect(service.commands).to.deep.equal([['accept'], ['accept']]);
    await show(incoming({ callID: 'c6' }));
    expect(textOf(element, '#what')).to.equal('Voice call');
  });

  it('takes no focus, and can be used by keyboard; Escape does not decline', async () => {
    const { element, service, provider, show } = await dialog();
    const input = document.createElement('input');
    provider.prepend(input);
    input.focus();
    await show(incoming());
    expect(document.activeElement).to.equal(input);
    await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'decline-button'));
    await sendKeys({ press: 'Escape' });
    expect(service.commands).to.deep.equal([]);
    await sendKeys({ press: 'Tab' });
    expect(element.shadowRoot?.activeElement).to.equal(button(element, 'accept-button'));
    await sendKeys({ press: 'Enter' });
    expect(service.commands).to.deep.equal([['accept']]);
  });

  it('is accepted and declined by keyboard shortcuts, also from a text field', async () => {
    const { element, provider, service, show } = await dialog();
    const input = document.createElement('input');
    provider.prepend(input);
    input.focus();
    await show(incoming());
    expect(button(element, 'accept-button').getAttribute('aria-keyshortcuts')).to.equal('Alt+A');
    await sendKeys({ press: 'Alt+h' });
    expect(service.commands, 'nobody declines while typing').to.deep.equal([]);
    await sendKeys({ press: 'Alt+a' });
    expect(service.commands).to.deep.equal([['accept']]);
    expect(document.activeElement).to.equal(input);
    input.blur();
    await sendKeys({ press: 'Alt+h' });
    expect(service.commands.at(-1)).to.deep.equal(['decline']);
    provider.config = { ...provider.config, shortcuts: { accept: 'q' } };
    provider.renew();
    await show(incoming({ callID: 'next' }));
    await sendKeys({ press: 'Alt+a' });
    expect(service.commands).to.have.length(2);
    await sendKeys({ press: 'Alt+q' });
    expect(service.commands.at(-1)).to.deep.equal(['accept']);
    await show({ status: 'idle' });
    await sendKeys({ press: 'Alt+q' });
    expect(service.commands).to.have.length(3);
  });

  it('is announced by screen readers when it appears', async () => {
    const { element, provider, show } = await dialog();
    expect(element.shadowRoot?.querySelector('[role=alert]')).to.equal(null);
    await show(incoming({ callType: 'video' }));
    const alert = () => textOf(element, '[role=alert]').replace('Option', 'Alt');
    expect(alert()).to.equal('Ben Ortiz is calling. Video call. Press Alt+A to accept');
    await show({ status: 'idle' });
    provider.config = { ...provider.config, shortcuts: { accept: false } };
    provider.renew();
    await show(incoming());
    expect(alert()).to.equal('Ben Ortiz is calling. Voice call');
  });

  it('is a landmark with the name of the caller and the kind of call, not a dialog, which would have to hold the focus', async () => {
    const { element, show } = await dialog();
    await show(incoming({ callType: 'video' }));
    const root = element.shadowRoot!;
    expect(root.querySelector('[role=alertdialog], [role=dialog], [aria-modal]')).to.equal(null);
    const region = root.querySelector('section:not([role])')!;
    const names = region.getAttribute('aria-labelledby')!.split(' ');
    expect(names.map((id) => textOf(element, `#${id}`))).to.deep.equal(['Ben Ortiz', 'Video call']);
  });

  it('is announced once, however often it renders, also beside another dialog', async () => {
    const first = await dialog();
    const second = await dialog();
    await first.show(incoming());
    await second.show(incoming({ callID: 'other', inviter: ann }));
    const alerts = [first, second].map(({ element }) =>
      element.shadowRoot!.querySelector('[role=alert]')!,
    );
    expect(alerts.map((alert) => alert.textContent.trim())).to.deep.equal([
      'Ben Ortiz is calling. Voice call. Press Alt+A to accept',
      'Ann is calling. Voice call. Press Alt+A to accept',
    ]);
    const changes: MutationRecord[] = [];
    const observer = new MutationObserver((records) => changes.push(...records));
    for (const { element } of [first, second]) {
      const options = { subtree: true, childList: true, characterData: true };
      observer.observe(element.shadowRoot!, options);
    }
    await first.show(incoming({ members: [member(ann, 'ringing')] }));
    for (const { element } of [first, second]) {
      element.requestUpdate();
      await element.updateComplete;
    }
    changes.push(...observer.takeRecords());
    observer.disconnect();
    const spoken = changes.filter(({ target }) => alerts.some((alert) => alert.contains(target)));
    expect(spoken).to.deep.equal([]);
    expect(alerts.every((alert) => alert.isConnected)).to.equal(true);
  });

  it('shows why the call ended, without buttons to answer', async () => {
    const { element, show } = await dialog();
    await show(incoming({ status: 'ended', endReason: 'canceled' }));
    expect(textOf(element, '#what')).to.equal('Missed call');
    expect(hasPart(element, 'accept-button')).to.equal(false);
    await show(incoming({ status: 'ended', endReason: 'answered-elsewhere' }));
    expect(textOf(element, '#what')).to.equal('Answered on another device');
    await show(incoming({ status: 'ended', endReason: 'declined-elsewhere' }));
    expect(textOf(element, '#what')).to.equal('Declined on another device');
  });

  it('closes immediately when this user has declined', async () => {
    const { element, show } = await dialog();
    await show(incoming({ status: 'ended', endReason: 'declined' }));
    expect(getComputedStyle(element).display).to.equal('none');
  });

  it('keeps properties that were set before the element was defined', async () => {
    document.body.append(early);
    await early.updateComplete;
    expect(early).to.be.instanceOf(IncomingCallDialog);
    expect(early.provider).to.equal('calls');
    early.remove();
  });

  it('uses the language of its ancestors, with the texts of the page', async () => {
    const { element, provider, show } = await dialog();
    provider.lang = 'de';
    provider.texts = { decline: 'Weg damit' };
    provider.renew();
    await show(incoming());
    await waitUntil(() => textOf(element, '#what') === 'Sprachanruf');
    expect(textOf(element, '[part=accept-button]')).to.equal('Annehmen');
    expect(textOf(element, '[part=decline-button]')).to.equal('Weg damit');
  });

  it('has no animation with reduced motion', async () => {
    const { element, show } = await dialog();
    await show(incoming());
    expect(animationsOf(element)).to.have.length(2);
    await emulateMedia({ reducedMotion: 'reduce' });
    expect(animationsOf(element)).to.have.length(0);
    await emulateMedia({ reducedMotion: 'no-preference' });
  });

  it('fits into 320 pixels, with buttons large enough for touch', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, show } = await dialog();
    await show(incoming({ inviter: user('long', 'Montgomery '.repeat(12).slice(0, 128)) }));
    expect(document.documentElement.scrollWidth).to.be.at.most(320);
    for (const part of ['accept-button', 'decline-button']) {
      expect(button(element, part).offsetHeight).to.be.at.least(44);
    }
    expect(element.shadowRoot?.querySelector<HTMLElement>('#name')?.title).to.have.length(128);
    await setViewport({ width: 800, height: 600 });
  });

  it('keeps long button labels within its card, stacked if necessary', async () => {
    await setViewport({ width: 320, height: 568 });
    const { element, provider, show } = await dialog();
    await show(incoming());
    const box = (selector: string) =>
      element.shadowRoot!.querySelector(selector)!.getBoundingClientRect();
    const top = (part: string) => box(`[part=${part}]`).top;
    expect(top('accept-button')).to.equal(top('decline-button'));
    provider.texts = { accept: 'Den Anruf annehmen', decline: 'Den Anruf ablehnen' };
    provider.renew();
    await waitUntil(() => top('accept-button') > top('decline-button'));
    for (const part of ['accept-button', 'decline-button']) {
      expect(box(`[part=${part}]`).right).to.be.below(box('section').right);
    }
    await setViewport({ width: 800, height: 600 });
  });

  it('passes the accessibility checks', async () => {
    const { element, show } = await dialog();
    await show(incoming({ callType: 'video' }));
    await expectAccessible(element);
    await show(
      incoming({ group: true, members: [ben!, ann, chen!].map((one) => member(one, 'ringing')) }),
    );
    await expectAccessible(element);
    await show(incoming({ status: 'ended', endReason: 'timeout' }));
    await expectAccessible(element);
  });
});
