import type { HistoryChange, HistoryEntry, HistoryPage } from '../../src/core/protocol/history.js';
import { boundedChange } from '../../src/core/protocol/history-merge.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import { HistoryBox, type HistoryItem } from './history-box.js';
import type { History, HistoryLimits } from './history.js';

/** Stores the changes of a history. */
export interface HistoryStore {
  /** @param key identifies the item within the history of the user; without an item, it was removed */
  record(userID: string, key: string, item: HistoryItem | undefined): void;
  /** Resolves when all changes so far are stored. @throws {UnavailableError} if they will be stored later */
  commit(): Promise<void>;
}

const NO_STORE: HistoryStore = { record: () => {}, commit: () => Promise.resolve() };
const EMPTY_PAGE: HistoryPage = { entries: [], deleted: [], changed: 0, more: false };
/** The share of the limit down to which a full store is reduced, because each eviction sorts all histories. */
const STORE_TARGET = 0.95;

/** Histories in memory, which are lost when the process ends. With a `store`, their changes are also stored there. */
export class MemoryHistory implements History {
  readonly #boxes = new Map<string, HistoryBox>();
  readonly #now: () => number;
  readonly #limits: HistoryLimits;
  readonly #store: HistoryStore;
  #bytes = 0;

  constructor(
    now: () => number = Date.now,
    limits: HistoryLimits = DEFAULT_LIMITS,
    store: HistoryStore = NO_STORE,
  ) {
    this.#now = now;
    this.#limits = limits;
    this.#store = store;
  }

  async apply(userID: string, change: HistoryChange): Promise<HistoryChange> {
    const now = this.#now();
    const changed = this.#update(userID, (box) => {
      const merged = box.apply(boundedChange(change, now), now);
      box.trim(now, this.#limits.historyBytes);
      return merged;
    });
    this.#limitStore();
    await this.#store.commit();
    return changed;
  }

  find(userID: string, callID: string): Promise<HistoryEntry | undefined> {
    return Promise.resolve(this.#boxes.get(userID)?.find(callID));
  }

  async page(userID: string, after: number): Promise<HistoryPage> {
    const box = this.#boxes.get(userID);
    if (!box) return EMPTY_PAGE;
    this.#update(userID, () => box.trim(this.#now(), this.#limits.historyBytes));
    await this.#committed();
    return box.page(after);
  }

  changedAt(userID: string): Promise<number> {
    return Promise.resolve(this.#boxes.get(userID)?.changedAt ?? 0);
  }

  async expire(): Promise<void> {
    const now = this.#now();
    for (const [userID, box] of this.#boxes) {
      this.#update(userID, () => box.trim(now, this.#limits.historyBytes));
    }
    await this.#committed();
  }

  /** Adds an item that was stored before. */
  restore(userID: string, item: HistoryItem): void {
    this.#update(userID, (box) => box.restore(item));
  }

  #update<T>(userID: string, job: (box: HistoryBox) => T): T {
    let box = this.#boxes.get(userID);
    if (!box) {
      box = new HistoryBox((key, item) => this.#store.record(userID, key, item));
      this.#boxes.set(userID, box);
    }
    const before = box.bytes;
    try {
      return job(box);
    } finally {
      this.#bytes += box.bytes - before;
      if (box.isEmpty) this.#boxes.delete(userID);
    }
  }

  /** Removes the older half of the entries of the largest histories, if all together exceed the limit. */
  #limitStore(): void {
    const { historyStoreBytes } = this.#limits;
    if (this.#bytes <= historyStoreBytes) return;
    const largest = [...this.#boxes].sort(([, a], [, b]) => b.bytes - a.bytes);
    for (const [userID, box] of largest) {
      if (this.#bytes <= STORE_TARGET * historyStoreBytes) return;
      const target = box.bytes / 2;
      this.#update(userID, () => {
        while (box.bytes > target && box.evictOldest());
      });
    }
  }

  /** Waits for the changes so far, but not for a store that is unavailable. */
  async #committed(): Promise<void> {
    try {
      await this.#store.commit();
    } catch (error) {
      if (!(error instanceof UnavailableError)) throw error;
    }
  }
}
