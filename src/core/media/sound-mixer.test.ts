/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { until } from '../../../test/support/call-media.js';
import { SoundMixer } from './sound-mixer.js';
import { TrackLevel } from './track-level.js';

describe('SoundMixer', () => {
  let tones: AudioContext;
  let contexts: AudioContext[];
  let changes: number;
  let mixer: SoundMixer;

  beforeEach(() => {
    tones = new AudioContext();
    contexts = [];
    changes = 0;
    mixer = new SoundMixer(
      () => (changes += 1),
      () => {
        const context = new AudioContext();
        contexts.push(context);
        return context;
      },
    );
  });
  afterEach(async () => {
    mixer.close();
    await tones.close();
    await until('closed contexts', () => contexts.every(({ state }) => state === 'closed'));
  });

  function tone(): MediaStreamTrack {
    const output = tones.createMediaStreamDestination();
    const oscillator = tones.createOscillator();
    oscillator.connect(output);
    oscillator.start();
    const [track] = output.stream.getAudioTracks();
    if (!track) throw new Error('no tone');
    return track;
  }

  const loudness = async (
    track: MediaStreamTrack | undefined,
    isWanted: (level: number) => boolean,
  ) => {
    if (!track) throw new Error('no track');
    const meter = new TrackLevel(track);
    await until('the level', () => isWanted(meter.read()));
    meter.close();
  };
  const isLoud = (level: number): boolean => level > 0.3;
  const isSilent = (level: number): boolean => level === 0;

  it('opens nothing without the sound of a screen', () => {
    mixer.set(tone(), undefined);
    expect(mixer.track).to.equal(undefined);
    expect(contexts).to.be.empty;
  });

  it('sends the screen while the microphone is muted, and the microphone while the screen is silent', async () => {
    const [microphone, screen] = [tone(), tone()];
    mixer.set(microphone, screen);
    const track = await until('the mixer', () => mixer.track);
    await until('the change', () => changes > 0);
    microphone.enabled = false;
    await loudness(track, isLoud);
    screen.enabled = false;
    await loudness(track, isSilent);
    microphone.enabled = true;
    await loudness(track, isLoud);
  });

  it('releases everything if a track can not be mixed, and mixes the next one', async () => {
    const screen = tone();
    mixer.set(undefined, screen);
    await until('the mixer', () => mixer.track);
    const picture = document.createElement('canvas').captureStream().getVideoTracks()[0];
    mixer.set(picture, screen);
    expect(mixer.track).to.equal(undefined);
    await until('a closed context', () => contexts[0]?.state === 'closed');
    mixer.set(tone(), screen);
    await loudness(await until('the mixer', () => mixer.track), isLoud);
    expect(contexts).to.have.length(2);
  });

  it('keeps its track when the microphone is replaced, opened or closed', async () => {
    const screen = tone();
    mixer.set(undefined, screen);
    const track = await until('the mixer', () => mixer.track);
    await loudness(track, isLoud);
    screen.enabled = false;
    const microphone = tone();
    mixer.set(microphone, screen);
    await loudness(track, isLoud);
    mixer.set(undefined, screen);
    await loudness(track, isSilent);
    expect(mixer.track).to.equal(track);
    expect(contexts).to.have.length(1);
  });

  it('has no track while the browser suspends it, so that the microphone itself is sent', async () => {
    mixer.set(tone(), tone());
    const track = await until('the mixer', () => mixer.track);
    changes = 0;
    await contexts[0]?.suspend();
    expect(mixer.track).to.equal(undefined);
    await until('the change', () => changes > 0);
    await contexts[0]?.resume();
    expect(mixer.track).to.equal(track);
  });

  it('closes everything with the sound of the screen, without touching the tracks', async () => {
    const [microphone, screen] = [tone(), tone()];
    mixer.set(microphone, screen);
    const track = await until('the mixer', () => mixer.track);
    mixer.set(microphone, undefined);
    expect(mixer.track).to.equal(undefined);
    expect(track.readyState).to.equal('ended');
    expect([microphone.readyState, screen.readyState]).to.deep.equal(['live', 'live']);
    expect(contexts[0]?.state).to.equal('closed');
  });

  it('does nothing in a browser without Web Audio', () => {
    const silent = new SoundMixer(
      () => {},
      () => {
        throw new DOMException('No Web Audio', 'NotSupportedError');
      },
    );
    silent.set(tone(), tone());
    expect(silent.track).to.equal(undefined);
  });
});
