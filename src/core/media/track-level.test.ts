/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { until } from '../../../test/support/call-media.js';
import { levelOf, TrackLevel } from './track-level.js';

/** A microphone with a constant tone. */
function tone(): { track: MediaStreamTrack; context: AudioContext } {
  const context = new AudioContext();
  const source = context.createOscillator();
  const destination = context.createMediaStreamDestination();
  source.connect(destination);
  source.start();
  return { track: destination.stream.getAudioTracks()[0]!, context };
}

describe('TrackLevel', () => {
  it('measures a disabled track, which stays disabled', async () => {
    const { track, context } = tone();
    track.enabled = false;
    const level = new TrackLevel(track);
    await until('a level', () => level.read() > 0.1);
    expect(track.enabled).to.equal(false);
    level.close();
    await context.close();
  });

  it('stops its copy of the track, and its context, when it is closed', async () => {
    const { track, context } = tone();
    const copies: MediaStreamTrack[] = [];
    const clone = track.clone.bind(track);
    track.clone = () => {
      const copy = clone();
      copies.push(copy);
      return copy;
    };
    let own: AudioContext | undefined;
    const level = new TrackLevel(track, () => (own = new AudioContext()));
    level.close();
    expect(copies.map(({ readyState }) => readyState)).to.deep.equal(['ended']);
    expect(track.readyState).to.equal('live');
    await until('closed', () => own?.state === 'closed');
    await context.close();
  });

  it('is undefined for a track that can not be measured', () => {
    const [video] = document.createElement('canvas').captureStream().getTracks();
    expect(levelOf(video!)).to.equal(undefined);
  });
});
