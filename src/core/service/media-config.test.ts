import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import { readMediaConfig } from './media-config.js';
import type { MediaConfig } from './call-config.js';

describe('config.media', () => {
  it('has a default for each option', () => {
    assert.deepEqual(readMediaConfig(undefined), DEFAULT_MEDIA_SETTINGS);
    assert.deepEqual(readMediaConfig({}), DEFAULT_MEDIA_SETTINGS);
    const media = { maxFrameHeight: 360, audioOnly: true };
    assert.deepEqual(readMediaConfig(media), { ...DEFAULT_MEDIA_SETTINGS, ...media });
  });

  it('uses the default of an invalid option, and names it', () => {
    const messages: string[] = [];
    const wrong = { maxVideoBitrateKbps: 10, maxFrameHeight: NaN, audioOnly: 'yes', other: 1 };
    const settings = readMediaConfig(wrong as unknown as MediaConfig, ({ code, message }) =>
      messages.push(`${code}: ${message}`),
    );
    assert.deepEqual(settings, DEFAULT_MEDIA_SETTINGS);
    assert.deepEqual(messages, [
      'invalid-argument: config.media.maxVideoBitrateKbps: 30 to 20000',
      'invalid-argument: config.media.maxFrameHeight: 90 to 2160',
      'invalid-argument: config.media.audioOnly: true or false',
    ]);
  });

  it('gives valid settings for any value', () => {
    fc.assert(
      fc.property(fc.anything(), (media) => {
        const settings = readMediaConfig(media as MediaConfig);
        assert.deepEqual(Object.keys(settings), Object.keys(DEFAULT_MEDIA_SETTINGS));
        assert.ok(settings.maxAudioBitrateKbps >= 16 && settings.maxAudioBitrateKbps <= 510);
      }),
    );
  });
});
