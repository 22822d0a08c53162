/** Hash functions that are accepted for certificate fingerprints (RFC 8122), and the length of their result in bytes. */
const HASH_BYTES: ReadonlyMap<string, number> = new Map([
  ['sha-256', 32],
  ['sha-384', 48],
  ['sha-512', 64],
]);

/** Any line that a parser could take for a fingerprint attribute, also a malformed one. */
const ANY = /^\s*a\s*=\s*fingerprint/i;
const WELL_FORMED = /^a=fingerprint:(\S+) ((?:[\da-f]{2}:)+[\da-f]{2})$/i;

function normalize(line: string): string | undefined {
  const [, hash = '', value = ''] = WELL_FORMED.exec(line.trimEnd()) ?? [];
  const name = hash.toLowerCase();
  return value.split(':').length === HASH_BYTES.get(name)
    ? `${name} ${value.toUpperCase()}`
    : undefined;
}

/**
 * Reads the certificate fingerprint of a session description.
 *
 * @returns the hash function and the fingerprint, as `sha-256 AB:CD:…`; undefined unless all fingerprints, of the session
 * and of its media sections, are the same one, by SHA-256 or a stronger hash function
 */
export function readFingerprint(sdp: string): string | undefined {
  const lines = sdp.split(/[\r\n]+/).filter((line) => ANY.test(line));
  const [fingerprint, ...others] = new Set(lines.map(normalize));
  return others.length > 0 ? undefined : fingerprint;
}

/** The fingerprint of one side of a link. All descriptions of that side must have the same one. */
export class FingerprintPin {
  #fingerprint: string | undefined;

  /** @param fingerprint the one that is expected, if it is known already */
  constructor(fingerprint?: string) {
    this.#fingerprint = fingerprint;
  }

  get fingerprint(): string | undefined {
    return this.#fingerprint;
  }

  /** @returns whether the description has the expected fingerprint. The first one determines it */
  accept(sdp: string): boolean {
    const fingerprint = readFingerprint(sdp);
    this.#fingerprint ??= fingerprint;
    return fingerprint !== undefined && fingerprint === this.#fingerprint;
  }
}
