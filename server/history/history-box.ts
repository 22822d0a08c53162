import {
  MAX_HISTORY,
  type HistoryChange,
  type HistoryDeletion,
  type HistoryEntry,
  type HistoryPage,
} from '../../src/core/protocol/history.js';
import {
  isDeleted,
  isExpired,
  mergeEntries,
  normalEntry,
} from '../../src/core/protocol/history-merge.js';
import { HISTORY_ITEM_BYTES, MAX_HISTORY_DELETIONS, MAX_HISTORY_PAGE } from '../limits/limits.js';

/** One item of a history as it is stored: an entry, the mark of a deletion, or until when everything is deleted. */
export type HistoryItem =
  | { readonly kind: 'entry'; readonly entry: HistoryEntry; readonly changed: number }
  | { readonly kind: 'deletion'; readonly deletion: HistoryDeletion; readonly changed: number }
  | { readonly kind: 'until'; readonly at: number; readonly changed: number };

/** Called with the key of each item that has changed, and its new state; undefined if it was removed. */
type Record = (key: string, item: HistoryItem | undefined) => void;

const UNTIL = 'u';
const entryKey = (callID: string) => `e${callID}`;
const deletionKey = (callID: string) => `d${callID}`;

const sizeOf = (item: HistoryItem): number =>
  HISTORY_ITEM_BYTES + (item.kind === 'entry' ? JSON.stringify(item.entry).length : 0);

/** The history of one user in memory. */
export class HistoryBox {
  readonly #items = new Map<string, HistoryItem>();
  readonly #record: Record;
  #changed = 0;
  #bytes = 0;

  constructor(record: Record = () => {}) {
    this.#record = record;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.#items.size === 0;
  }

  get changedAt(): number {
    return this.#changed;
  }

  /** Adds an item that was stored before. */
  restore(item: HistoryItem): void {
    this.#put(item, false);
    this.#changed = Math.max(this.#changed, item.changed);
  }

  find(callID: string): HistoryEntry | undefined {
    const item = this.#items.get(entryKey(callID));
    return item?.kind === 'entry' ? item.entry : undefined;
  }

  /** @returns what has changed, merged */
  apply({ entries, deleted, deletedUntil }: HistoryChange, now: number): HistoryChange {
    const removed = deleted.filter((deletion) => this.#delete(deletion, now));
    const isUntilNew = deletedUntil !== undefined && this.#deleteUntil(deletedUntil, now);
    const merged = entries.flatMap((entry) => this.#merge(entry, now) ?? []);
    return {
      entries: merged,
      deleted: removed,
      ...(isUntilNew && { deletedUntil }),
    };
  }

  page(after: number): HistoryPage {
    const later = [...this.#items.values()]
      .filter(({ changed }) => changed > after)
      .sort((a, b) => a.changed - b.changed);
    const items = later.slice(0, MAX_HISTORY_PAGE);
    const until = items.find((item) => item.kind === 'until');
    return {
      entries: items.flatMap((item) => (item.kind === 'entry' ? [item.entry] : [])),
      deleted: items.flatMap((item) => (item.kind === 'deletion' ? [item.deletion] : [])),
      ...(until?.kind === 'until' && { deletedUntil: until.at }),
      changed: items.at(-1)?.changed ?? this.#changed,
      more: items.length < later.length,
    };
  }

  /** Removes what is too old, too many or too large. */
  trim(now: number, maxBytes: number): void {
    const entries: (HistoryItem & { kind: 'entry' })[] = [];
    const deletions: (HistoryItem & { kind: 'deletion' })[] = [];
    for (const item of this.#items.values()) {
      if (item.kind === 'entry') entries.push(item);
      else if (item.kind === 'deletion') deletions.push(item);
      else if (isExpired(item.at, now)) this.#remove(UNTIL);
    }
    entries.sort((a, b) => b.entry.at - a.entry.at);
    for (const [index, { entry }] of entries.entries()) {
      if (index >= MAX_HISTORY || isExpired(entry.at, now)) this.#remove(entryKey(entry.callID));
    }
    deletions.sort((a, b) => b.deletion.at - a.deletion.at);
    for (const [index, { deletion }] of deletions.entries()) {
      if (index >= MAX_HISTORY_DELETIONS || isExpired(deletion.at, now))
        this.#remove(deletionKey(deletion.callID));
    }
    while (this.#bytes > maxBytes && this.evictOldest());
  }

  /** Removes the oldest entry. @returns false if there is none */
  evictOldest(): boolean {
    let oldest: HistoryEntry | undefined;
    for (const item of this.#items.values()) {
      if (item.kind === 'entry' && item.entry.at < (oldest?.at ?? Infinity)) oldest = item.entry;
    }
    if (oldest) this.#remove(entryKey(oldest.callID));
    return oldest !== undefined;
  }

  #merge(given: HistoryEntry, now: number): HistoryEntry | undefined {
    const known = this.find(given.callID);
    const entry = known ? mergeEntries(known, given) : normalEntry(given);
    if (isExpired(entry.at, now)) return undefined;
    const mark = this.#items.get(deletionKey(entry.callID));
    const deletedAt = mark?.kind === 'deletion' ? mark.deletion.at : undefined;
    if (isDeleted(entry, deletedAt, this.#deletedUntil)) {
      // Only if this statement names an earlier time of the call.
      this.#remove(entryKey(entry.callID));
      return undefined;
    }
    if (known && JSON.stringify(known) === JSON.stringify(entry)) return undefined;
    this.#put({ kind: 'entry', entry, changed: this.#next(now) });
    return entry;
  }

  #delete(deletion: HistoryDeletion, now: number): boolean {
    const { callID, at } = deletion;
    const known = this.#items.get(deletionKey(callID));
    if (isExpired(at, now) || (known?.kind === 'deletion' && known.deletion.at >= at)) return false;
    const until = this.#deletedUntil;
    // The call was placed before its deletion, so the later deletion of all calls includes it.
    if (until !== undefined && until >= at) return false;
    this.#put({ kind: 'deletion', deletion, changed: this.#next(now) });
    const entry = this.find(callID);
    if (entry && isDeleted(entry, at, undefined)) this.#remove(entryKey(callID));
    return true;
  }

  #deleteUntil(at: number, now: number): boolean {
    if (isExpired(at, now) || at <= (this.#deletedUntil ?? -1)) return false;
    this.#put({ kind: 'until', at, changed: this.#next(now) });
    for (const [key, item] of this.#items) {
      const isIncluded =
        item.kind === 'entry'
          ? isDeleted(item.entry, undefined, at)
          : item.kind === 'deletion' && item.deletion.at <= at;
      if (isIncluded) this.#remove(key);
    }
    return true;
  }

  get #deletedUntil(): number | undefined {
    const item = this.#items.get(UNTIL);
    return item?.kind === 'until' ? item.at : undefined;
  }

  /** The time of the next change: later than all before, also if the clock was set back. */
  #next(now: number): number {
    return (this.#changed = Math.max(now, this.#changed + 1));
  }

  #put(item: HistoryItem, isNew = true): void {
    const key =
      item.kind === 'until'
        ? UNTIL
        : item.kind === 'entry'
          ? entryKey(item.entry.callID)
          : deletionKey(item.deletion.callID);
    const before = this.#items.get(key);
    this.#bytes += sizeOf(item) - (before ? sizeOf(before) : 0);
    this.#items.set(key, item);
    if (isNew) this.#record(key, item);
  }

  #remove(key: string): void {
    const item = this.#items.get(key);
    if (!item) return;
    this.#items.delete(key);
    this.#bytes -= sizeOf(item);
    this.#record(key, undefined);
  }
}
