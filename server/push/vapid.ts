import type { Secrets } from '../storage/secrets.js';

/** The server's name at push services (VAPID, RFC 8292). */
export interface Vapid {
  readonly publicKey: string;
  readonly privateKey: string;
  /** Whom they write to when something is wrong: `mailto:` or `https:`. */
  readonly subject: string;
}

/** Nobody's address, of a domain that is reserved (RFC 2606): push services take it, and reach nobody by it. */
const DEFAULT_SUBJECT = 'mailto:nobody@example.com';

export interface VapidOptions {
  /** Whom push services write to when something is wrong: `mailto:` or `https:`. */
  readonly subject?: string;
  /** A P-256 key pair, both base64url; without one the server makes its own, and keeps it in the data folder. */
  readonly publicKey?: string;
  readonly privateKey?: string;
}

/** @throws {TypeError} a sentence that says what is wrong */
export function readVapid(
  { subject = DEFAULT_SUBJECT, publicKey, privateKey }: VapidOptions,
  own: Secrets['vapid'],
): Vapid {
  if (!/^mailto:[^\s@<>]+@[^\s@<>]+$/.test(subject) && !isHttps(subject)) {
    throw new TypeError(`The VAPID subject must be a mailto: or https: address, not "${subject}".`);
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
