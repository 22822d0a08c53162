import type { Level } from 'level';

/** A key-value database in one folder. Values are plain JSON. */
export type Database = Level<string, unknown>;

/**
 * Keeps entries on disk. What is recorded while a write is under way goes out together with the next one: one fsync
 * for all of it, in one batch that is there as a whole or not at all.
 */
export class Journal {
  readonly #database: Pick<Database, 'batch'>;
  /** Not yet written; `undefined` deletes. */
  #dirty = new Map<string, unknown>();
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(database: Pick<Database, 'batch'>) {
    this.#database = database;
  }

  /** @param value as it is now, and not changed after this; `undefined` when there is none any more */
  record(key: string, value: unknown): void {
    this.#dirty.set(key, value);
  }

  /**
   * Resolves when everything recorded so far is on disk.
   * @throws the database's error; what could not be written is written with the next commit
   */
  commit(): Promise<void> {
    if (this.#dirty.size === 0) return this.#writing ?? Promise.resolve();
    return (this.#next ??= this.#writeNext());
  }

  async #writeNext(): Promise<void> {
    // Who waits for that one hears of its failure; its entries are dirty again, and written here.
    await this.#writing?.catch(() => {});
    this.#next = undefined;
    this.#writing = this.#write().finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(): Promise<void> {
    const entries = this.#dirty;
    this.#dirty = new Map();
    try {
      const batch = [...entries].map(([key, value]) =>
        value === undefined ? { type: 'del' as const, key } : { type: 'put' as const, key, value },
      );
      await this.#database.batch(batch, { sync: true });
    } catch (error) {
      this.#dirty = new Map([...entries, ...this.#dirty]);
      throw error;
    }
  }
}

/** A text as a part of a key: without `!`, which separates parts, and different for different texts. */
export const keyPart = (text: string): string =>
  // JSON spells lone surrogates out, which the encoding would refuse.
  encodeURIComponent(JSON.stringify(text).slice(1, -1)).replaceAll('!', '%21');

/** The values of all keys that start with a part, in the keys' order. */
export async function readAll(database: Database, part: string): Promise<unknown[]> {
  return database.values({ gte: `${part}!`, lt: `${part}"` }).all();
}
