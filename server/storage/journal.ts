import { nodeClock, type Clock } from '../clock/clock.js';
import { silentLogger, type Logger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';
import { reasonOf } from './data-error.js';
import type { Database } from './database.js';

/** How long after a failure the database is opened again; twice as long after each further one, up to the second. */
const RETRY_MS = 1_000;
const MOST_RETRY_MS = 10_000;
/** Changes that wait while nothing can be written; beyond that the oldest are given up. */
const MAX_UNWRITTEN = 100_000;

interface Options {
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/**
 * Keeps entries on disk. What is recorded while a write is under way goes out together with the next one: one fsync
 * for all of it, in one batch that is there as a whole or not at all. After a failed write nothing more is written until
 * the database could be opened again, which is tried with growing pauses; changes wait until then.
 */
export class Journal {
  readonly #database: Pick<Database, 'write' | 'reopen'>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Not yet written; `undefined` deletes. */
  #dirty = new Map<string, unknown>();
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** Since when nothing can be written, in ms since the epoch. */
  #failingSince: number | undefined;
  #stopTimer: (() => void) | undefined;
  #retrying: Promise<void> | undefined;
  #closed = false;

  constructor(
    database: Pick<Database, 'write' | 'reopen'>,
    { logger = silentLogger, clock = nodeClock }: Options = {},
  ) {
    this.#database = database;
    this.#logger = logger;
    this.#clock = clock;
  }

  /** Whether the last write succeeded. While it did not, `commit` rejects. */
  get isWritable(): boolean {
    return this.#failingSince === undefined;
  }

  /** How many changes wait for the next write. */
  get unwritten(): number {
    return this.#dirty.size;
  }

  /** @param value as it is now, and not changed after this; `undefined` when there is none any more */
  record(key: string, value: unknown): void {
    this.#dirty.set(key, value);
    if (this.isWritable || this.#dirty.size <= MAX_UNWRITTEN) return;
    for (const oldest of this.#dirty.keys()) {
      if (this.#dirty.size <= MAX_UNWRITTEN) break;
      this.#dirty.delete(oldest);
    }
  }

  /**
   * Resolves when everything recorded so far is on disk.
   * @throws {UnavailableError} when it can't be written; it is when the database can be written again
   */
  commit(): Promise<void> {
    if (!this.isWritable) return Promise.reject(unavailable());
    if (this.#dirty.size === 0) return this.#writing ?? Promise.resolve();
    return (this.#next ??= this.#writeNext());
  }

  /** Writes what waits, in one last attempt, and tries no more after this. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#stopTimer?.();
    await this.#retrying;
    try {
      if (this.isWritable) await this.commit();
      else {
        await this.#database.reopen();
        await this.#write();
      }
    } catch (error) {
      const details = { changes: this.#dirty.size, error: reasonOf(error) };
      this.#logger.warn('the latest changes could not be written to the data folder', details);
    }
  }

  async #writeNext(): Promise<void> {
    // Whoever waits for that one is told of its failure; its entries are dirty again.
    await this.#writing?.catch(() => {});
    this.#next = undefined;
    if (!this.isWritable) throw unavailable();
    this.#writing = this.#write()
      .catch((error: unknown) => {
        this.#fail(error);
        throw unavailable(error);
      })
      .finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #write(): Promise<void> {
    const changes = this.#dirty;
    this.#dirty = new Map();
    try {
      await this.#database.write(changes);
    } catch (error) {
      this.#dirty = new Map([...changes, ...this.#dirty]);
      throw error;
    }
  }

  #fail(error: unknown): void {
    this.#failingSince = this.#clock.now();
    this.#logger.warn('the data folder can not be written: until it can, nothing new is kept', {
      error: reasonOf(error),
    });
    this.#retryAfter(RETRY_MS);
  }

  #retryAfter(ms: number): void {
    if (this.#closed) return;
    this.#stopTimer = this.#clock.after(ms, () => {
      this.#retrying = this.#retry(ms).finally(() => (this.#retrying = undefined));
    });
  }

  /** Never rejects. */
  async #retry(pauseMs: number): Promise<void> {
    const changes = this.#dirty.size;
    try {
      await this.#database.reopen();
      await this.#write();
    } catch (error) {
      this.#logger.debug('the data folder still can not be written', { error: reasonOf(error) });
      this.#retryAfter(Math.min(2 * pauseMs, MOST_RETRY_MS));
      return;
    }
    const seconds = Math.round((this.#clock.now() - (this.#failingSince ?? 0)) / 1_000);
    this.#failingSince = undefined;
    this.#logger.warn('the data folder can be written again', { seconds, changes });
    // What was recorded during that write; a failure of it is dealt with.
    this.commit().catch(() => {});
  }
}

const unavailable = (cause?: unknown): UnavailableError =>
  new UnavailableError('The data folder can not be written.', { cause });

/** A text as a part of a key: without `!`, which separates parts, and different for different texts. */
export const keyPart = (text: string): string =>
  // JSON spells lone surrogates out, which the encoding would refuse.
  encodeURIComponent(JSON.stringify(text).slice(1, -1)).replaceAll('!', '%21');
