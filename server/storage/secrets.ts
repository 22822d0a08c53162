import { randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import webPush from 'web-push';
import { damaged, DataError, explainOpenError, reasonOf } from './data-error.js';
import { syncFolder } from './sync-folder.js';

/** Private keys that must survive restarts: with other keys, all push subscriptions and tickets are invalid. */
export interface Secrets {
  /** VAPID keys (RFC 8292): a P-256 key pair, base64url. */
  readonly vapid: { readonly publicKey: string; readonly privateKey: string };
  /** Key that signs tickets: 32 bytes, base64url. */
  readonly ticketSecret: string;
}

export function newSecrets(): Secrets {
  return {
    vapid: webPush.generateVAPIDKeys(),
    ticketSecret: randomBytes(32).toString('base64url'),
  };
}

/**
 * Reads the secrets of a data folder, or creates them at the first start. Only the user of the server may read the file.
 * @param options.mayCreate whether the folder is new
 * @throws {DataError} if the file is missing, unreadable or damaged
 */
export async function openSecrets(
  folder: string,
  { mayCreate }: { readonly mayCreate: boolean },
): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    const why = reasonOf(error).replace(/\.$/, '');
    throw new DataError(`Cannot read the server's keys in ${file}: ${why}.`, { cause: error });
  });
  if (text !== undefined) return readSecrets(text, file);
  if (!mayCreate) throw damaged(folder, 'its file secrets.json is missing');
  const secrets = newSecrets();
  try {
    // Write a new file, then rename it: after a crash the file is complete or missing.
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
 * Parses secrets.
 * @param place where the text comes from, for the error message
 * @throws {DataError} if the text is invalid
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
    // Not JSON: handled like any other invalid content.
  }
  throw new DataError(`The server's keys in ${place} are damaged: restore them, or delete them.`);
}
