import { DEFAULT_MEDIA_SETTINGS } from '../ports/media-settings.js';
import type { MediaSettings } from '../ports/media-settings.js';
import { CallError } from './call-error.js';
import type { MediaConfig } from './call-config.js';

/** Range of each number of `config.media`, inclusive. */
const RANGES = {
  maxVideoBitrateKbps: [30, 20_000],
  maxAudioBitrateKbps: [16, 510],
  maxFrameHeight: [90, 2_160],
} as const;

const SWITCHES = ['audioOnly', 'echoCancellation', 'noiseSuppression', 'autoGainControl'] as const;

const isNumber = (name: string): name is keyof typeof RANGES => name in RANGES;

/**
 * Reads `config.media`. An option that is missing has its default; one that is invalid as well, and it is reported.
 * @param invalid called with an `invalid-argument` for each invalid option
 */
export function readMediaConfig(
  config: MediaConfig | undefined,
  invalid: (error: CallError) => void = () => {},
): MediaSettings {
  const given = Object(config) as Partial<Record<keyof MediaSettings, unknown>>;
  const settings: Record<string, unknown> = { ...DEFAULT_MEDIA_SETTINGS };
  for (const name of [...(Object.keys(RANGES) as (keyof typeof RANGES)[]), ...SWITCHES]) {
    const value = given[name];
    if (value === undefined || value === null) continue;
    const problem = isNumber(name) ? checkNumber(value, RANGES[name]) : checkSwitch(value);
    if (problem === undefined) settings[name] = value;
    else invalid(new CallError('invalid-argument', `config.media.${name}: ${problem}`));
  }
  return settings as unknown as MediaSettings;
}

function checkNumber(value: unknown, [least, most]: readonly [number, number]): string | undefined {
  const isValid = typeof value === 'number' && value >= least && value <= most;
  return isValid ? undefined : `${least} to ${most}`;
}

function checkSwitch(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}
