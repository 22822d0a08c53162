import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordingMedia } from '../../../test/support/recording-media.js';
import { CallError, createServiceHarness } from '../../../test/support/service-harness.js';
import type { CallMedia } from '../ports/media.js';
import type { CallConfig } from './call-config.js';

async function callWith(config: CallConfig = {}) {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', {
    media: () => Promise.resolve(media),
    config: () => config,
  });
  const bob = harness.phone('bob', { media: createRecordingMedia() });
  await harness.settle();
  const start = async (): Promise<void> => {
    await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
    await harness.settle();
    await bob.service.accept();
    await harness.settle();
  };
  return { harness, media, alice, start };
}

const isRejection = (code: string) => (error: unknown) =>
  error instanceof CallError && error.code === code;

test('incoming video is set before and during a call, and shown in its store', async () => {
  const { alice, media, start } = await callWith();
  assert.equal(alice.service.$incomingVideo.get(), true);
  await alice.service.setIncomingVideo(false);
  assert.equal(alice.service.$incomingVideo.get(), false);
  await start();
  assert.ok(media.calls.includes('setIncomingVideo false'), 'when the code is loaded');
  await alice.service.setIncomingVideo(true);
  assert.equal(media.calls.at(-1), 'setIncomingVideo true');
  assert.equal(alice.service.$incomingVideo.get(), true);
  alice.service.destroy();
  await assert.rejects(alice.service.setIncomingVideo(false), isRejection('destroyed'));
});

test('sizes of pictures reach the media of a call, and nothing without one', async () => {
  const { alice, media, start } = await callWith();
  alice.service.setPictureSizes(new Map([['bob', { camera: 100 }]]));
  await start();
  assert.ok(!media.calls.some((call) => call.startsWith('setPictureSizes')));
  alice.service.setPictureSizes(new Map([['bob', { camera: 100 }]]));
  assert.equal(media.calls.at(-1), 'setPictureSizes [["bob",{"camera":100}]]');
});

test('media without these methods still work', async () => {
  const harness = createServiceHarness();
  const { configure, setIncomingVideo, setPictureSizes, ...older } = createRecordingMedia();
  assert.ok(configure && setIncomingVideo && setPictureSizes);
  const alice = harness.phone('alice', { media: older as CallMedia });
  await harness.settle();
  await alice.service.setIncomingVideo(false);
  await alice.service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  alice.service.setPictureSizes(new Map());
});

test('members tell whose picture is paused', async () => {
  const { alice, media, start } = await callWith();
  await start();
  const paused = () =>
    alice.service.$call
      .get()
      .members.map(({ self, picturePaused, ownPicturePaused }) => [
        self,
        picturePaused,
        ownPicturePaused,
      ]);
  const still = { stream: undefined, screen: undefined, microphone: true, camera: true };
  media.emit({ type: 'remote', user: 'bob', media: still });
  assert.deepEqual(paused(), [
    [true, false, false],
    [false, false, false],
  ]);
  media.emit({ type: 'remote', user: 'bob', media: { ...still, paused: true } });
  assert.deepEqual(paused()[1], [false, true, false]);
  media.emit({ type: 'remote', user: 'bob', media: { ...still, sendingPaused: true } });
  assert.deepEqual(paused()[1], [false, false, true]);
});

test('with audioOnly no camera and no screen can be switched on', async () => {
  const { alice, media, start } = await callWith({ media: { audioOnly: true } });
  await start();
  assert.equal(media.settings?.().audioOnly, true);
  await assert.rejects(alice.service.setCamera(true), isRejection('not-allowed'));
  await assert.rejects(alice.service.shareScreen(true), isRejection('not-allowed'));
  await alice.service.setCamera(false);
});

test('an invalid option of config.media is reported when a call starts', async () => {
  const { alice, media, start } = await callWith({ media: { maxFrameHeight: 5 } });
  await start();
  assert.equal(media.settings?.().maxFrameHeight, 720);
  const errors = alice.callbacks.filter(([name]) => name === 'onError');
  assert.deepEqual(
    errors.map(([, error]) => (error instanceof CallError ? error.message : error)),
    ['config.media.maxFrameHeight: 90 to 2160'],
  );
});
