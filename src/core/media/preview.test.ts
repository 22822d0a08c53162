/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { type MediaPeer, settle, until } from '../../../test/support/call-media.js';
import { CaptureFixture, VIDEO } from '../../../test/support/capture-fixture.js';
import type { LocalMedia, MediaPreview } from '../ports/media.js';

describe('a preview of microphone and camera', () => {
  const harness = new CaptureFixture('room');
  let phone: MediaPeer;
  let preview: MediaPreview;
  let media: LocalMedia | undefined;
  const measured: MediaStreamTrack[] = [];
  let levels = 0;
  harness.options.levelOf = (track) => {
    levels++;
    measured.push(track);
    return {
      read: () => 0.5,
      close: () => {
        levels--;
      },
    };
  };
  beforeEach(() => {
    phone = harness.phone;
    measured.length = levels = 0;
    media = undefined;
    preview = phone.media.preview((next) => (media = next));
  });
  afterEach(() => {
    preview.close();
    expect(levels).to.equal(0);
  });
  const device = (kind: 'audio' | 'video') =>
    media?.stream
      ?.getTracks()
      .find((track) => track.kind === kind)
      ?.getSettings().deviceId;

  it('opens nothing by itself, and lists the devices', async () => {
    await until('the list', () => phone.eventsOf('devices').length);
    expect(phone.devices.requests).to.be.empty;
    expect(preview.level()).to.equal(undefined);
  });

  it('opens the devices one by one, outside of a call, and releases them', async () => {
    await preview.setCamera(true);
    await settle();
    expect(media).to.include({ camera: 'on', microphone: 'off' });
    await preview.setMicrophone(true);
    await settle();
    expect(media).to.include({ camera: 'on', microphone: 'on' });
    expect(preview.level()).to.equal(0.5);
    await preview.setMicrophone(false);
    expect(phone.devices.live).to.equal(1);
    expect(preview.level()).to.equal(undefined);
    preview.close();
    expect(phone.devices.live).to.equal(0);
    expect(phone.devices.listeners).to.equal(0);
    await preview.setCamera(true);
    expect(phone.devices.live).to.equal(0);
    expect(phone.eventsOf('local')).to.be.empty;
  });

  it('changes to a selected device', async () => {
    await preview.setCamera(true);
    await phone.media.selectDevice('videoinput', 'back');
    await until('the other one', () => device('video') === 'back');
  });

  it('says why a device could not be opened', async () => {
    phone.devices.busy.add('front');
    await preview.setCamera(true);
    await settle();
    expect(media).to.include({ camera: 'unavailable', cameraProblem: 'busy' });
    expect(harness.faults()).to.deep.equal(['camera NotReadableError']);
    phone.devices.busy.clear();
    await preview.setCamera(true);
    await settle();
    expect(media).to.include({ camera: 'on', cameraProblem: undefined });
  });

  it('follows a device that is selected in a call, and measures the microphone of the call', async () => {
    await preview.setMicrophone(true);
    preview.level();
    await harness.open(VIDEO);
    await phone.media.selectDevice('audioinput', 'built-in');
    await until('the other one', () => device('audio') === 'built-in');
    preview.level();
    expect(measured.at(-1)).to.equal(phone.local?.stream?.getAudioTracks()[0]);
    phone.media.close('call');
    expect(levels, 'the microphone of the call is released').to.equal(0);
    expect(media?.microphone).to.equal('on');
    preview.level();
    expect(measured.at(-1)).to.equal(media?.stream?.getAudioTracks()[0]);
    expect(levels).to.equal(1);
  });

  it('ends with the media', async () => {
    await preview.setCamera(true);
    phone.media.destroy();
    expect(phone.devices.live).to.equal(0);
  });
});
