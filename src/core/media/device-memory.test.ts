/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { device, type MediaPeer, settle, until } from '../../../test/support/call-media.js';
import { CaptureFixture, VIDEO, VOICE } from '../../../test/support/capture-fixture.js';
import type { DeviceChoices } from '../ports/device-choices.js';

describe('devices that are remembered, and that return', () => {
  let stored: DeviceChoices = {};
  const harness = new CaptureFixture('room', 'headphones');
  harness.options.deviceChoices = { read: () => stored, write: (next) => void (stored = next) };
  let phone: MediaPeer;
  beforeEach(() => {
    phone = harness.phone;
    stored = {};
  });
  const { faults, open } = harness;
  const track = (kind: 'audio' | 'video') =>
    phone.local?.stream?.getTracks().find((one) => one.kind === kind);
  const uses = (kind: 'audio' | 'video', deviceId: string) =>
    until(`${kind} ${deviceId}`, () => track(kind)?.getSettings().deviceId === deviceId);
  const list = () => phone.eventsOf('devices').at(-1)?.devices;

  it('remembers devices that are selected before a call, with their labels, and opens them', async () => {
    await phone.media.selectDevice('audioinput', 'built-in');
    await phone.media.selectDevice('ringer', 'room');
    await settle();
    await phone.media.selectDevice('videoinput', 'back');
    await until('the labels', () => stored.microphone?.label && stored.camera?.label);
    expect(stored).to.deep.equal({
      microphone: { deviceId: 'built-in', label: 'built-in' },
      camera: { deviceId: 'back', label: 'back' },
      ringer: { deviceId: 'room', label: 'room' },
    });
    expect(phone.devices.requests).to.be.empty;
    expect(list()?.selected).to.deep.equal({
      microphone: 'built-in',
      camera: 'back',
      ringer: 'room',
    });
    await open();
    await uses('audio', 'built-in');
    await uses('video', 'back');
  });

  it('forgets a device when the default one is selected', async () => {
    stored = { microphone: { deviceId: 'built-in', label: '' } };
    await open(VOICE);
    await uses('audio', 'built-in');
    await phone.media.selectDevice('audioinput', '');
    expect(stored).to.deep.equal({});
    await uses('audio', 'headset');
  });

  it('finds a device that has a new ID by its label, and remembers the new ID', async () => {
    stored = { camera: { deviceId: 'of an earlier visit', label: 'back' } };
    await open();
    await uses('video', 'back');
    await until('the new ID', () => stored.camera?.deviceId === 'back');
    expect(faults()).to.be.empty;
  });

  it('does not remember a device that could not be opened in place of the one in use', async () => {
    stored = { camera: { deviceId: 'back', label: 'back' } };
    await open();
    phone.devices.busy.add('front');
    await phone.media.selectDevice('videoinput', 'front');
    expect(stored.camera).to.deep.equal({ deviceId: 'back', label: 'back' });
    await uses('video', 'back');
    stored = {};
  });

  for (const [source, kind, input, chosen, other] of [
    ['camera', 'video', 'videoinput', 'back', 'front'],
    ['microphone', 'audio', 'audioinput', 'built-in', 'headset'],
  ] as const) {
    it(`uses the selected ${source} again when it is plugged in`, async () => {
      await open();
      await phone.media.selectDevice(input, chosen);
      phone.devices.unplug(chosen);
      await uses(kind, other);
      phone.devices.plug(device(input, chosen));
      await uses(kind, chosen);
      expect(phone.local?.[source]).to.equal('on');
      expect(faults()).to.deep.equal([`${source} NotFoundError`]);
    });

    it(`replaces the selected ${source} each time that it is unplugged`, async () => {
      await open();
      await phone.media.selectDevice(input, chosen);
      for (const _ of ['first', 'second']) {
        phone.devices.unplug(chosen);
        await uses(kind, other);
        phone.devices.plug(device(input, chosen));
        await uses(kind, chosen);
      }
    });

    it(`opens the only ${source} each time that it is plugged in`, async () => {
      phone.devices.unplug(other);
      await open();
      for (const _ of ['first', 'second']) {
        await uses(kind, chosen);
        phone.devices.reject(kind, 'NotFoundError');
        phone.devices.unplug(chosen);
        await until('its end', () => phone.local?.[source] === 'unavailable');
        phone.devices.reject(kind, undefined);
        phone.devices.plug(device(input, chosen));
      }
      await uses(kind, chosen);
    });

    it(`uses in a call the ${source} that was selected in a preview`, async () => {
      const preview = phone.media.preview(() => {});
      await (source === 'camera' ? preview.setCamera(true) : preview.setMicrophone(true));
      await phone.media.selectDevice(input, chosen);
      await (source === 'camera' ? preview.setCamera(false) : preview.setMicrophone(false));
      await open();
      await uses(kind, chosen);
      preview.close();
    });

    it(`keeps a ${source} that was selected while the former one was unplugged`, async () => {
      await open();
      await phone.media.selectDevice(input, chosen);
      phone.devices.unplug(chosen);
      await uses(kind, other);
      await phone.media.selectDevice(input, other);
      phone.devices.plug(device(input, chosen));
      await settle();
      await settle();
      expect(track(kind)?.getSettings().deviceId).to.equal(other);
    });

    it(`tries a returned ${source} again after the next change of the list, without a fault`, async () => {
      await open();
      await phone.media.selectDevice(input, chosen);
      phone.devices.unplug(chosen);
      await uses(kind, other);
      phone.devices.busy.add(chosen);
      phone.devices.plug(device(input, chosen));
      await until('the attempt', () =>
        harness.requestedConstraints(kind).some((one) => {
          const { exact } = Object(one.deviceId) as ConstrainDOMStringParameters;
          return exact === chosen && phone.devices.issued.length > 0;
        }),
      );
      await settle();
      expect(track(kind)?.getSettings().deviceId).to.equal(other);
      phone.devices.busy.delete(chosen);
      phone.devices.plug(device('audiooutput', 'more'));
      await uses(kind, chosen);
      expect(faults()).to.deep.equal([`${source} NotFoundError`]);
    });

    it(`opens a ${source} that is plugged in when there was none`, async () => {
      phone.devices.list = [];
      phone.devices.reject(kind, 'NotFoundError');
      phone.media.open('call', VIDEO);
      await harness.state(source, 'unavailable');
      expect(phone.local?.[`${source}Problem`]).to.equal('missing');
      phone.devices.reject(kind, undefined);
      phone.devices.plug(device(input, 'new'));
      await harness.state(source, 'on');
      expect(phone.local?.[`${source}Problem`]).to.equal(undefined);
    });
  }

  it('replaces one default device after the other, although all have the same ID', async () => {
    let group = 0;
    harness.phone.devices.issued.push = function push(...tracks: MediaStreamTrack[]) {
      for (const one of tracks) {
        const groupId = `group ${group++}`;
        queueMicrotask(() =>
          Object.assign(one, { getSettings: () => ({ deviceId: 'default', groupId }) }),
        );
      }
      return Array.prototype.push.apply(this, tracks);
    };
    await open(VOICE);
    for (let count = 0; count < 3; count++) {
      const before = track('audio');
      before?.stop();
      before?.dispatchEvent(new Event('ended'));
      await until('another', () => track('audio') && track('audio') !== before);
    }
    expect(phone.local?.microphone).to.equal('on');
    expect(faults()).to.be.empty;
  });

  it('shows that the system mutes an open device, and reports it to the others as off', async () => {
    await open();
    const audio = track('audio')!;
    Object.defineProperty(audio, 'muted', { value: true, configurable: true });
    audio.dispatchEvent(new Event('mute'));
    expect(phone.local).to.include({ microphone: 'on', microphoneMutedBySystem: true });
    Object.defineProperty(audio, 'muted', { value: false });
    audio.dispatchEvent(new Event('unmute'));
    expect(phone.local).to.include({ microphone: 'on', microphoneMutedBySystem: false });
    expect(phone.local?.cameraMutedBySystem).to.equal(false);
  });

  it('changes to the back camera and back, and keeps the camera if there is no other one', async () => {
    await open();
    const asked = () => harness.requestedConstraints('video').at(-1);
    await phone.media.flipCamera();
    expect(asked()).to.deep.include({ facingMode: { exact: 'environment' } });
    expect(phone.local?.camera).to.equal('on');
    expect(phone.devices.live).to.equal(2);
    Object.assign(track('video')!, { getSettings: () => ({ facingMode: 'environment' }) });
    expect(phone.local?.stream).to.not.equal(undefined);
    await phone.media.flipCamera();
    expect(asked()).to.deep.include({ facingMode: { exact: 'user' } });
    phone.devices.busy.add('front');
    phone.devices.busy.add('back');
    const flipped = phone.media.flipCamera();
    phone.devices.busy.clear();
    await flipped;
    expect(phone.local?.camera).to.equal('on');
    await phone.media.setCamera(false);
    const before = phone.devices.requests.length;
    await phone.media.flipCamera();
    expect(phone.devices.requests).to.have.length(before);
  });
});

describe('speech while the microphone is off', () => {
  let level = 0;
  let levels = 0;
  const measured: MediaStreamTrack[] = [];
  const harness = new CaptureFixture();
  harness.options.levelOf = (one) => {
    levels++;
    measured.push(one);
    return {
      read: () => level,
      close: () => {
        levels--;
      },
    };
  };
  beforeEach(() => {
    level = levels = 0;
    measured.length = 0;
  });
  const { open } = harness;
  const sample = (count: number): void => {
    for (; count > 0; count--) {
      const [timer] = harness.phone.timers.filter(({ ms }) => ms === 200);
      timer?.run();
    }
  };

  it('is measured only while the microphone is open and off', async () => {
    await open(VOICE);
    expect(levels).to.equal(0);
    await harness.phone.media.setMicrophone(false);
    expect(levels).to.equal(1);
    expect(measured[0]).to.equal(harness.phone.local?.stream?.getAudioTracks()[0]);
    await harness.phone.media.setMicrophone(true);
    expect(levels).to.equal(0);
    expect(harness.phone.timers.filter(({ ms }) => ms === 200)).to.be.empty;
    await harness.phone.media.setMicrophone(false);
    expect(levels).to.equal(1);
    harness.phone.media.close('call');
    expect(levels).to.equal(0);
  });

  it('is reported when it begins and when it ends', async () => {
    await open(VOICE);
    await harness.phone.media.setMicrophone(false);
    level = 0.2;
    sample(1);
    expect(harness.phone.local?.speakingWhileMuted).to.equal(false);
    sample(1);
    expect(harness.phone.local?.speakingWhileMuted).to.equal(true);
    level = 0;
    sample(15);
    expect(harness.phone.local?.speakingWhileMuted).to.equal(false);
    level = 0.2;
    sample(2);
    await harness.phone.media.setMicrophone(true);
    expect(harness.phone.local?.speakingWhileMuted).to.equal(false);
  });
});
