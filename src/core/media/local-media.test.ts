/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { device, end, type MediaPeer, settle, until } from '../../../test/support/call-media.js';
import { CaptureFixture, VIDEO, VOICE } from '../../../test/support/capture-fixture.js';

/** The processing of sound that is on by default. */
const PROCESSED = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };

describe('local media', () => {
  const harness = new CaptureFixture('speaker');
  let phone: MediaPeer;
  beforeEach(() => (phone = harness.phone));
  const { faults, requestedConstraints: asked, state, open } = harness;
  const tracks = (kind: 'audio' | 'video'): MediaStreamTrack[] =>
    phone.devices.issued.filter((track) => track.kind === kind);
  const selected = () => phone.eventsOf('devices').at(-1)?.devices.selected;

  it('requests microphone and camera separately, and only those with which the call starts', async () => {
    await open(VOICE);
    expect(phone.devices.requests).to.deep.equal([{ audio: PROCESSED }]);
    expect(phone.local?.camera).to.equal('off');
    await phone.media.setCamera(true);
    expect(asked('video')).to.deep.equal([
      { width: { ideal: 1280 }, height: { ideal: 720 }, facingMode: 'user' },
    ]);
    expect(asked('audio')).to.have.length(1);
    expect(phone.local).to.include({ microphone: 'on', camera: 'on' });
  });

  it('does not request a microphone that starts muted before it is switched on', async () => {
    phone.media.open('call', { ...VOICE, microphone: false });
    await settle();
    expect(phone.devices.requests).to.be.empty;
    await phone.media.setMicrophone(true);
    expect(phone.local?.microphone).to.equal('on');
  });

  it('opens the sources of a call once', async () => {
    await open();
    await phone.media.setCamera(false);
    phone.media.open('call', VIDEO);
    await settle();
    expect(phone.devices.requests).to.have.length(2);
    expect(phone.local?.camera).to.equal('off');
  });

  it('stops a track that a prompt yields after the camera was switched off', async () => {
    const answer = phone.devices.hold('video');
    phone.media.open('call', VIDEO);
    expect(phone.local?.camera).to.equal('pending');
    await phone.media.setCamera(false);
    expect(phone.local?.camera).to.equal('off');
    answer();
    await until('the stream', () => tracks('video').length === 1);
    await settle();
    expect(tracks('video')[0]?.readyState).to.equal('ended');
    expect(phone.local?.camera).to.equal('off');
  });

  it('does not open a second prompt when the camera is switched off and on', async () => {
    const answer = phone.devices.hold('video');
    phone.media.open('call', VIDEO);
    await phone.media.setCamera(false);
    const on = phone.media.setCamera(true);
    expect(phone.local?.camera).to.equal('pending');
    answer();
    await on;
    expect(phone.local?.camera).to.equal('on');
    expect(asked('video')).to.have.length(1);
  });

  it('requests a denied source again when it is switched on', async () => {
    phone.devices.reject('audio', 'NotFoundError');
    phone.media.open('call', VOICE);
    await state('microphone', 'unavailable');
    await phone.media.setMicrophone(true);
    expect(faults()).to.deep.equal(['microphone NotFoundError', 'microphone NotFoundError']);
    phone.devices.reject('audio', undefined);
    await phone.media.setMicrophone(true);
    expect(phone.local?.microphone).to.equal('on');
    expect(faults()).to.have.length(2);
  });

  it('changes to another camera, one at a time', async () => {
    await open();
    await phone.media.selectDevice('videoinput', 'back');
    const [front, back] = tracks('video');
    expect(front?.readyState).to.equal('ended');
    expect(back?.readyState).to.equal('live');
    expect(phone.local?.camera).to.equal('on');
    expect(phone.local?.stream?.getVideoTracks()).to.deep.equal([back]);
    expect(asked('video').at(-1)).to.deep.include({ deviceId: { exact: 'back' } });
    await until('the choice', () => selected()?.camera === 'back');
  });

  it('uses the camera that was selected during a prompt, in any order of the answers', async () => {
    const answerFirst = phone.devices.hold('video');
    phone.media.open('call', VIDEO);
    await settle();
    const answerSecond = phone.devices.hold('video');
    const chosen = phone.media.selectDevice('videoinput', 'back');
    answerSecond();
    await chosen;
    answerFirst();
    await until('both streams', () => tracks('video').length === 2);
    await settle();
    const [back, first] = tracks('video');
    expect(back?.readyState).to.equal('live');
    expect(first?.readyState).to.equal('ended');
    expect(phone.local?.stream?.getVideoTracks()).to.deep.equal([back]);
    expect(phone.local?.camera).to.equal('on');
  });

  it('returns to the previous camera when the other one fails', async () => {
    await open();
    phone.devices.unplugged.add('back');
    await phone.media.selectDevice('videoinput', 'back');
    expect(faults()).to.deep.equal(['camera NotFoundError']);
    expect(phone.local?.camera).to.equal('on');
    expect(asked('video').at(-1)).to.deep.include({ deviceId: { exact: 'front' } });
    await until('the choice', () => selected()?.camera === 'front');
  });

  it('keeps the previous microphone when the other one fails', async () => {
    await open();
    phone.devices.unplugged.add('built-in');
    await phone.media.selectDevice('audioinput', 'built-in');
    expect(faults()).to.deep.equal(['microphone NotFoundError']);
    expect(tracks('audio')).to.have.length(1);
    expect(tracks('audio')[0]?.readyState).to.equal('live');
    await until('the choice', () => selected()?.microphone === 'headset');
  });

  it('keeps the microphone muted when another one is selected', async () => {
    await open();
    await phone.media.setMicrophone(false);
    await phone.media.selectDevice('audioinput', 'built-in');
    const [, builtIn] = tracks('audio');
    expect(builtIn).to.include({ enabled: false, readyState: 'live' });
    expect(phone.local?.microphone).to.equal('off');
  });

  it('opens a device that was selected while off when it is switched on, also in the next call', async () => {
    await open(VOICE);
    await phone.media.selectDevice('videoinput', 'back');
    expect(asked('video')).to.be.empty;
    await phone.media.setCamera(true);
    expect(asked('video').at(-1)).to.deep.include({ deviceId: { exact: 'back' } });
    phone.media.close('call');
    phone.media.open('next', VIDEO);
    await until('the next call', () => asked('video').length === 2);
    expect(asked('video').at(-1)).to.deep.include({ deviceId: { exact: 'back' } });
    await state('camera', 'on');
  });

  it('opens another microphone when the one in use is unplugged, and reports it when that one ends as well', async () => {
    await open(VOICE);
    end(tracks('audio')[0]);
    expect(phone.local?.microphone).to.equal('pending');
    await state('microphone', 'on');
    expect(asked('audio')).to.deep.equal([PROCESSED, PROCESSED]);
    expect(faults()).to.be.empty;

    end(tracks('audio')[1]);
    await settle();
    expect(faults()).to.deep.equal(['microphone NotReadableError']);
    expect(phone.local?.microphone).to.equal('unavailable');
    expect(asked('audio')).to.have.length(2);
  });

  it('reports the available devices, and each change of them', async () => {
    phone.devices.list.push(device('videoinput', ''));
    await open();
    await until('both choices', () => selected()?.camera && selected()?.microphone);
    const list = phone.eventsOf('devices').at(-1)?.devices;
    const ids = (devices: readonly MediaDeviceInfo[] = []): string[] =>
      devices.map(({ deviceId }) => deviceId);
    expect(ids(list?.microphones)).to.deep.equal(['headset', 'built-in']);
    expect(ids(list?.cameras)).to.deep.equal(['front', 'back']);
    expect(ids(list?.speakers)).to.deep.equal(['speaker']);
    expect(list?.selected).to.deep.equal({ microphone: 'headset', camera: 'front' });

    await phone.media.selectDevice('audiooutput', 'speaker');
    await until('the speaker', () => selected()?.speaker === 'speaker');
    expect(phone.devices.requests).to.have.length(2);

    phone.devices.list = [device('videoinput', 'front')];
    phone.devices.dispatchEvent(new Event('devicechange'));
    await until(
      'the change',
      () => phone.eventsOf('devices').at(-1)?.devices.speakers.length === 0,
    );

    phone.devices.dispatchEvent(new Event('devicechange'));
    phone.media.close('call');
    const eventCount = phone.events.length;
    phone.devices.dispatchEvent(new Event('devicechange'));
    await settle();
    expect(phone.events).to.have.length(eventCount);
  });

  it('reports that screen sharing was denied, and asks again the next time', async () => {
    await open(VOICE);
    phone.devices.reject('video', 'NotAllowedError');
    await phone.media.shareScreen(true);
    expect(faults()).to.deep.equal(['screen NotAllowedError']);
    phone.devices.reject('video', undefined);
    await phone.media.shareScreen(true);
    expect(phone.local?.screen?.getTracks()).to.have.length(1);
    expect(faults()).to.have.length(1);
  });

  it('does not share a screen that is selected after sharing was switched off', async () => {
    await open(VOICE);
    const choose = phone.devices.hold('video');
    const first = phone.media.shareScreen(true);
    await phone.media.shareScreen(false);
    choose();
    await first;
    expect(tracks('video')).to.have.length(1);
    expect(tracks('video')[0]?.readyState).to.equal('ended');
    expect(phone.local?.screen).to.equal(undefined);
  });
});
