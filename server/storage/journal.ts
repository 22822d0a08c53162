import { nodeClock, type Clock } from '../clock/clock.js';
import { silentLogger, type Logger } from '../observability/logger.js';
import { UnavailableError } from './unavailable-error.js';
import { reasonOf } from './data-error.js';
import type { Database } from './database.js';

/** Pause before the database is reopened after a failure; doubled after each further one, up to the maximum. In ms. */
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;
/** Maximum number of changes that wait while the disk is not writable; beyond it the oldest are dropped. */
const MAX_UNWRITTEN = 100_000;

interface Options {
  readonly logger?: Logger;
  readonly clock?: Clock;
}

/**
 * Writes changes to the database in batches: changes recorded during a write go into the next batch, with one fsync. A batch
 * is written completely or not at all. After a failure, changes are queued until the database can be reopened, which is
 * retried with growing pauses.
 */
export class Journal {
  readonly #database: Pick<Database, 'write' | 'reopen'>;
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** Changes not yet written; `undefined` deletes. */
  #dirty = new Map<string, unknown>();
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  /** When writes started to fail, in ms since the epoch. */
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

  /** Whether the last write succeeded. Otherwise `commit` rejects. */
  get isWritable(): boolean {
    return this.#failingSince === undefined;
  }

  /** Number of changes that wait for the next write. */
  get unwritten(): number {
    return this.#dirty.size;
  }

  /** Records a change. @param value JSON value that must not be changed afterwards; `undefined` deletes the key */
  record(key: string, value: unknown): void {
    this.#dirty.set(key, value);
    if (this.isWritable || this.#dirty.size <= MAX_UNWRITTEN) return;
    for (const oldest of this.#dirty.keys()) {
      if (this.#dirty.size <= MAX_UNWRITTEN) break;
      this.#dirty.delete(oldest);
    }
  }

  /**
   * Resolves when all changes recorded so far are on disk.
   * @throws {UnavailableError} if they can't be written now; they are written when the disk is writable again
   */
  commit(): Promise<void> {
    if (!this.isWritable) return Promise.reject(unavailable());
    if (this.#dirty.size === 0) return this.#writing ?? Promise.resolve();
    return (this.#next ??= this.#writeNext());
  }

  /** Makes one last attempt to write the waiting changes. Never rejects. */
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
    // The `commit()` calls that wait for this batch reject. Its changes are in `#dirty` again.
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
    this.#logger.warn(
      'the data folder cannot be written: new invitations are rejected until it can',
      {
        error: reasonOf(error),
      },
    );
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
      this.#logger.debug('the data folder still cannot be written', { error: reasonOf(error) });
      this.#retryAfter(Math.min(2 * pauseMs, MAX_RETRY_MS));
      return;
    }
    const seconds = Math.round((this.#clock.now() - (this.#failingSince ?? 0)) / 1_000);
    this.#failingSince = undefined;
    this.#logger.warn('the data folder is writable again', { seconds, changes });
    // Write what was recorded meanwhile. `#fail` handles a failure.
    this.commit().catch(() => {});
  }
}

const unavailable = (cause?: unknown): UnavailableError =>
  new UnavailableError('The data folder cannot be written.', { cause });

/** Encodes a text as a part of a key: injective, and without `!`, the separator. */
export const keyPart = (text: string): string =>
  // JSON escapes lone surrogates, which encodeURIComponent would reject.
  encodeURIComponent(JSON.stringify(text).slice(1, -1)).replaceAll('!', '%21');
