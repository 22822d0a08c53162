import type { CallHistoryEntry } from '../../core/ports/call-history.js';
import { startOfDay } from '../shared/start-of-day.js';

/** The calls of one day. */
export interface Day {
  /** Start of the day, in ms since the epoch. */
  readonly start: number;
  readonly calls: readonly CallHistoryEntry[];
}

/** Groups calls (newest first) by the day on which they were placed. */
export function groupByDay(calls: readonly CallHistoryEntry[]): readonly Day[] {
  const days: { start: number; calls: CallHistoryEntry[] }[] = [];
  for (const call of calls) {
    const start = startOfDay(call.at);
    const last = days.at(-1);
    if (last?.start === start) last.calls.push(call);
    else days.push({ start, calls: [call] });
  }
  return days;
}

/** `Today`, `Yesterday`, or the date. @param locale BCP 47 language tag */
export function describeDay(start: number, now: number, locale: string): string {
  const daysAgo = [0, 1].find((days) => startOfDay(now, -days) === start);
  if (daysAgo !== undefined) {
    const text = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(-daysAgo, 'day');
    const [first = '', ...rest] = text;
    return first.toLocaleUpperCase(locale) + rest.join('');
  }
  const isThisYear = new Date(start).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'long', day: 'numeric', month: 'long' },
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(start);
}

/** When the texts of the days change next, in ms since the epoch. */
export const nextDay = (now: number): number => startOfDay(now, 1);
