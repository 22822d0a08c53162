import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import webPush from 'web-push';
import { damaged, DataError, explainOpenError, reasonOf } from './data-error.js';
import { syncFolder } from './sync-folder.js';

/** What a server must keep to itself, and keep: with other keys, every subscription and every ticket is void. */
export interface Secrets {
  /** Of VAPID (RFC 8292): a P-256 key pair, base64url. */
  readonly vapid: { readonly publicKey: string; readonly privateKey: string };
  /** Signs tickets: 32 bytes, base64url. */
  readonly ticketSecret: string;
}

export function newSecrets(): Secrets {
  return {
    vapid: webPush.generateVAPIDKeys(),
    ticketSecret: randomBytes(32).toString('base64url'),
  };
}

/**
 * The secrets of a data folder, made at the first start. Only the server's own user may read the file.
 * @param options.mayCreate whether the folder is new, so that there can't have been any
 * @throws {DataError} when the file is missing, can't be read, or holds something else
 */
export async function openSecrets(
  folder: string,
  { mayCreate }: { readonly mayCreate: boolean },
): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = reasonOf(error).replace(/\.$/, '');
    throw new DataError(`The server's keys in ${file} can not be read: ${why}.`, { cause: error });
  });
  if (text !== undefined) return readSecrets(text, file);
  if (!mayCreate) throw damaged(folder, 'its file secrets.json is missing');
  const secrets = newSecrets();
  try {
    // Written beside and renamed: a crash leaves the whole file, or none.
    const draft = await open(`${file}.new`, 'w', 0o600);
    await draft.writeFile(`${JSON.stringify(secrets, null, 2)}\n`);
    await draft.sync();
    await draft.close();
    await rename(`${file}.new`, file);
    await syncFolder(folder);
  } catch (error) {
    throw explainOpenError(error, folder);
  }
  return secrets;
}

/**
 * @param place where the text comes from
 * @throws {DataError} when it holds something else
 */
export function readSecrets(text: string, place: string): Secrets {
  try {
    const { vapid, ticketSecret } = JSON.parse(text) as Partial<Secrets>;
    const { publicKey, privateKey } = vapid ?? {};
    const sizes = [publicKey, privateKey, ticketSecret].map((part) =>
      typeof part === 'string' ? Buffer.from(part, 'base64url').length : 0,
    );
    if (vapid && ticketSecret !== undefined && String(sizes) === '65,32,32') {
      return { vapid, ticketSecret };
    }
  } catch {
    // No JSON: the same as any other content.
  }
  throw new DataError(`The server's keys in ${place} are damaged: restore them, or delete them.`);
}
