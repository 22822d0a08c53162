/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { device, end, type MediaPeer, settle, until } from '../../../test/support/call-media.js';
import { CaptureFixture, VIDEO, VOICE } from '../../../test/support/capture-fixture.js';

describe('devices that change during a call', () => {
  const harness = new CaptureFixture('room', 'headphones');
  let phone: MediaPeer;
  beforeEach(() => (phone = harness.phone));
  const { faults, state, open } = harness;
  const asked = (kind: 'audio' | 'video') =>
    harness.requestedConstraints(kind).map(({ deviceId }) => deviceId);
  const track = (kind: 'audio' | 'video') =>
    phone.local?.stream?.getTracks().find((one) => one.kind === kind);
  const selected = (wanted: Record<string, string>) =>
    until(`selected ${JSON.stringify(wanted)}`, () => {
      const now = phone.eventsOf('devices').at(-1)?.devices.selected;
      return (
        JSON.stringify(Object.entries(now ?? {}).toSorted()) ===
        JSON.stringify(Object.entries(wanted).toSorted())
      );
    });
  for (const [source, kind, input, first, second] of [
    ['camera', 'video', 'videoinput', 'front', 'back'],
    ['microphone', 'audio', 'audioinput', 'headset', 'built-in'],
  ] as const) {
    it(`opens a selected ${source} after the first one was in use by another app`, async () => {
      phone.devices.busy.add(first);
      phone.media.open('call', VIDEO);
      await state(source, 'unavailable');
      expect(faults()).to.deep.equal([`${source} NotReadableError`]);
      await phone.media.selectDevice(input, second);
      expect(phone.local?.[source]).to.equal('on');
      expect(asked(kind).at(-1)).to.deep.equal({ exact: second });
      expect(track(kind)?.getSettings().deviceId).to.equal(second);
      const others = source === 'camera' ? { microphone: 'headset' } : { camera: 'front' };
      await selected({ ...others, [source]: second });
      expect(faults()).to.have.length(1);
    });

    it(`keeps the selection of a ${source} that can't be opened either, and retries when it is switched on`, async () => {
      for (const each of [first, second]) phone.devices.busy.add(each);
      phone.media.open('call', VIDEO);
      await state(source, 'unavailable');
      await phone.media.selectDevice(input, second);
      expect(phone.local?.[source]).to.equal('unavailable');
      expect(faults()).to.deep.equal([`${source} NotReadableError`, `${source} NotReadableError`]);
      phone.devices.busy.delete(second);
      await (source === 'camera' ? phone.media.setCamera(true) : phone.media.setMicrophone(true));
      expect(asked(kind).at(-1)).to.deep.equal({ exact: second });
      expect(track(kind)?.getSettings().deviceId).to.equal(second);
    });

    it(`falls back to another ${source} when the selected one is unplugged, and reports it`, async () => {
      await open();
      await phone.media.selectDevice(input, second);
      phone.devices.unplug(second);
      await until('the other one', () => track(kind)?.getSettings().deviceId === first);
      expect(phone.local?.[source]).to.equal('on');
      expect(faults()).to.deep.equal([`${source} NotFoundError`]);
      await selected({ microphone: 'headset', camera: 'front' });
    });

    it(`reports once that the permission for the ${source} was revoked`, async () => {
      await open();
      await phone.media.selectDevice(input, second);
      phone.devices.reject(kind, 'NotAllowedError');
      end(track(kind));
      await state(source, 'unavailable');
      expect(faults()).to.deep.equal([`${source} NotAllowedError`]);
      expect(track(kind)).to.equal(undefined);
    });

    it(`reports that the only ${source} was unplugged`, async () => {
      await open();
      phone.devices.unplug(second);
      phone.devices.reject(kind, 'NotFoundError');
      phone.devices.unplug(first);
      await state(source, 'unavailable');
      expect(faults()).to.deep.equal([`${source} NotFoundError`]);
      const rest = source === 'camera' ? { microphone: 'headset' } : { camera: 'front' };
      await selected(rest);
    });

    it(`returns to the default ${source}`, async () => {
      await open();
      await phone.media.selectDevice(input, second);
      await phone.media.selectDevice(input, '');
      expect(asked(kind).at(-1)).to.equal(undefined);
      expect(track(kind)?.getSettings().deviceId).to.equal(first);
      await selected({ microphone: 'headset', camera: 'front' });
    });
  }

  it('opens a third microphone when the second one is unplugged as well', async () => {
    await open(VOICE);
    phone.devices.unplug('headset');
    await until('the second', () => track('audio')?.getSettings().deviceId === 'built-in');
    phone.devices.plug(device('audioinput', 'usb'));
    phone.devices.unplug('built-in');
    await until('the third', () => track('audio')?.getSettings().deviceId === 'usb');
    expect(faults()).to.be.empty;
    await selected({ microphone: 'usb' });
  });

  it('opens the selected camera again when it was plugged in and is switched on', async () => {
    await open();
    await phone.media.selectDevice('videoinput', 'back');
    phone.devices.unplug('back');
    await selected({ microphone: 'headset', camera: 'front' });
    phone.devices.plug(device('videoinput', 'back'));
    await phone.media.setCamera(false);
    await phone.media.setCamera(true);
    await selected({ microphone: 'headset', camera: 'back' });
  });

  it('requests no device when a muted microphone is unplugged, but another one when it is switched on', async () => {
    await open(VOICE);
    await phone.media.setMicrophone(false);
    phone.devices.unplug('headset');
    await selected({});
    expect(phone.local?.microphone).to.equal('off');
    expect(asked('audio')).to.have.length(1);
    await phone.media.setMicrophone(true);
    await selected({ microphone: 'built-in' });
    expect(faults()).to.be.empty;
  });

  it('does not list a camera as selected that was selected while off and is unplugged', async () => {
    await open(VOICE);
    await phone.media.selectDevice('videoinput', 'back');
    await selected({ microphone: 'headset', camera: 'back' });
    phone.devices.unplug('back');
    await selected({ microphone: 'headset' });
  });

  it('reads device labels also if all devices are in use by another app', async () => {
    phone.devices.list = [];
    phone.devices.busy.add('front');
    phone.media.open('call', { ...VOICE, microphone: false });
    await until('the first list', () => phone.eventsOf('devices').length === 1);
    // Labels are readable after the prompt was answered.
    phone.devices.list = [device('videoinput', 'front'), device('videoinput', 'back')];
    await phone.media.setCamera(true);
    await until('the list', () => phone.eventsOf('devices').at(-1)?.devices.cameras.length === 2);
  });

  it('returns to the default speaker when the selected one is unplugged, reports it once, and uses it again when it is back', async () => {
    await open(VOICE);
    await phone.media.selectDevice('audiooutput', 'headphones');
    await selected({ microphone: 'headset', speaker: 'headphones' });
    phone.devices.unplug('headphones');
    await selected({ microphone: 'headset' });
    phone.devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(faults()).to.deep.equal(['speaker NotFoundError']);
    phone.devices.plug(device('audiooutput', 'headphones'));
    await selected({ microphone: 'headset', speaker: 'headphones' });
  });

  it('lets the user select the default speaker', async () => {
    await open(VOICE);
    await phone.media.selectDevice('audiooutput', 'headphones');
    await phone.media.selectDevice('audiooutput', '');
    await selected({ microphone: 'headset' });
    expect(faults()).to.be.empty;
  });
});
