import { DEFAULT_SCREEN_OPTIONS } from '../ports/screen.js';
import type { ScreenOptions } from '../ports/screen.js';
import { CallError } from './call-error.js';
import type { ScreenConfig } from './call-config.js';

const PROBLEMS = { sound: 'true or false', contentHint: 'detail or motion' } as const;

type Name = keyof typeof PROBLEMS;

const isValid = (name: Name, value: unknown): boolean =>
  name === 'sound' ? typeof value === 'boolean' : value === 'detail' || value === 'motion';

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
  const result: Record<Name, unknown> = { ...DEFAULT_SCREEN_OPTIONS };
  const read = (
    source: ScreenConfig | undefined,
    place: string,
    fail: (error: CallError) => void,
  ): void => {
    const given = Object(source) as Partial<Record<Name, unknown>>;
    for (const name of Object.keys(PROBLEMS) as Name[]) {
      const value = given[name];
      if (value === undefined || value === null) continue;
      if (isValid(name, value)) result[name] = value;
      else fail(new CallError('invalid-argument', `${place}.${name}: ${PROBLEMS[name]}`));
    }
  };
  read(config, 'config.screen', invalid);
  read(options, 'options', (error) => {
    throw error;
  });
  return result as unknown as ScreenOptions;
}
