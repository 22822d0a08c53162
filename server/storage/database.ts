import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import { Contents, type Change, type Summary } from './contents.js';
import { damaged, DataError, explainOpenError } from './data-error.js';
import { SequenceFile } from './sequence-file.js';

/** Of what is written. A server leaves a folder alone that says another one. */
const FORMAT = 2;
/** Keys beside the records. */
const FORMAT_KEY = 'format';
const SUMMARY_KEY = 'summary';
/** Files of LevelDB that hold records. */
const HOLDS_RECORDS = /\.(log|ldb|sst)$/;

/**
 * The records of a data folder: keys with values of plain JSON. LevelDB drops what it finds damaged in its log, does not
 * verify the checksums of its tables, and starts an empty database when its file `CURRENT` is missing; so each batch
 * carries a summary of all records, which is compared when the folder is opened.
 */
export class Database {
  readonly #folder: string;
  #opened: Level | undefined;
  #sequenceFile: SequenceFile | undefined;
  readonly #contents = new Contents();
  /** A batch of which it is not known whether it was written. */
  #unsure: ReturnType<Contents['prepare']> | undefined;

  /** Not open yet: use {@link openDatabase}. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get #level(): Level {
    if (!this.#opened) throw new Error('The database is not open.');
    return this.#opened;
  }

  /** Nothing was ever written to it. */
  get isNew(): boolean {
    return this.#contents.summary.sequence === 0;
  }

  /** The values of all keys that start with a part, in the keys' order. */
  async readAll(part: string): Promise<unknown[]> {
    const values = await this.#level.values({ gte: `${part}!`, lt: `${part}"` }).all();
    return values.map((value) => JSON.parse(value) as unknown);
  }

  /**
   * Writes changes in one batch, which is on disk as a whole or not at all. After a failure, call `reopen` first: LevelDB
   * would write behind a record that is broken off, and lose what follows it.
   * @param changes by key; `undefined` deletes
   */
  async write(changes: ReadonlyMap<string, unknown>): Promise<void> {
    const batch = [...changes].map(([key, value]): Change => {
      return value === undefined
        ? { type: 'del', key }
        : { type: 'put', key, value: JSON.stringify(value) };
    });
    const prepared = this.#contents.prepare(batch);
    this.#unsure = prepared;
    await this.#writeBatch(batch, prepared.summary);
    this.#adopt(prepared);
    await this.#sequenceFile?.write(prepared.summary.sequence);
  }

  /**
   * Opens the folder anew after a failed write.
   * @throws also when it is not the database that this server has written
   */
  async reopen(): Promise<void> {
    await this.close().catch(() => {
      // What could not be written is written again.
    });
    this.#opened = this.#newLevel();
    await this.#level.open({ createIfMissing: false });
    const { sequence } = (await this.#readSummary()) ?? {};
    if (this.#unsure && sequence === this.#unsure.summary.sequence) this.#adopt(this.#unsure);
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

  /** @throws {DataError} when it is in use, of another version, or not what was written */
  async open(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const counted = await SequenceFile.read(this.#sequencePath);
    const files = await readdir(join(this.#folder, 'database')).catch((): string[] => []);
    const exists = files.includes('CURRENT');
    // LevelDB would start anew, and delete what it does not know.
    if (!exists && files.some((name) => HOLDS_RECORDS.test(name))) {
      throw this.#damaged('the file CURRENT of its database is missing');
    }
    if (!exists && counted !== undefined) throw this.#damaged('its database is missing');
    // Made only now: LevelDB opens by itself a moment after it is made, and would create what is missing.
    this.#opened = this.#newLevel();
    await this.#level.open({ createIfMissing: !exists });
    for await (const [key, value] of this.#level.iterator()) {
      if (key !== FORMAT_KEY && key !== SUMMARY_KEY) this.#contents.add(key, value);
    }
    await this.#verify(counted);
  }

  /** @param counted what the sequence file says */
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
      // Damaged: as if there were none.
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
    this.#unsure = undefined;
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
 * Opens the database of a data folder, which is made when it is missing.
 * @throws {DataError} when it can't: not writable, full, in use by another server, damaged, or of another version
 */
export async function openDatabase(folder: string): Promise<Database> {
  const database = new Database(folder);
  try {
    await database.open();
    return database;
  } catch (error) {
    await database.close().catch(() => {
      // The first error tells more.
    });
    throw explainOpenError(error, folder);
  }
}
