import type {
  HistoryChange,
  HistoryDeletion,
  HistoryEntry,
  HistoryPage,
} from '../../src/core/protocol/history.js';
import {
  boundedChange,
  isExpired,
  mergeEntries,
  normalEntry,
} from '../../src/core/protocol/history-merge.js';
import { DEFAULT_LIMITS } from '../limits/limits.js';
import { keyPart } from '../storage/journal.js';
import { idOf, type RedisStore, type Script } from '../storage/redis-store.js';
import { UnavailableError } from '../storage/unavailable-error.js';
import type { History, HistoryLimits } from './history.js';
import * as scripts from './redis-history-scripts.js';

/** How often an entry is merged again because another node has changed it meanwhile. */
const MAX_CONFLICTS = 20;

/** Histories in Redis that several nodes share. Methods reject with `UnavailableError` while Redis is unreachable. */
export class RedisHistory implements History {
  readonly #store: RedisStore;
  readonly #now: () => number;
  readonly #limits: readonly number[];

  constructor(
    store: RedisStore,
    now: () => number = Date.now,
    { historyBytes, historyStoreBytes }: HistoryLimits = DEFAULT_LIMITS,
  ) {
    this.#store = store;
    this.#now = now;
    this.#limits = [historyBytes, historyStoreBytes];
  }

  async apply(userID: string, change: HistoryChange): Promise<HistoryChange> {
    const { entries, deleted, deletedUntil } = boundedChange(change, this.#now());
    const removed: HistoryDeletion[] = [];
    for (const deletion of deleted) {
      if (await this.#delete(userID, deletion)) removed.push(deletion);
    }
    const isUntilNew =
      deletedUntil !== undefined && (await this.#deleteUntil(userID, deletedUntil));
    const merged: HistoryEntry[] = [];
    for (const entry of entries) {
      const stored = await this.#merge(userID, entry);
      if (stored) merged.push(stored);
    }
    return { entries: merged, deleted: removed, ...(isUntilNew && { deletedUntil }) };
  }

  async find(userID: string, callID: string): Promise<HistoryEntry | undefined> {
    const text = await this.#read(userID, callID);
    return text === '' ? undefined : (JSON.parse(text) as HistoryEntry);
  }

  async page(userID: string, after: number): Promise<HistoryPage> {
    const [changed, more, items] = (await this.#run(scripts.PAGE, userID, after)) as [
      string,
      number,
      [string, string][],
    ];
    const until = items.find(([key]) => key === 'u');
    return {
      entries: items.flatMap(([key, value]) =>
        key.startsWith('e') ? [JSON.parse(value) as HistoryEntry] : [],
      ),
      deleted: items.flatMap(([key, value]) =>
        key.startsWith('d') ? [{ callID: idOf(key.slice(1)), at: Number(value) }] : [],
      ),
      ...(until && { deletedUntil: Number(until[1]) }),
      changed: Number(changed),
      more: more === 1,
    };
  }

  async changedAt(userID: string): Promise<number> {
    const key = this.#store.key('history', userID);
    return Number((await this.#store.execute((redis) => redis.hget(key, 'n'))) ?? 0);
  }

  async expire(): Promise<void> {
    await this.#run(scripts.EXPIRE, '');
  }

  async #merge(userID: string, given: HistoryEntry): Promise<HistoryEntry | undefined> {
    let stored = await this.#read(userID, given.callID);
    for (let attempt = 0; attempt < MAX_CONFLICTS; attempt++) {
      const entry =
        stored === ''
          ? normalEntry(given)
          : mergeEntries(JSON.parse(stored) as HistoryEntry, given);
      const text = JSON.stringify(entry);
      if (text === stored || isExpired(entry.at, this.#now())) return undefined;
      const what = [keyPart(given.callID), stored, text, entry.at, entry.restoredAt ?? -1];
      const [result, current = ''] = (await this.#run(scripts.STORE, userID, ...what)) as string[];
      if (result === 'stored') return entry;
      if (result === 'deleted') return undefined;
      stored = current;
    }
    throw new UnavailableError('The entry is being changed by too many nodes.');
  }

  async #delete(userID: string, { callID, at }: HistoryDeletion): Promise<boolean> {
    if (isExpired(at, this.#now())) return false;
    const restoredAt = (await this.find(userID, callID))?.restoredAt ?? -1;
    return (await this.#run(scripts.DELETE, userID, keyPart(callID), at, restoredAt)) === 1;
  }

  async #deleteUntil(userID: string, at: number): Promise<boolean> {
    const key = this.#store.key('history', userID);
    const stored = await this.#store.execute((redis) => redis.hgetall(key));
    const restored = Object.entries(stored).flatMap(([field, value]) => {
      if (!field.startsWith('e')) return [];
      return ((JSON.parse(value) as HistoryEntry).restoredAt ?? -1) > at ? [field.slice(1)] : [];
    });
    return (await this.#run(scripts.DELETE_UNTIL, userID, at, ...restored)) === 1;
  }

  /** The stored JSON of an entry; '' if there is none. */
  async #read(userID: string, callID: string): Promise<string> {
    const key = this.#store.key('history', userID);
    return (await this.#store.execute((redis) => redis.hget(key, `e${keyPart(callID)}`))) ?? '';
  }

  #run(script: Script, userID: string, ...args: readonly (string | number)[]): Promise<unknown> {
    return this.#store.run(script, keyPart(userID), this.#now(), ...this.#limits, ...args);
  }
}
