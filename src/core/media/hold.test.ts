/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { type MediaPeer, settle, until, type Wire } from '../../../test/support/call-media.js';
import { expectReleased, mediaPair, VIDEO } from '../../../test/support/media-pair.js';

describe('a call on hold', () => {
  let alice: MediaPeer;
  let bob: MediaPeer;
  let wire: Wire;

  beforeEach(() => ({ alice, bob, wire } = mediaPair()));
  afterEach(() => expectReleased(alice, bob));

  /** The tracks that the newest connection sends. */
  const sent = (of: MediaPeer): (MediaStreamTrack | null)[] =>
    of.connections
      .at(-1)
      ?.getSenders()
      .flatMap(({ track }) => track ?? []) ?? [];

  async function talk(): Promise<void> {
    alice.media.open('call', VIDEO);
    bob.media.open('call', VIDEO);
    wire.link(bob, alice);
    await until('pictures at bob', async () => (await bob.pictures()) > 0);
    await until('pictures at alice', async () => (await alice.pictures()) > 0);
  }

  it('sends nothing in either direction, releases the devices, and keeps its link', async () => {
    await talk();
    const links = alice.connections.length;
    alice.media.hold?.('call', true);
    expect(alice.local).to.include({ microphone: 'off', camera: 'off' });
    await until('silence of alice', () => sent(alice).length === 0);
    await until('the hold at bob', () => bob.remote('alice')?.onHold);
    expect(bob.remote('alice')).to.include({ microphone: false, camera: false });
    await until('silence of bob', () => sent(bob).length === 0);
    // What the other side shows of its own devices does not change.
    expect(bob.local).to.include({ microphone: 'on', camera: 'on' });
    alice.media.hold?.('call', false);
    await until('the end of the hold', () => bob.remote('alice')?.onHold === false);
    await until('the tracks of both', () => sent(alice).length === 2 && sent(bob).length === 2);
    await until('the camera of alice', () => bob.remote('alice')?.camera);
    expect(alice.connections.length).to.equal(links);
  });

  it('continues with the sources that the user has chosen meanwhile', async () => {
    await talk();
    alice.media.hold?.('call', true);
    await alice.media.setCamera(false);
    expect(alice.local).to.include({ microphone: 'off', camera: 'off' });
    alice.media.hold?.('call', false);
    await until('the microphone', () => alice.local?.microphone === 'on');
    expect(alice.local).to.include({ camera: 'off' });
  });

  it('opens no source that was off before, whatever is pressed meanwhile', async () => {
    await talk();
    await alice.media.setMicrophone(false);
    alice.media.hold?.('call', true);
    await alice.media.setMicrophone(true);
    alice.media.hold?.('call', false);
    await until('the camera', () => alice.local?.camera === 'on');
    expect(alice.local).to.include({ microphone: 'off' });
  });

  it('is continued by another call, and keeps off what is switched off there', async () => {
    await talk();
    await alice.media.setCamera(false);
    alice.media.hold?.('call', true);
    alice.media.open('merged', { ...VIDEO, like: 'call' });
    await until('the microphone', () => alice.local?.microphone === 'on');
    expect(alice.local).to.include({ camera: 'off' });
    await alice.media.setMicrophone(false);
    alice.media.close('merged');
    alice.media.show?.('call');
    alice.media.hold?.('call', false);
    await settle();
    expect(alice.local).to.include({ microphone: 'off', camera: 'off' });
  });

  it('does not end when another call is opened, and is shown again after it', async () => {
    await talk();
    alice.media.hold?.('call', true);
    alice.media.open('other', VIDEO);
    await until('the camera of the other call', () => alice.local?.camera === 'on');
    expect(alice.remote('bob')).to.equal(undefined);
    alice.media.close('other');
    alice.media.show?.('call');
    expect(alice.local).to.include({ camera: 'off' });
    alice.media.hold?.('call', false);
    await until('the camera', () => alice.local?.camera === 'on');
    await until('bob', () => alice.remote('bob')?.camera);
  });
});
