import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Level } from 'level';
import type { Database } from './journal.js';

/** Of what is written. A server leaves a folder alone that says another one. */
const FORMAT = 1;

/** A data folder can not be used. The message is a sentence for whoever starts the server. */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/**
 * Opens the database of a data folder, which is made when it is missing.
 * @throws {DataError} when it can't: not writable, in use by another server, damaged, or of a later version
 */
export async function openDatabase(folder: string): Promise<Database> {
  const database = new Level<string, unknown>(join(folder, 'database'), { valueEncoding: 'json' });
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await database.open();
    await checkFormat(database, folder);
    return database;
  } catch (error) {
    await database.close().catch(() => {});
    throw error instanceof DataError
      ? error
      : new DataError(explain(error, folder), { cause: error });
  }
}

async function checkFormat(database: Database, folder: string): Promise<void> {
  const [format] = await database.getMany(['format']);
  if (format === undefined) await database.put('format', FORMAT);
  else if (format !== FORMAT) {
    throw new DataError(`The data folder ${folder} was written by another version of this server.`);
  }
}

function explain(error: unknown, folder: string): string {
  const { code, message, cause } = error as NodeJS.ErrnoException & {
    cause?: NodeJS.ErrnoException;
  };
  if (cause?.code === 'LEVEL_LOCKED') {
    return `The data folder ${folder} is in use by another server.`;
  }
  if (cause?.code === 'LEVEL_CORRUPTION') {
    return `The data folder ${folder} is damaged: restore it, or start with another one.`;
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `The data folder ${folder} is not writable for this user.`;
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') return `${folder} is no folder.`;
  return `The data folder ${folder} can not be opened: ${cause?.message ?? message}`;
}
