import type { VerificationCrypto } from './exchange.js';

/** @returns random numbers and SHA-256 of the browser; undefined in a page that is not a secure context */
export function webCrypto(): VerificationCrypto | undefined {
  // Browsers hide `subtle` from insecure pages.
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  return (
    subtle && {
      randomBytes: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
      sha256: async (bytes) => new Uint8Array(await subtle.digest('SHA-256', bytes)),
    }
  );
}
