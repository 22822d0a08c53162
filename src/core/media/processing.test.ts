/// <reference types="mocha" />
import { expect } from '@open-wc/testing';
import {
  drawnPicture,
  end,
  MediaPeer,
  settle,
  until,
  Wire,
} from '../../../test/support/call-media.js';
import { CaptureFixture, VIDEO, VOICE } from '../../../test/support/capture-fixture.js';
import { NO_STAGES } from '../ports/media-effects.js';
import type { ProcessContext, ProcessingStage, ProcessTrack } from '../ports/media-effects.js';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import { STAGE_LIMIT_MS } from './processing-step.js';

/** A function of a page that is answered by the test. Each call has a track of its own. */
class Processor {
  readonly calls: {
    readonly input: MediaStreamTrack;
    readonly context: ProcessContext;
    readonly output: MediaStreamTrack;
    readonly resolve: (track?: unknown) => void;
    readonly reject: (error: Error) => void;
  }[] = [];
  /** Whether it returns at once. */
  isQuick = true;

  readonly process: ProcessTrack = (input, context) => {
    const output = input.kind === 'video' ? picture() : input.clone();
    return new Promise((resolve, reject) => {
      const answer = (track: unknown = output): void => resolve(track as MediaStreamTrack);
      this.calls.push({ input, context, output, resolve: answer, reject });
      if (this.isQuick) answer();
    });
  };

  stage(more: Partial<ProcessingStage> = {}): ProcessingStage {
    return { effect: undefined, hidesSource: false, process: this.process, ...more };
  }

  get last() {
    const call = this.calls.at(-1);
    if (!call) throw new Error('The function was not called.');
    return call;
  }

  /** Everything that was opened is released. */
  get isReleased(): boolean {
    return this.calls.every(
      ({ output, context }) => output.readyState === 'ended' && context.signal.aborted,
    );
  }
}

function picture(): MediaStreamTrack {
  const [track] = drawnPicture().getVideoTracks();
  if (!track) throw new Error('no picture');
  return track;
}

describe('processing of tracks', () => {
  const fixture = new CaptureFixture();
  let phone: MediaPeer;
  let stages: ProcessingStage[];
  let sound: ProcessingStage[];
  beforeEach(() => {
    phone = fixture.phone;
    stages = [];
    sound = [];
    phone.media.configure?.(() => ({
      ...DEFAULT_MEDIA_SETTINGS,
      stages: { ...NO_STAGES, camera: stages, microphone: sound },
    }));
  });

  const shown = (): MediaStreamTrack | undefined => phone.local?.stream?.getVideoTracks()[0];
  const heard = (): MediaStreamTrack | undefined => phone.local?.stream?.getAudioTracks()[0];
  const camera = (): MediaStreamTrack | undefined =>
    phone.devices.issued.findLast(({ kind }) => kind === 'video');
  const faults = () =>
    phone.eventsOf('fault').map(({ fault: { kind, cause, processing } }) => {
      return `${kind} ${processing?.effect}: ${(cause as Error).message}`;
    });
  const openVideo = async (): Promise<void> => {
    phone.media.open('call', VIDEO);
    await until('the camera', () => camera());
    await settle();
  };

  it('sends and shows the processed track, and releases it with the source', async () => {
    const processor = new Processor();
    stages = [processor.stage()];
    await openVideo();
    expect(processor.calls).to.have.length(1);
    expect(processor.last.input).to.equal(camera());
    expect(shown()).to.equal(processor.last.output);
    await phone.media.setCamera(false);
    expect(processor.isReleased).to.equal(true);
    expect(shown()).to.equal(undefined);
    await phone.media.setCamera(true);
    await settle();
    expect(processor.calls).to.have.length(2);
    phone.media.close('call');
    expect(processor.isReleased).to.equal(true);
    expect(faults()).to.be.empty;
  });

  it('is called again for another device, and releases the track of the one before', async () => {
    const processor = new Processor();
    stages = [processor.stage()];
    await openVideo();
    const { output } = processor.last;
    await phone.media.selectDevice('videoinput', 'back');
    await settle();
    expect(output.readyState).to.equal('ended');
    expect(processor.last.input).to.equal(camera());
    expect(shown()).to.equal(processor.last.output);
  });

  it('is called again when an unplugged device is replaced', async () => {
    const processor = new Processor();
    stages = [processor.stage()];
    await openVideo();
    end(camera());
    await until('the next camera', () => processor.calls.length === 2);
    expect(processor.calls[0]?.context.signal.aborted).to.equal(true);
    await settle();
    expect(shown()).to.equal(processor.last.output);
  });

  it('uses the raw track meanwhile, and for good if the function takes too long', async () => {
    const processor = new Processor();
    processor.isQuick = false;
    stages = [processor.stage()];
    await openVideo();
    expect(shown()).to.equal(camera());
    expect(phone.local?.camera).to.equal('on');
    phone.timers.find(({ ms }) => ms === STAGE_LIMIT_MS)?.run();
    await settle();
    expect(faults()).to.deep.equal([
      'camera undefined: The function has not returned a track within 10 seconds.',
    ]);
    expect(processor.last.context.signal.aborted).to.equal(true);
    processor.last.resolve();
    await settle();
    expect(shown()).to.equal(camera());
    expect(processor.isReleased, 'the late track').to.equal(true);
  });

  it('leaves no timer and no track behind if the call ends while the function works', async () => {
    const processor = new Processor();
    processor.isQuick = false;
    stages = [processor.stage()];
    await openVideo();
    phone.media.close('call');
    expect(phone.timers.filter(({ ms }) => ms === STAGE_LIMIT_MS)).to.be.empty;
    processor.last.resolve();
    await settle();
    expect(processor.isReleased).to.equal(true);
    expect(faults()).to.be.empty;
  });

  it('uses the raw track if the function throws, rejects, or returns no live track of its kind', async () => {
    const ended = picture();
    ended.stop();
    const audio = new AudioContext().createMediaStreamDestination().stream.getAudioTracks()[0];
    const failing: ProcessTrack[] = [
      () => {
        throw new Error('thrown');
      },
      () => Promise.reject(new Error('rejected')),
      () => ended,
      () => audio as MediaStreamTrack,
      () => undefined as unknown as MediaStreamTrack,
    ];
    stages = failing.map((process, index) => ({
      ...{ effect: `no ${index}`, hidesSource: false, process },
    }));
    await openVideo();
    expect(shown()).to.equal(camera());
    const wrong = 'The function must return a live video track.';
    expect(faults()).to.deep.equal([
      'camera no 0: thrown',
      'camera no 1: rejected',
      `camera no 2: ${wrong}`,
      `camera no 3: ${wrong}`,
      `camera no 4: ${wrong}`,
    ]);
  });

  it('runs the stages one after the other, without one that fails', async () => {
    const [first, second] = [new Processor(), new Processor()];
    const broken: ProcessTrack = () => Promise.reject(new Error('broken'));
    stages = [
      first.stage(),
      { effect: 'broken', hidesSource: false, process: broken },
      second.stage(),
    ];
    await openVideo();
    expect(second.last.input).to.equal(first.last.output);
    expect(shown()).to.equal(second.last.output);
    expect(faults()).to.deep.equal(['camera broken: broken']);
  });

  for (const [how, fail] of [
    ['reports it', ({ last }: Processor) => last.context.fail(new Error('no GPU'))],
    ['ends its track', ({ last }: Processor) => end(last.output)],
  ] as const)
    it(`goes on without a stage that fails later and ${how}`, async () => {
      const [failing, other] = [new Processor(), new Processor()];
      stages = [failing.stage({ effect: 'failing' }), other.stage()];
      await openVideo();
      fail(failing);
      await settle();
      expect(other.last.input).to.equal(camera());
      expect(other.calls[0]?.context.signal.aborted).to.equal(true);
      expect(shown()).to.equal(other.last.output);
      expect(failing.isReleased).to.equal(true);
      expect(faults()).to.have.length(1);
      // Not tried again with this track, but with the next one.
      phone.media.refreshProcessing?.();
      expect(failing.calls).to.have.length(1);
      await phone.media.selectDevice('videoinput', 'back');
      await settle();
      expect(failing.calls).to.have.length(2);
    });

  it('lets nothing through until a stage works that hides something', async () => {
    const processor = new Processor();
    processor.isQuick = false;
    stages = [processor.stage({ hidesSource: true })];
    await openVideo();
    expect(shown()).to.equal(undefined);
    expect(phone.local?.camera).to.equal('pending');
    processor.last.resolve();
    await settle();
    expect(shown()).to.equal(processor.last.output);
    expect(phone.local?.camera).to.equal('on');
  });

  it('changes the stages of an open source without a gap', async () => {
    const [first, second] = [new Processor(), new Processor()];
    stages = [first.stage({ hidesSource: true })];
    await openVideo();
    stages = [second.stage({ hidesSource: true })];
    second.isQuick = false;
    phone.media.refreshProcessing?.();
    expect(shown()).to.equal(first.last.output);
    expect(first.last.output.readyState).to.equal('live');
    second.last.resolve();
    await settle();
    expect(shown()).to.equal(second.last.output);
    expect(first.isReleased).to.equal(true);
    stages = [];
    phone.media.refreshProcessing?.();
    expect(shown()).to.equal(camera());
    expect(second.isReleased).to.equal(true);
  });

  it('sends the processed track to the others, from the moment that it exists', async () => {
    const processor = new Processor();
    processor.isQuick = false;
    stages = [processor.stage()];
    await openVideo();
    const bob = new MediaPeer('bob');
    bob.media.open('call', VOICE);
    new Wire(phone, bob).link(phone, bob);
    const isSent = (track: MediaStreamTrack | undefined) => () =>
      phone.connections[0]?.getSenders().some((sender) => sender.track === track);
    await until('the raw track', isSent(camera()));
    processor.last.resolve();
    await until('the processed track', isSent(processor.last.output));
    bob.media.destroy();
  });

  it('mutes the processed sound together with the microphone', async () => {
    const processor = new Processor();
    sound = [processor.stage()];
    phone.media.open('call', VOICE);
    await fixture.state('microphone', 'on');
    await settle();
    expect(heard()).to.equal(processor.last.output);
    await phone.media.setMicrophone(false);
    expect(processor.last.output.enabled).to.equal(false);
    await phone.media.setMicrophone(true);
    expect(processor.last.output.enabled).to.equal(true);
    expect(processor.calls).to.have.length(1);
  });

  it('processes the picture of a preview too', async () => {
    const processor = new Processor();
    stages = [processor.stage()];
    let stream: MediaStream | undefined;
    const preview = phone.media.preview((media) => (stream = media.stream));
    await preview.setCamera(true);
    await until('the processed picture', () =>
      stream?.getVideoTracks().includes(processor.last.output),
    );
    preview.close();
    expect(processor.isReleased).to.equal(true);
  });
});
