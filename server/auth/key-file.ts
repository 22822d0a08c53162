import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '../observability/logger.js';

/** Minimum time between two checks whether the file has changed, in ms, unless a token names an unknown key. */
const RELOAD_INTERVAL_MS = 5_000;

interface KeyFileDependencies {
  readonly logger: Logger;
  /** Current time in ms since the epoch. */
  readonly now: () => number;
}

/**
 * Opens a file with a JSON Web Key Set (RFC 7517) that may be replaced while the server runs. The file is checked for
 * changes at most every 5 seconds, and whenever a token names an unknown key. It is read only if it has changed. While
 * it is damaged or missing, the keys read last stay valid, and a lookup of any other key rejects.
 * @throws the error of the file system or of the parser if the first read fails
 */
export async function openKeyFile(
  path: string,
  parts: KeyFileDependencies,
): Promise<JWTVerifyGetKey> {
  const file = new KeyFile(path, parts);
  await file.read();
  return (...token) => file.find(...token);
}

/** The reason of a failed read, without a full stop. Omits the message of the JSON parser, which quotes the file. */
export const keyFileError = (fault: unknown): string =>
  fault instanceof SyntaxError ? 'it is not JSON' : (fault as Error).message.replace(/\.$/, '');

class KeyFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  #keys: JWTVerifyGetKey = createLocalJWKSet({ keys: [] });
  /** Identifies the state of the file at the last check (inode, change time, size); '' if it was missing. */
  #version = '';
  #checkedAt = 0;
  #checking: Promise<void> | undefined;
  /** The error of the last check, if it failed. */
  #fault: Error | undefined;

  constructor(path: string, { logger, now }: KeyFileDependencies) {
    this.#path = path;
    this.#logger = logger;
    this.#now = now;
  }

  async find(...token: Parameters<JWTVerifyGetKey>): Promise<Awaited<ReturnType<JWTVerifyGetKey>>> {
    if (this.#now() - this.#checkedAt >= RELOAD_INTERVAL_MS) await this.#checkFile();
    try {
      return await this.#keys(...token);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    }
    await this.#checkFile();
    if (!this.#fault) return this.#keys(...token);
    throw new Error('Cannot read the file with the JWT keys.', { cause: this.#fault });
  }

  /** @returns whether the file has changed since the last read */
  async read(): Promise<boolean> {
    this.#checkedAt = this.#now();
    const before = this.#version;
    this.#version = '';
    const { ino, ctimeNs, size } = await stat(this.#path, { bigint: true });
    this.#version = [ino, ctimeNs, size].join(' ');
    if (this.#version === before) return false;
    this.#keys = createLocalJWKSet(JSON.parse(await readFile(this.#path, 'utf8')) as JSONWebKeySet);
    return true;
  }

  #checkFile(): Promise<void> {
    return (this.#checking ??= this.#readAgain().finally(() => (this.#checking = undefined)));
  }

  async #readAgain(): Promise<void> {
    try {
      if (!(await this.read())) return;
      this.#fault = undefined;
      this.#logger.info('reloaded the JWT keys', { file: this.#path });
    } catch (error) {
      const fault = error as Error;
      if (fault.message === this.#fault?.message) return;
      this.#fault = fault;
      const why = keyFileError(fault);
      this.#logger.warn('cannot read the file with the JWT keys', { file: this.#path, error: why });
    }
  }
}
