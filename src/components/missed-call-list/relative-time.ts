const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From so many days on a date says more. */
const MOST_DAYS = 7;

/** A moment of the past, in words. */
export interface ShownTime {
  readonly text: string;
  /** The whole date and the time of day. */
  readonly title: string;
  /** By ISO 8601, for machines. */
  readonly iso: string;
  /** When the text will be another, in ms since the epoch. */
  readonly until: number;
}

const midnight = (ms: number, days = 0): number => {
  const date = new Date(ms);
  date.setDate(date.getDate() + days);
  return date.setHours(0, 0, 0, 0);
};

/**
 * `5 minutes ago`, `yesterday`, and a date beyond a week.
 * @param at in ms since the epoch; one that is to come yet, by a clock that is wrong, counts as now
 * @param locale BCP 47 tag
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
  // `-0 seconds` are `now`.
  if (minutes === 0) return ago('second', 0, Math.max(at, now) + MINUTE - since);
  if (hours === 0) return ago('minute', minutes, at + (minutes + 1) * MINUTE);
  if (since < DAY) return ago('hour', hours, at + (hours + 1) * HOUR);
  // Days may have 23 or 25 hours.
  const days = Math.round((midnight(now) - midnight(at)) / DAY);
  if (days < MOST_DAYS) return ago('day', days, midnight(now, 1));
  const [year, thisYear] = [new Date(at).getFullYear(), new Date(now).getFullYear()];
  const format = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'long',
    ...(year === thisYear ? {} : { year: 'numeric' }),
  });
  return { text: format.format(at), until: new Date(thisYear + 1, 0, 1).getTime() };
}
