/** Version of the exchange: it changes with every change of the messages or of the computation. */
export const VERSION = 1;
/** Length of a nonce, in bytes. */
export const NONCE_BYTES = 32;
/** Number of emoji that users compare. Each has {@link BITS_PER_EMOJI} bits. */
export const EMOJI_COUNT = 7;
const BITS_PER_EMOJI = 6;

const LABEL = `ringkit verification ${VERSION}`;

/** One side of a link. */
export interface Party {
  readonly userID: string;
  /** As {@link readFingerprint} returns it. */
  readonly fingerprint: string;
}

/** What both sides of a link must agree on. */
export interface LinkIdentity {
  readonly callID: string;
  readonly offerer: Party;
  readonly answerer: Party;
}

/** @returns the fields one after the other, each preceded by its length in bytes as a 32-bit number (big-endian) */
export function encodeFields(...fields: readonly (string | Uint8Array)[]): Uint8Array<ArrayBuffer> {
  const parts = fields.map((field) =>
    typeof field === 'string' ? new TextEncoder().encode(field) : field,
  );
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + 4 + length, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const part of parts) {
    view.setUint32(at, part.length);
    bytes.set(part, at + 4);
    at += 4 + part.length;
  }
  return bytes;
}

const identityFields = ({ callID, offerer, answerer }: LinkIdentity): readonly string[] => [
  callID,
  ...[offerer.userID, offerer.fingerprint],
  ...[answerer.userID, answerer.fingerprint],
];

/** @returns the input of the hash with which the offerer commits to its nonce */
export const commitmentInput = (
  identity: LinkIdentity,
  offererNonce: Uint8Array,
): Uint8Array<ArrayBuffer> =>
  encodeFields(`${LABEL} commitment`, ...identityFields(identity), offererNonce);

/** @returns the input of the hash whose first bits select the emoji */
export const emojiInput = (
  identity: LinkIdentity,
  offererNonce: Uint8Array,
  answererNonce: Uint8Array,
): Uint8Array<ArrayBuffer> =>
  encodeFields(`${LABEL} emoji`, ...identityFields(identity), offererNonce, answererNonce);

/** @returns the numbers of the emoji, from the first bits of a hash: 0 to 63 each */
export function emojiNumbers(hash: Uint8Array): readonly number[] {
  return Array.from({ length: EMOJI_COUNT }, (_, index) => {
    const bit = index * BITS_PER_EMOJI;
    const at = bit >> 3;
    const pair = ((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0);
    return (pair >> (16 - BITS_PER_EMOJI - (bit & 7))) & 63;
  });
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** @returns the bytes of a string of lower-case hexadecimal digits; undefined if it is not one of `length` bytes */
export function fromHex(hex: unknown, length: number): Uint8Array | undefined {
  if (typeof hex !== 'string' || hex.length !== 2 * length || !/^[\da-f]*$/.test(hex)) {
    return undefined;
  }
  return Uint8Array.from({ length }, (_, index) =>
    Number.parseInt(hex.slice(2 * index, 2 * index + 2), 16),
  );
}
