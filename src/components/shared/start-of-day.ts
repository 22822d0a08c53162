/**
 * The start of a day by the time zone of this device, in ms since the epoch.
 * @param ms a time of the day, in ms since the epoch
 * @param days how many days later, or earlier if negative. A day may have 23 or 25 hours
 */
export function startOfDay(ms: number, days = 0): number {
  const date = new Date(ms);
  date.setDate(date.getDate() + days);
  return date.setHours(0, 0, 0, 0);
}
