import type { HistoryChange } from '../protocol/history.js';
import { utf8Bytes } from '../protocol/limits.js';

/** Limits on one message: bytes of entries, and number of entries and of deletions. */
const MAX_BYTES = 32_768;
const MAX_ENTRIES = 50;
const MAX_DELETIONS = 200;

/** The first part of a change that fits into one message. */
export function firstPart({ entries, deleted, deletedUntil }: HistoryChange): HistoryChange {
  let bytes = 0;
  const first = entries.slice(0, MAX_ENTRIES).filter((entry, index) => {
    bytes += utf8Bytes(JSON.stringify(entry));
    // One entry always fits.
    return index === 0 || bytes <= MAX_BYTES;
  });
  return {
    entries: first,
    deleted: deleted.slice(0, MAX_DELETIONS),
    ...(deletedUntil !== undefined && { deletedUntil }),
  };
}
