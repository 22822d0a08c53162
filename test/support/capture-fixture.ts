/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import type { CallMediaOptions } from '../../src/core/media/call-media.js';
import { device, MediaPeer, settle, until } from './call-media.js';

/** The media with which a call starts. */
export const VIDEO = { microphone: true, camera: true, callType: 'video' } as const;
export const VOICE = { microphone: true, camera: false, callType: 'voice' } as const;

/**
 * A peer for each test of a suite, with two microphones, two cameras and these speakers. After each test, all
 * capture must have been released.
 */
export class CaptureFixture {
  phone!: MediaPeer;
  /** Options of the media of the next tests. */
  readonly options: { -readonly [K in keyof CallMediaOptions]?: CallMediaOptions[K] } = {};

  constructor(...speakers: readonly string[]) {
    beforeEach(() => {
      this.phone = new MediaPeer('alice', this.options);
      this.phone.devices.list = [
        device('audioinput', 'headset'),
        device('audioinput', 'built-in'),
        device('videoinput', 'front'),
        device('videoinput', 'back'),
        ...speakers.map((speaker) => device('audiooutput', speaker)),
      ];
    });
    afterEach(async () => {
      this.phone.media.destroy();
      await settle();
      expect(this.phone.devices.live, 'live tracks').to.equal(0);
      expect(this.phone.devices.listeners, 'listeners').to.equal(0);
    });
  }

  /** Kinds and names of the faults so far: `camera NotReadableError`. */
  readonly faults = (): string[] =>
    this.phone.eventsOf('fault').map(({ fault }) => `${fault.kind} ${fault.name}`);

  /** Constraints that were requested for this kind so far. */
  readonly requestedConstraints = (kind: 'audio' | 'video'): MediaTrackConstraints[] =>
    this.phone.devices.requests.flatMap((constraints) => (constraints[kind] as object) ?? []);

  readonly state = (source: 'microphone' | 'camera', wanted: string): Promise<true> =>
    until(`${source} ${wanted}`, () => this.phone.local?.[source] === wanted);

  readonly open = async (start: typeof VIDEO | typeof VOICE = VIDEO): Promise<void> => {
    this.phone.media.open('call', start);
    await this.state('microphone', 'on');
    if (start.camera) await this.state('camera', 'on');
  };
}
