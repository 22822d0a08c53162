import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { Contents, type Change, type Summary } from './contents.js';
import { damaged, DataError, explainOpenError } from './data-error.js';
import { SequenceFile } from './sequence-file.js';

/** Version of the format. A server rejects a folder with another version. */
const FORMAT = 2;
/** Keys of other values than records. */
const FORMAT_KEY = 'format';
const SUMMARY_KEY = 'summary';
/** Files of LevelDB that contain records. */
const HOLDS_RECORDS = /\.(log|ldb|sst)$/;

/**
 * The records of a data folder: keys with JSON values. LevelDB itself drops damaged parts of its log, does not verify the
 * checksums of its tables, and starts with an empty database if its file `CURRENT` is missing. Therefore each batch contains
 * a summary of all records, which is verified when the folder is opened.
 */
export class Database {
  readonly #folder: string;
  #opened: Level | undefined;
  #sequenceFile: SequenceFile | undefined;
  readonly #contents = new Contents();
  /** A failed batch that may nevertheless have been written. */
  #uncertain: ReturnType<Contents['prepare']> | undefined;

  /** The new object is not open yet; use {@link openDatabase}. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #level(): Level {
    if (!this.#opened) throw new Error('The database is not open.');
    return this.#opened;
  }

  /** Whether nothing was ever written to it. */
  get isNew(): boolean {
    return this.#contents.summary.sequence === 0;
  }

  /** The values of all keys that start with `<part>!`, in the order of keys. */
  async readAll(part: string): Promise<unknown[]> {
    const values = await this.#level.values({ gte: `${part}!`, lt: `${part}"` }).all();
    return values.map((value) => JSON.parse(value) as unknown);
  }

  /**
   * Writes changes in one batch, atomically and with fsync. After a failure, call `reopen` before the next write: otherwise
   * LevelDB would append to an incomplete log record, and lose what follows it.
   * @param changes by key; `undefined` deletes the key
   */
  async write(changes: ReadonlyMap<string, unknown>): Promise<void> {
    const batch = [...changes].map(([key, value]): Change => {
      return value === undefined
        ? { type: 'del', key }
        : { type: 'put', key, value: JSON.stringify(value) };
    });
    const prepared = this.#contents.prepare(batch);
    this.#uncertain = prepared;
    await this.#writeBatch(batch, prepared.summary);
    this.#adopt(prepared);
    await this.#sequenceFile?.write(prepared.summary.sequence);
  }

  /**
   * Reopens the database after a failed write.
   * @throws also if it is not the database that this server has written
   */
  async reopen(): Promise<void> {
    await this.close().catch(() => {
      // The journal repeats the failed writes.
    });
    this.#opened = this.#newLevel();
    await this.#level.open({ createIfMissing: false });
    const { sequence } = (await this.#readSummary()) ?? {};
    if (this.#uncertain && sequence === this.#uncertain.summary.sequence)
      this.#adopt(this.#uncertain);
    if (sequence !== this.#contents.summary.sequence) {
      throw damaged(this.#folder, 'its database is not the one that this server has written');
    }
    this.#sequenceFile = await SequenceFile.open(this.#sequencePath);
  }

  async close(): Promise<void> {
    const sequenceFile = this.#sequenceFile;
    this.#sequenceFile = undefined;
    await Promise.all([this.#opened?.close(), sequenceFile?.close()]);
  }

  /** @throws {DataError} if it is in use, of another version, or damaged */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const counted = await SequenceFile.read(this.#sequencePath);
    const files = await readdir(join(this.#folder, 'database')).catch((): string[] => []);
    const exists = files.includes('CURRENT');
    // LevelDB would create a new database, and delete the files that it does not know.
    if (!exists && files.some((name) => HOLDS_RECORDS.test(name))) {
      throw this.#damaged('the file CURRENT of its database is missing');
    }
    if (!exists && counted !== undefined) throw this.#damaged('its database is missing');
    // Created only now, because `Level` opens itself in the next tick, and would create what is missing.
    this.#opened = this.#newLevel();
    await this.#level.open({ createIfMissing: !exists });
    for await (const [key, value] of this.#level.iterator()) {
      if (key !== FORMAT_KEY && key !== SUMMARY_KEY) this.#contents.add(key, value);
    }
    await this.#verify(counted);
  }

  /** @param counted content of the sequence file */
  async #verify(counted: number | undefined): Promise<void> {
    const { records, checksum } = this.#contents.summary;
    const [format] = await this.#level.getMany([FORMAT_KEY]);
    if (format === undefined) {
      if (records > 0 || counted !== undefined) throw this.#damaged('its database is incomplete');
      await this.#writeBatch([{ type: 'put', key: FORMAT_KEY, value: String(FORMAT) }]);
      this.#sequenceFile = await SequenceFile.create(this.#sequencePath);
      return;
    }
    if (Number(format) < FORMAT) {
      throw new DataError(
        `The data folder ${this.#folder} was written by an earlier version of this server: delete the folder database in it to start without its missed calls and push subscriptions, or use that version.`,
      );
    }
    if (format !== String(FORMAT)) {
      throw new DataError(
        `The data folder ${this.#folder} was written by another version of this server: use that version, or start with another folder.`,
      );
    }
    const summary = await this.#readSummary();
    if (!summary) throw this.#damaged('its database is incomplete');
    const missing = summary.records - records;
    if (missing > 0) {
      const verb = missing === 1 ? 'is' : 'are';
      throw this.#damaged(`${missing} of ${summary.records} records ${verb} missing`);
    }
    if (missing < 0 || summary.checksum !== checksum) {
      throw this.#damaged('its records are not those that were written');
    }
    const lost = (counted ?? 0) - summary.sequence;
    if (lost === 1) throw this.#damaged('its last change is missing');
    if (lost > 0) throw this.#damaged(`its last ${lost} changes are missing`);
    if (Number.isNaN(lost)) throw this.#damaged('its file sequence is damaged');
    if (counted === undefined && summary.sequence > 0) {
      throw this.#damaged('its file sequence is missing');
    }
    this.#contents.resume(summary.sequence);
    this.#sequenceFile =
      counted === undefined
        ? await SequenceFile.create(this.#sequencePath)
        : await SequenceFile.open(this.#sequencePath);
  }

  async #readSummary(): Promise<Summary | undefined> {
    const [text = 'null'] = await this.#level.getMany([SUMMARY_KEY]);
    try {
      return (JSON.parse(text) as Summary | null) ?? undefined;
    } catch {
      // Damaged: handle it like a missing summary.
      return undefined;
    }
  }

  async #writeBatch(
    batch: readonly Change[],
    summary: Summary = this.#contents.summary,
  ): Promise<void> {
    const value = JSON.stringify(summary);
    await this.#level.batch([...batch, { type: 'put', key: SUMMARY_KEY, value }], { sync: true });
  }

  #adopt({ apply }: ReturnType<Contents['prepare']>): void {
    apply();
    this.#uncertain = undefined;
  }

  get #sequencePath(): string {
    return join(this.#folder, 'sequence');
  }

  #newLevel(): Level {
    return new Level(join(this.#folder, 'database'));
  }

  #damaged(what: string): DataError {
    return damaged(this.#folder, what);
  }
}

/**
 * Opens the database of a data folder, which is created if it is missing.
 * @throws {DataError} if the folder is not writable, full, in use by another server, damaged, or of another version
 */
export async function openDatabase(folder: string): Promise<Database> {
  const database = new Database(folder);
  try {
    await database.open();
    return database;
  } catch (error) {
    await database.close().catch(() => {
      // The error that is thrown below is the cause; this one follows from it.
    });
    throw explainOpenError(error, folder);
  }
}
