import type { Secrets } from '../storage/secrets.js';

/** The identification of the server to push services (VAPID, RFC 8292). */
export interface Vapid {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Contact address for the operators of push services: `mailto:` or `https:`. */
  readonly subject: string;
}

/** A placeholder in a reserved domain (RFC 2606). Push services accept it, but can't contact anybody. */
const DEFAULT_SUBJECT = 'mailto:nobody@example.com';

export interface VapidOptions {
  /** Contact address for the operators of push services: `mailto:` or `https:`. Default: a placeholder. */
  readonly subject?: string;
  /** A P-256 key pair, both base64url. Default: the server generates one, and stores it in the data folder or in Redis. */
  readonly publicKey?: string;
  readonly privateKey?: string;
}

/** @throws {TypeError} with a sentence that explains what is invalid */
export function readVapid(
  { subject = DEFAULT_SUBJECT, publicKey, privateKey }: VapidOptions,
  own: Secrets['vapid'],
): Vapid {
  if (!/^mailto:[^\s@<>]+@[^\s@<>]+$/.test(subject) && !isHttps(subject)) {
    throw new TypeError(`The VAPID subject must be a mailto: or https: URL, not "${subject}".`);
  }
  if (publicKey === undefined && privateKey === undefined) return { ...own, subject };
  const sizes = [publicKey, privateKey].map((key) => Buffer.from(key ?? '', 'base64url').length);
  if (publicKey === undefined || privateKey === undefined || String(sizes) !== '65,32') {
    throw new TypeError('The VAPID keys must be a public key and its private key, as base64url.');
  }
  return { publicKey, privateKey, subject };
}

const isHttps = (text: string): boolean =>
  URL.canParse(text) && new URL(text).protocol === 'https:';
