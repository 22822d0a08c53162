/**
 * Formats a duration like a clock: `0:07`, `12:47`, `1:02:03`.
 * @param locale BCP 47 language tag, for the digits
 */
export function formatDuration(ms: number, locale = 'en'): string {
  const [hours, minutes, seconds] = partsOf(ms);
  const format = (value: number, minimumIntegerDigits: 1 | 2): string =>
    digitsFormat(locale, minimumIntegerDigits).format(value);
  const clock = hours ? [format(hours, 1), format(minutes, 2)] : [format(minutes, 1)];
  return [...clock, format(seconds, 2)].join(':');
}

/** Formats of clocks, which are shown every second, and take the browser long to create. */
const formats = new Map<string, Intl.NumberFormat>();

function digitsFormat(locale: string, minimumIntegerDigits: 1 | 2): Intl.NumberFormat {
  const key = `${locale} ${minimumIntegerDigits}`;
  const options = { minimumIntegerDigits, useGrouping: false };
  const format = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, format);
  return format;
}

/**
 * Formats a duration as it is read aloud: `12 minutes, 47 seconds`.
 * @param locale BCP 47 language tag
 */
export function spokenDuration(ms: number, locale: string): string {
  const [hours, minutes, seconds] = partsOf(ms);
  const parts = Object.entries({ hour: hours, minute: minutes, second: seconds });
  const shown = parts.filter(([, value]) => value > 0);
  const texts = (shown.length ? shown : parts.slice(-1)).map(([unit, value]) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value),
  );
  return new Intl.ListFormat(locale, { type: 'unit', style: 'long' }).format(texts);
}

function partsOf(ms: number): readonly [hours: number, minutes: number, seconds: number] {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  return [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
}

/** The duration in ISO 8601 format: `PT767S`. */
export const isoDuration = (ms: number): string => `PT${Math.max(0, Math.floor(ms / 1_000))}S`;
