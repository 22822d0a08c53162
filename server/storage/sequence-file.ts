import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.js';

/** Number of digits. The size of the file is constant, so it can be written even if the disk is full. */
const DIGITS = 16;

/**
 * A file with the number of batches that are on disk at least. It is overwritten after each batch, without fsync: after a
 * power failure it may be too low, but is never too high. It reveals the loss of the newest batches, which the database
 * itself can't distinguish from batches that were never written.
 */
export class SequenceFile {
  readonly #file: FileHandle;

  /** @param file open for reading and writing */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * Reads the number.
   * @returns undefined if the file does not exist; `NaN` if its content is invalid
   */
  static async read(path: string): Promise<number | undefined> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
      throw error;
    });
    if (text === undefined) return undefined;
    return new RegExp(`^\\d{${DIGITS}}\\n$`).test(text) ? Number(text) : NaN;
  }

  /** Creates the file. Resolves when it is on disk. */
  static async create(path: string): Promise<SequenceFile> {
    const created = new SequenceFile(await open(path, 'w', 0o600));
    try {
      await created.write(0);
      await created.#file.sync();
      await syncFolder(dirname(path));
      return created;
    } catch (error) {
      await created.close();
      throw error;
    }
  }

  /** Opens an existing file. */
  static async open(path: string): Promise<SequenceFile> {
    return new SequenceFile(await open(path, 'r+'));
  }

  async write(sequence: number): Promise<void> {
    await this.#file.write(`${String(sequence).padStart(DIGITS, '0')}\n`, 0);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}
