/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { type MediaPeer, until, type Wire } from '../../../test/support/call-media.js';
import { expectReleased, mediaPair, VIDEO } from '../../../test/support/media-pair.js';
import { TrackLevel } from './track-level.js';

describe('a shared screen in a call', () => {
  let alice: MediaPeer;
  let bob: MediaPeer;
  let wire: Wire;

  beforeEach(() => ({ alice, bob, wire } = mediaPair()));
  afterEach(() => expectReleased(alice, bob));

  const seeEachOther = async (): Promise<void> => {
    await until('flags at alice', () => alice.remote('bob')?.camera);
    await until('flags at bob', () => bob.remote('alice')?.camera);
  };
  const kinds = (stream: MediaStream | undefined): string[] | undefined =>
    stream?.getTracks().map((track) => track.kind);

  it('sends the sound of a screen with that of the microphone, and describes the screen', async () => {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await seeEachOther();
    alice.devices.shown = { surface: 'browser', sound: true };
    await alice.media.setMicrophone(false);
    await alice.media.shareScreen(true);
    const shared = { surface: 'browser', sound: true, paused: false };
    await until('the description', () => bob.remote('alice')?.sharedScreen?.sound);
    expect(bob.remote('alice')?.sharedScreen).to.deep.equal(shared);
    expect(alice.local?.sharedScreen).to.deep.equal(shared);
    expect(bob.remote('alice')?.microphone).to.equal(false);
    // The own screen has no sound that could be played back.
    expect(kinds(alice.local?.screen)).to.deep.equal(['video']);
    const stream = bob.remote('alice')?.stream;
    // Chromium decodes the sound of another side only for a player.
    const player = new Audio();
    player.muted = true;
    player.srcObject = stream ?? null;
    // Resolves only when sound has arrived, for which the test waits below.
    void player.play();
    const meter = new TrackLevel(stream!.getAudioTracks()[0]!);
    await until('the sound of the screen', () => meter.read() > 0.01);

    alice.media.pauseScreen?.(true);
    await until('the pause', () => bob.remote('alice')?.sharedScreen?.paused);
    expect(bob.remote('alice')?.screen, 'the last picture stays').to.be.instanceOf(MediaStream);
    await until('silence', () => meter.read() < 0.001);
    alice.media.pauseScreen?.(false);
    await until('the sound again', () => meter.read() > 0.01);
    await alice.media.shareScreen(false);
    await until('silence', () => meter.read() < 0.001);
    await until('no screen', () => bob.remote('alice')?.screen === undefined);
    expect(bob.remote('alice')?.sharedScreen).to.equal(undefined);
    expect(wire.descriptions).to.deep.equal({ offer: 1, answer: 1 });
    meter.close();
    player.srcObject = null;
  });

  it('sends no picture of a paused screen, also to a member who comes in meanwhile', async () => {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    await alice.media.shareScreen(true);
    alice.media.pauseScreen?.(true);
    wire.link(alice, bob);
    await seeEachOther();
    await until('the pause', () => bob.remote('alice')?.sharedScreen?.paused);
    expect(bob.remote('alice')?.screen).to.equal(undefined);
    expect(await bob.pictures(2)).to.equal(0);
    alice.media.pauseScreen?.(false);
    await until('the screen', async () => (await bob.pictures(2)) > 0);
    alice.media.pauseScreen?.(true);
    const sender = alice.connections[0]?.getTransceivers()[2]?.sender;
    await until('no track', () => sender?.track === null);
    expect(alice.local?.screen, 'still shared').to.be.instanceOf(MediaStream);
  });
});
