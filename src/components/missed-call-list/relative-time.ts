import { startOfDay } from '../shared/start-of-day.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** After this number of days, a date is shown instead of "n days ago". */
const MAX_DAYS = 7;

/** A time in the past as text. */
export interface ShownTime {
  readonly text: string;
  /** Full date and time of day. */
  readonly title: string;
  /** In ISO 8601 format, for the `datetime` attribute. */
  readonly iso: string;
  /** When the text changes next, in ms since the epoch. */
  readonly until: number;
}

/**
 * `5 minutes ago`, `yesterday`, or a date if more than a week ago.
 * @param at in ms since the epoch; a time in the future, by a wrong clock, is treated as now
 * @param locale BCP 47 language tag
 */
export function describeTime(at: number, now: number, locale: string): ShownTime {
  const date = new Date(at);
  const title = new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeStyle: 'short' });
  return { ...wordsFor(at, now, locale), title: title.format(date), iso: date.toISOString() };
}

function wordsFor(at: number, now: number, locale: string): Pick<ShownTime, 'text' | 'until'> {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const ago = (unit: Intl.RelativeTimeFormatUnit, count: number, until: number) => {
    return { text: relative.format(-count, unit), until };
  };
  const since = Math.max(0, now - at);
  const minutes = Math.floor(since / MINUTE);
  const hours = Math.floor(since / HOUR);
  // With `numeric: 'auto'`, 0 seconds are formatted as "now".
  if (minutes === 0) return ago('second', 0, Math.max(at, now) + MINUTE - since);
  if (hours === 0) return ago('minute', minutes, at + (minutes + 1) * MINUTE);
  if (since < DAY) return ago('hour', hours, at + (hours + 1) * HOUR);
  // A day may have 23 or 25 hours.
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY);
  if (days < MAX_DAYS) return ago('day', days, startOfDay(now, 1));
  const [year, thisYear] = [new Date(at).getFullYear(), new Date(now).getFullYear()];
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(year === thisYear ? {} : { year: 'numeric' }),
  });
  return { text: format.format(at), until: new Date(thisYear + 1, 0, 1).getTime() };
}
