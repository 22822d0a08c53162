import { readFile, stat } from 'node:fs/promises';
import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';
import type { Logger } from '../observability/logger.js';

/** A file whose keys are in use is looked at so often, in ms. */
const RELOAD_INTERVAL_MS = 5_000;

interface KeyFileDependencies {
  readonly logger: Logger;
  /** In ms since the epoch. */
  readonly now: () => number;
}

/**
 * The public keys in a file (RFC 7517), which may be exchanged while they are in use. Whether the file has changed is
 * looked at every five seconds at most, and when a token names a key that is not known; it is read only when it has.
 * While it is damaged or missing, the keys read last are good, and of others nobody can tell (rejects).
 * @throws the file system's or the parser's error when there are no keys at the start
 */
export async function openKeyFile(
  path: string,
  parts: KeyFileDependencies,
): Promise<JWTVerifyGetKey> {
  const file = new KeyFile(path, parts);
  await file.read();
  return (...token) => file.find(...token);
}

/** Without a full stop. What a parser says is left out: it quotes the file. */
export const whyNoKeys = (fault: unknown): string =>
  fault instanceof SyntaxError ? 'it is not JSON' : (fault as Error).message.replace(/\.$/, '');

class KeyFile {
  readonly #path: string;
  readonly #logger: Logger;
  readonly #now: () => number;
  #keys: JWTVerifyGetKey = createLocalJWKSet({ keys: [] });
  /** Which state of the file was looked at last, whether it was good or not. */
  #version = '';
  #checkedAt = 0;
  #checking: Promise<void> | undefined;
  /** What is wrong with the file as it was looked at last. */
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
    throw new Error('The keys of the tokens can not be read.', { cause: this.#fault });
  }

  /** @returns whether there was something new */
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
      this.#logger.info('the keys of the tokens were read again', { file: this.#path });
    } catch (error) {
      const fault = error as Error;
      if (fault.message === this.#fault?.message) return;
      this.#fault = fault;
      const why = whyNoKeys(fault);
      this.#logger.warn('the keys of the tokens can not be read', { file: this.#path, error: why });
    }
  }
}
