import { open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolder } from './sync-folder.js';

/** Digits of the number: the file never grows, so that it can be written also when the disk is full. */
const DIGITS = 16;

/**
 * A file that says how many batches are on disk at least. It is written after each batch, in place and without `fsync`:
 * after a power failure it may be behind, and it is never ahead. By it a server notices that the newest batches are
 * lost, which the database itself can't tell from batches that were never written.
 */
export class SequenceFile {
  readonly #file: FileHandle;

  /** @param file open for reading and writing */
  constructor(file: FileHandle) {
    this.#file = file;
  }

  /**
   * The number that the file holds.
   * @returns nothing when there is no such file; `NaN` when it holds something else
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

  /** Makes the file, and resolves when it is on disk. */
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

  /** Opens a file that exists. */
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
