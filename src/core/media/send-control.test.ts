/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { type MediaPeer, until, type Wire } from '../../../test/support/call-media.js';
import { expectReleased, mediaPair, VIDEO } from '../../../test/support/media-pair.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';

describe('what a link sends', () => {
  let alice: MediaPeer;
  let bob: MediaPeer;
  let wire: Wire;

  beforeEach(() => ({ alice, bob, wire } = mediaPair()));
  afterEach(() => expectReleased(alice, bob));

  async function talk(): Promise<void> {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('the camera of alice', () => bob.remote('alice')?.camera);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
    await until('pictures at alice', async () => (await alice.pictures()) > 0);
  }

  /** The encoding of a section of the newest connection: 0 microphone, 1 camera, 2 screen. */
  const encoding = (of: MediaPeer, section: 0 | 1 | 2): RTCRtpEncodingParameters | undefined =>
    of.connections.at(-1)?.getTransceivers()[section]?.sender.getParameters().encodings[0];

  it('starts with a small picture at both ends, with sound first', async () => {
    await talk();
    for (const peer of [alice, bob]) {
      expect(encoding(peer, 1)).to.include({ active: true, maxBitrate: 150_000, maxFramerate: 15 });
      expect(encoding(peer, 0)).to.include({
        active: true,
        maxBitrate: 40_000,
        priority: 'high',
        networkPriority: 'high',
      });
      const [sound, camera] = peer.connections.at(-1)?.getTransceivers() ?? [];
      expect(camera?.sender.track?.contentHint).to.equal('motion');
      expect(sound?.sender.track?.contentHint).to.equal('');
    }
  });

  it('grows with good statistics', async () => {
    await talk();
    const seconds = async (): Promise<void> => {
      await until('the next reading', () => alice.reads);
      alice.readStatistics();
    };
    await until('a larger picture', async () => {
      await seconds();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return (encoding(alice, 1)?.maxBitrate ?? 0) > 150_000;
    });
  });

  it('is no picture while the receiver shows none, and a small one for a small tile', async () => {
    await talk();
    bob.media.setPictureSizes?.(new Map([['alice', { camera: 0, screen: 0 }]]));
    await until('no picture', () => encoding(alice, 1)?.active === false);
    expect(encoding(alice, 0)?.active).to.equal(true);
    expect(encoding(bob, 1)?.active).to.equal(true);
    expect(bob.remote('alice')).to.include({ camera: true, paused: false });
    const seen = await bob.pictures();
    bob.media.setPictureSizes?.(new Map([['alice', { camera: 100 }]]));
    await until('a small picture', () => encoding(alice, 1)?.active);
    expect(encoding(alice, 1)).to.include({ maxBitrate: 80_000 });
    await until('pictures again', async () => (await bob.pictures()) > seen);
  });

  it('is no picture for a member who receives none, in the next call either', async () => {
    bob.media.setIncomingVideo?.(false);
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('no picture', () => encoding(alice, 1)?.active === false);
    bob.media.setIncomingVideo?.(true);
    await until('a picture', () => encoding(alice, 1)?.active);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
  });

  it('keeps the limits of the page', async () => {
    const limits = { maxVideoBitrateKbps: 100, maxAudioBitrateKbps: 20, maxFrameHeight: 120 };
    alice.media.configure?.(() => ({ ...DEFAULT_MEDIA_SETTINGS, ...limits }));
    await talk();
    expect(encoding(alice, 1)?.maxBitrate).to.be.at.most(100_000);
    expect(encoding(alice, 0)?.maxBitrate).to.equal(20_000);
    const [video] = alice.devices.requests.flatMap(({ video: wanted }) => wanted ?? []);
    expect(video).to.deep.include({ height: { ideal: 120 } });
  });

  it('is sound alone with audioOnly, in both directions', async () => {
    alice.media.configure?.(() => ({ ...DEFAULT_MEDIA_SETTINGS, audioOnly: true }));
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('sound at bob', async () => (await bob.soundPackets()) > 0);
    await until('no picture', () => encoding(bob, 1)?.active === false);
    await alice.media.setCamera(true);
    expect(alice.local).to.include({ camera: 'off' });
    expect(alice.devices.requests.filter(({ video }) => video)).to.be.empty;
  });

  it('is Opus with error correction and without silence', async () => {
    await talk();
    for (const { data } of wire.carried.filter(({ data: { sdp } }) => sdp)) {
      expect(data['sdp']).to.match(/a=fmtp:\d+ [^\r]*useinbandfec=1[^\r]*usedtx=1/);
    }
    for (const peer of [alice, bob]) {
      const sdp = peer.connections.at(-1)?.remoteDescription?.sdp;
      for (const parameter of ['useinbandfec=1', 'usedtx=1']) expect(sdp).to.include(parameter);
    }
  });
});
