import { CallError } from './call-error.js';

/** @returns what is wrong with a value, as the end of an error message; undefined if nothing is */
export type OptionCheck = (value: unknown) => string | undefined;

export const isSwitch: OptionCheck = (value) =>
  typeof value === 'boolean' ? undefined : 'true or false';

/** @returns a check for a number in this range, both ends included */
export const isNumberIn =
  (least: number, most: number): OptionCheck =>
  (value) =>
    typeof value === 'number' && value >= least && value <= most
      ? undefined
      : `${least} to ${most}`;

/**
 * Reads options of a page. An option that is missing has its default; one that is invalid as well, and it is reported.
 * @param place where the options stand, for messages: `config.media`
 * @param invalid called with an `invalid-argument` for each invalid option
 */
export function readOptions<T extends object>(
  defaults: T,
  checks: Readonly<Partial<Record<keyof T, OptionCheck>>>,
  given: unknown,
  place: string,
  invalid: (error: CallError) => void,
): T {
  const options = { ...defaults };
  const source = Object(given) as Partial<Record<keyof T, unknown>>;
  for (const [name, check] of Object.entries(checks) as [keyof T & string, OptionCheck][]) {
    const value = source[name];
    if (value === undefined || value === null) continue;
    const problem = check(value);
    if (problem === undefined) options[name] = value as T[typeof name];
    else invalid(new CallError('invalid-argument', `${place}.${name}: ${problem}`));
  }
  return options;
}
