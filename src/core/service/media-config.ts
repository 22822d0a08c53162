import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings } from '../ports/media-settings.js';
import type { MediaConfig } from './call-config.js';
import type { CallError } from './call-error.js';
import { isNumberIn, isSwitch, readOptions } from './read-options.js';

const CHECKS = {
  maxVideoBitrateKbps: isNumberIn(30, 20_000),
  maxAudioBitrateKbps: isNumberIn(16, 510),
  maxFrameHeight: isNumberIn(90, 2_160),
  audioOnly: isSwitch,
  echoCancellation: isSwitch,
  noiseSuppression: isSwitch,
  autoGainControl: isSwitch,
} as const;

/**
 * Reads `config.media`, except for its processing.
 * @param invalid called with an `invalid-argument` for each invalid option
 */
export const readMediaConfig = (
  config: MediaConfig | undefined,
  invalid: (error: CallError) => void = () => {},
): MediaSettings => readOptions(DEFAULT_MEDIA_SETTINGS, CHECKS, config, 'config.media', invalid);
