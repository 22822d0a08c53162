import { DEFAULT_SCREEN_OPTIONS } from '../ports/screen.js';
import type { ScreenOptions } from '../ports/screen.js';
import type { ScreenConfig } from './call-config.js';
import type { CallError } from './call-error.js';
import { isSwitch, readOptions } from './read-options.js';

const CHECKS = {
  sound: isSwitch,
  contentHint: (value: unknown) =>
    value === 'detail' || value === 'motion' ? undefined : 'detail or motion',
} as const;

/**
 * Combines the options of one call of `shareScreen` with `config.screen` and the defaults.
 * @param invalid called with an `invalid-argument` for each invalid option of `config.screen`, which is not used
 * @throws {CallError} `invalid-argument` for an invalid option of this call
 */
export function readScreenOptions(
  config: ScreenConfig | undefined,
  options: ScreenConfig | undefined,
  invalid: (error: CallError) => void,
): ScreenOptions {
  const common = readOptions(DEFAULT_SCREEN_OPTIONS, CHECKS, config, 'config.screen', invalid);
  return readOptions(common, CHECKS, options, 'options', (error) => {
    throw error;
  });
}
