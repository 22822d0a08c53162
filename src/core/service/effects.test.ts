import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordingMedia } from '../../../test/support/recording-media.js';
import { CallError, createServiceHarness } from '../../../test/support/service-harness.js';
import type { MediaEffect } from '../ports/media-effects.js';
import type { MediaConfig } from './call-config.js';

const process = (track: MediaStreamTrack): MediaStreamTrack => track;
const effect = (name: string, more: Partial<MediaEffect> = {}): MediaEffect => ({
  ...{ name, kind: 'video', process },
  ...more,
});

async function serviceWith(config: MediaConfig) {
  const harness = createServiceHarness();
  const media = createRecordingMedia();
  const alice = harness.phone('alice', {
    media,
    config: () => ({ media: config }),
  });
  await harness.settle();
  return {
    ...{ harness, media, service: alice.service },
    /** Names of the stages of the camera. */
    stages: () => media.settings?.().stages.camera.map((stage) => stage.effect),
    refreshes: () => media.calls.filter((call) => call === 'refreshProcessing').length,
    /** What was reported to the page. */
    errors: () =>
      alice.callbacks.flatMap(([name, error]) =>
        name === 'onError' ? [(error as Error).message] : [],
      ),
    shown: () =>
      alice.service.$effects
        .get()
        .map(({ name, enabled, failed }) => `${name} ${enabled}${failed ? ' failed' : ''}`),
  };
}

test('effects are on as configured, and can be switched before and during a call', async () => {
  const { service, harness, stages, shown, refreshes } = await serviceWith({
    effects: [effect('one', { enabled: true }), effect('two')],
  });
  assert.deepEqual(stages(), ['one']);
  assert.deepEqual(shown(), ['one true', 'two false']);
  await service.setEffect('two', true);
  assert.deepEqual(stages(), ['one', 'two']);
  assert.equal(refreshes(), 1);
  await service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  await harness.settle();
  await service.setEffect('one', false);
  assert.deepEqual(stages(), ['two']);
  assert.deepEqual(shown(), ['one false', 'two true']);
  await assert.rejects(service.setEffect('three', true), CallError);
});

test('effects of a group exclude each other', async () => {
  const { service, shown } = await serviceWith({
    effects: [
      effect('blur', { group: 'background', enabled: true }),
      effect('image', { group: 'background' }),
      effect('hat'),
    ],
  });
  await service.setEffect('hat', true);
  await service.setEffect('image', true);
  assert.deepEqual(shown(), ['blur false', 'image true', 'hat true']);
  await service.setEffect('image', false);
  assert.deepEqual(shown(), ['blur false', 'image false', 'hat true']);
});

test('only the first effect of a group is on at first', async () => {
  const { shown, stages } = await serviceWith({
    effects: [
      effect('blur', { group: 'background', enabled: true }),
      effect('image', { group: 'background', enabled: true }),
    ],
  });
  assert.deepEqual(stages(), ['blur']);
  assert.deepEqual(shown(), ['blur true', 'image false']);
});

test('functions without a switch run after the effects, each for its source', async () => {
  const hook: MediaEffect['process'] = (track) => track;
  const { stages } = await serviceWith({
    ...{ processVideo: hook, processAudio: hook },
    effects: [effect('noise', { kind: 'audio', enabled: true }), effect('hat', { enabled: true })],
  });
  assert.deepEqual(stages(), ['hat', undefined]);
});

test('an effect that fails is reported, switched off and marked, until it is switched on again', async () => {
  const { service, media, errors, shown, stages, refreshes } = await serviceWith({
    effects: [effect('blur', { enabled: true })],
  });
  stages();
  const cause = new Error('no GPU');
  const fault = { ...{ kind: 'camera', name: 'Error', cause }, processing: { effect: 'blur' } };
  media.emit({ type: 'fault', fault: { ...fault, kind: 'camera' } });
  assert.deepEqual(shown(), ['blur false failed']);
  assert.equal(refreshes(), 1);
  assert.deepEqual(errors(), ['The processing of the camera by the effect "blur" failed: no GPU']);
  await service.setEffect('blur', true);
  assert.deepEqual(shown(), ['blur true']);
});

test('what is wrong with the configuration is left out, and reported when a call starts', async () => {
  const wrong = [
    effect(''),
    effect('a', { kind: 'smell' as 'audio' }),
    { name: 'b', kind: 'audio' },
    effect('c', { enabled: true }),
    effect('c'),
    null,
  ];
  const { service, harness, stages, errors } = await serviceWith({
    effects: wrong as readonly MediaEffect[],
    processVideo: 'blur' as unknown as MediaEffect['process'],
  });
  assert.deepEqual(stages(), ['c']);
  await service.send({ invitees: ['bob'], callType: 'video', callID: 'c' });
  await harness.settle();
  assert.deepEqual(errors(), [
    'config.media.effects[0].name: 1 to 64 characters',
    'config.media.effects[1].kind: audio or video',
    'config.media.effects[2].process: a function',
    'config.media.effects[4].name: used twice: c',
    'config.media.effects[5].name: 1 to 64 characters',
    'config.media.processVideo: a function',
  ]);
});
