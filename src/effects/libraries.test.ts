import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type * as Sound from '@sapphi-red/web-noise-suppressor';
import type * as Pictures from '@twilio/video-processors';
import { root } from '../../scripts/dependencies.mjs';
import type { PictureLibrary } from './picture-library.js';
import type { SoundLibrary } from './sound-library.js';

// The installed versions have what is used of them.
type IsAssignable<From, To> = From extends To ? true : false;
type Blur = 'GaussianBlurBackgroundProcessor' | 'isSupported';
const areCompatible: [
  IsAssignable<typeof Sound, SoundLibrary>,
  IsAssignable<Pick<typeof Pictures, Blur>, Pick<PictureLibrary, Blur>>,
  IsAssignable<
    Pictures.VirtualBackgroundProcessor,
    InstanceType<PictureLibrary['VirtualBackgroundProcessor']>
  >,
] = [true, true, true];

test('the libraries have the files that pages are told to serve', () => {
  assert.ok(areCompatible.every(Boolean));
  for (const file of [
    '@twilio/video-processors/dist/build/twilio-video-processors.min.js',
    '@twilio/video-processors/dist/build/selfie_segmentation_landscape.tflite',
    '@sapphi-red/web-noise-suppressor/dist/index.js',
    '@sapphi-red/web-noise-suppressor/dist/rnnoise/workletProcessor.js',
    '@sapphi-red/web-noise-suppressor/dist/rnnoise.wasm',
    '@sapphi-red/web-noise-suppressor/dist/rnnoise_simd.wasm',
  ])
    assert.ok(existsSync(join(root, 'node_modules', file)), file);
});
