/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import { MediaPeer, settle, Wire } from './call-media.js';

/** Options of a video call. */
export const VIDEO = { microphone: true, camera: true, callType: 'video' } as const;

/** Two devices, and the signalling between them. */
export function mediaPair(): { alice: MediaPeer; bob: MediaPeer; wire: Wire } {
  const [alice, bob] = [new MediaPeer('alice'), new MediaPeer('bob')];
  return { alice, bob, wire: new Wire(alice, bob) };
}

/** Destroys the media of these devices, and checks that they have released everything. */
export async function expectReleased(...peers: readonly MediaPeer[]): Promise<void> {
  for (const { media } of peers) media.destroy();
  await settle();
  for (const peer of peers) {
    expect(peer.devices.live, 'live tracks').to.equal(0);
    expect(peer.openConnections, 'open connections').to.equal(0);
    expect(peer.devices.listeners, 'listeners').to.equal(0);
    expect(peer.reads, 'reads statistics').to.equal(false);
    expect(peer.timers, 'timers').to.be.empty;
  }
}
