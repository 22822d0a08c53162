/** An error of LevelDB, which is an error of `level` or its cause. */
interface Fault {
  readonly code?: string;
  readonly message?: string;
}

/**
 * The data folder or Redis can't be used. The message is one sentence for the administrator.
 *
 * @example
 * ```ts
 * import { authenticateDemo, createCallServer, DataError } from 'ringkit-server';
 *
 * try {
 *   await createCallServer({ authenticate: authenticateDemo, dataDir: '/var/lib/ringkit' });
 * } catch (error) {
 *   if (!(error instanceof DataError)) throw error;
 *   console.error(error.message);
 *   process.exitCode = 1;
 * }
 * ```
 */
export class DataError extends Error {
  override readonly name = 'DataError';
}

/** @param what describes the damage, as a clause */
export function damaged(folder: string, what: string, cause?: unknown): DataError {
  return new DataError(
    `The data folder ${folder} is damaged (${what}): restore it from a backup, or move it away and start with an empty one.`,
    { cause },
  );
}

/** Messages of the operating system about a file of LevelDB that is missing, truncated, or on a faulty disk. */
const BROKEN_FILE = /No such file|Invalid argument|Input\/output error/i;

/** The message of the operating system or of LevelDB, which `level` wraps as the cause of its own error. */
export function reasonOf(error: unknown): string {
  const { cause, message = '' } = error as { cause?: Fault } & Fault;
  return cause?.message ?? message;
}

/** Converts an error of opening the data folder to a sentence that names the root cause. */
export function explainOpenError(error: unknown, folder: string): DataError {
  if (error instanceof DataError) return error;
  const { code, cause } = error as { cause?: Fault } & Fault;
  const reason = reasonOf(error);
  const codes = [code, cause?.code];
  const because = (sentence: string) => new DataError(sentence, { cause: error });
  if (codes.includes('LEVEL_LOCKED')) {
    return because(`The data folder ${folder} is in use by another server.`);
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || /No space left|quota exceeded/i.test(reason)) {
    return because(`There is no space left on the disk of the data folder ${folder}.`);
  }
  if (
    ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '') ||
    /Permission denied|Read-only file system|not permitted/i.test(reason)
  ) {
    return because(`The data folder ${folder} is not writable for this user.`);
  }
  if (code === 'EEXIST' || code === 'ENOTDIR') return because(`${folder} is not a folder.`);
  if (codes.includes('LEVEL_CORRUPTION') || BROKEN_FILE.test(reason)) {
    return damaged(folder, reason.replace(/\.$/, ''), error);
  }
  return because(`The data folder ${folder} cannot be opened: ${reason.replace(/\.$/, '')}.`);
}
