import { expect, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { button, expectAccessible, inProvider, textOf } from '../../../test/support/elements.js';
import { NO_MEDIA, ongoing } from '../../../test/support/fake-service.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import type { LocalMediaSnapshot } from '../../core/service/snapshots.js';
import { defineOnce } from '../shared/define-once.js';
import { CallSettings } from './call-settings.js';

defineOnce('call-settings', CallSettings);

const device = (kind: MediaDeviceKind, deviceId: string): MediaDeviceInfo => ({
  ...{ kind, deviceId, label: `The ${deviceId}`, groupId: '' },
  toJSON: () => ({}),
});

async function settings(inLayer = false) {
  const stage = await inProvider<CallSettings>(
    html`<call-settings ?in-layer=${inLayer}></call-settings>`,
  );
  const { element, service } = stage;
  service.$devices.set({
    microphones: [device('audioinput', 'm1'), device('audioinput', 'm2')],
    cameras: [device('videoinput', 'c1')],
    speakers: [device('audiooutput', 's1'), device('audiooutput', 's2')],
    selected: { microphone: 'm2', ringer: 's1' },
  });
  await element.updateComplete;
  return {
    ...stage,
    press: async (selector: string) => {
      element.shadowRoot?.querySelector<HTMLElement>(selector)?.click();
      await element.updateComplete;
    },
    previews: async (media: Partial<LocalMediaSnapshot>) => {
      for (const changed of service.previews) changed({ ...NO_MEDIA, ...media });
      await element.updateComplete;
    },
    find: (selector: string) => element.shadowRoot?.querySelector<HTMLElement>(selector),
  };
}

describe('<call-settings>', () => {
  it('shows the selected devices, and selects others', async () => {
    const { element, service } = await settings();
    const lists = [...(element.shadowRoot?.querySelectorAll('select') ?? [])];
    expect(lists.map(({ value }) => value)).to.deep.equal(['', 'm2', '', 's1']);
    const [, microphone, , ringer] = lists;
    microphone!.value = 'm1';
    microphone!.dispatchEvent(new Event('change'));
    ringer!.value = 's2';
    ringer!.dispatchEvent(new Event('change'));
    expect(service.commands.slice(-2)).to.deep.equal([
      ['selectDevice', 'audioinput', 'm1'],
      ['selectDevice', 'ringer', 's2'],
    ]);
    await expectAccessible(element);
  });

  it('switches do-not-disturb, says until when it is on, and unblocks people', async () => {
    const { element, service, press, find } = await settings();
    const quiet = () => find('[name=do-not-disturb]') as HTMLInputElement;
    expect(quiet().checked).to.equal(false);
    await press('[name=do-not-disturb]');
    await element.updateComplete;
    expect(service.commands.at(-1)).to.deep.equal(['setDoNotDisturb', true]);
    expect(quiet().checked).to.equal(true);
    const until = new Date(new Date().setHours(23, 59, 0, 0));
    service.$doNotDisturb.set({ until: until.getTime() });
    service.$blocked.set([
      { userID: 'ben', userName: 'Ben Ortiz' },
      { userID: 'cleo', userName: '' },
    ]);
    await element.updateComplete;
    const time = new Intl.DateTimeFormat('en', { timeStyle: 'short' }).format(until);
    expect(quiet().closest('label')?.textContent).to.contain(`Until ${time}`);
    const buttons = [...element.shadowRoot!.querySelectorAll<HTMLElement>('.unblock')];
    expect(buttons.map((one) => one.getAttribute('aria-label'))).to.deep.equal([
      'Unblock Ben Ortiz',
      'Unblock cleo',
    ]);
    await expectAccessible(element);
    buttons[0]?.click();
    await waitUntil(() => service.$blocked.get().length === 1);
    expect(service.commands.at(-1)).to.deep.equal(['unblock', 'ben']);
  });

  it('opens no device before the user asks for it, and releases them with the element', async () => {
    const { element, service, press, previews, find } = await settings();
    expect(service.commands).to.deep.equal([['preview']]);
    await press('.preview');
    await waitUntil(() => service.commands.length === 2);
    await previews({ camera: 'on', stream: document.createElement('canvas').captureStream() });
    expect(find('video.mirrored')).to.not.equal(null);
    expect(textOf(element, '.quiet')).to.equal('Only you see and hear this');
    await press('.preview');
    await press('.test');
    await waitUntil(() => service.commands.length === 4);
    expect(service.commands.slice(1)).to.deep.equal([
      ['preview setCamera', true],
      ['preview setCamera', false],
      ['preview setMicrophone', true],
    ]);
    element.remove();
    expect(service.previews.size).to.equal(0);
  });

  it('shows the level of the microphone', async () => {
    const { element, service, previews, find } = await settings();
    expect(find('.meter')).to.equal(null);
    service.microphoneLevel = 0.3;
    await previews({ microphone: 'on' });
    await waitUntil(() => find('.meter')?.ariaValueNow === '100');
    expect(find('.meter')?.ariaLabel).to.equal('Microphone level');
    await expectAccessible(element);
  });

  it('says why a device can not be opened, and tries again on demand', async () => {
    const { element, service, press, previews } = await settings();
    await previews({ camera: 'unavailable', cameraProblem: 'busy' });
    expect(textOf(element, '.note')).to.contain('Camera in use by another app.');
    await press('.retry');
    await waitUntil(() => service.commands.length === 2);
    expect(service.commands.at(-1)).to.deep.equal(['preview setCamera', true]);
    await expectAccessible(element);
  });

  it('shows the picture of the call, and opens no second camera for it', async () => {
    const { element, service, show, previews, find } = await settings();
    await previews({ camera: 'on' });
    const stream = document.createElement('canvas').captureStream();
    service.$localMedia.set({ ...NO_MEDIA, stream, camera: 'on', facing: 'environment' });
    await show(ongoing({ callType: 'video' }));
    await element.updateComplete;
    const video = element.shadowRoot?.querySelector('video');
    expect(video?.srcObject).to.equal(stream);
    expect(video?.className).to.equal('');
    expect(find('.preview')).to.equal(null);
    await waitUntil(() => service.commands.length > 1);
    expect(service.commands[1]).to.deep.equal(['preview setCamera', false]);
  });

  it('is a dialog above the page that takes the focus, and is closed by its button and Escape', async () => {
    const { element, service, press, find } = await settings(true);
    expect(find('section')?.role).to.equal('dialog');
    expect(element.shadowRoot?.activeElement?.id).to.equal('title');
    service.openSettings();
    button(element, 'close-button').click();
    expect(service.$settingsOpen.get()).to.equal(false);
    service.openSettings();
    await sendKeys({ press: 'Escape' });
    expect(service.$settingsOpen.get()).to.equal(false);
    await press('.nothing');
    await expectAccessible(element);
  });

  it('plays test tones, without errors', async () => {
    const { service, press } = await settings();
    service.$devices.set({ ...service.$devices.get(), selected: {} });
    await press('.test-speaker');
    await press('.test-ringtone');
    expect(service.reported).to.be.empty;
  });
});
