import type { CallHistoryEntry } from '../../core/ports/call-history.js';
import type { CallUser } from '../../core/protocol/vocabulary.js';

const iso = (ms: number | undefined): string =>
  ms === undefined ? '' : new Date(ms).toISOString();

const nameOf = ({ userID, userName }: CallUser): string =>
  userName === userID ? userID : `${userName} (${userID})`;

/** A row of the table for each call; the first row has the names of the columns. */
function tableOf(entries: readonly CallHistoryEntry[]): (string | number)[][] {
  const head = [
    ...['callID', 'direction', 'callType', 'group', 'outcome', 'missed', 'at', 'answeredAt'],
    ...['durationSeconds', 'caller', 'callees'],
  ];
  const rows = entries.map((entry) => [
    ...[entry.callID, entry.direction, entry.callType, String(entry.group), entry.outcome],
    ...[String(entry.missed), iso(entry.at), iso(entry.answeredAt)],
    entry.durationMs === undefined ? '' : Math.round(entry.durationMs / 1_000),
    ...[nameOf(entry.caller), entry.callees.map(nameOf).join('; ')],
  ]);
  return [head, ...rows];
}

/** A field by RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe in front. */
function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The calls as a file in this format. Times are in UTC. */
export function fileOf(entries: readonly CallHistoryEntry[], format: 'csv' | 'json'): Blob {
  if (format === 'json') {
    const calls = entries.map(({ at, answeredAt, ...entry }) => ({
      ...entry,
      at: iso(at),
      ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
    }));
    return new Blob([JSON.stringify(calls, null, 2), '\n'], { type: 'application/json' });
  }
  const lines = tableOf(entries).map((row) => `${row.map(field).join(',')}\r\n`);
  // The byte order mark tells spreadsheets that it is UTF-8.
  return new Blob(['\uFEFF', ...lines], { type: 'text/csv;charset=utf-8' });
}

/** Offers a file to the user as a download. */
export function download(file: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = name;
  link.click();
  // Browsers read the file after the click.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
