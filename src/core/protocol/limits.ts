/** Version of the wire protocol. It changes only when an older peer must not act on a message. */
export const PROTOCOL_VERSION = 1;

/** Largest message on the wire, in bytes of UTF-8 JSON. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Largest custom data, in bytes of UTF-8. */
export const MAX_CUSTOM_DATA_BYTES = 1_024;
/** Longest user and device IDs, in UTF-16 code units. */
export const MAX_ID_LENGTH = 128;
/** Longest user name, in UTF-16 code units; longer ones are cut. */
export const MAX_NAME_LENGTH = 128;
/** Longest callID, in UTF-16 code units. */
export const MAX_CALL_ID_LENGTH = 64;
/** Most members that any call may name. `maxMembers` of the configuration may only be lower. */
export const MAX_MEMBERS = 64;
/** Most calls in one list of a message. */
export const MAX_CALLS = 200;
/** How long an invitation may ring, in seconds. */
export const MIN_TIMEOUT_SECONDS = 1;
export const MAX_TIMEOUT_SECONDS = 600;

/** The device ID under which a server (or, without one, the transport) speaks for itself. No device can have it. */
export const SERVER_DEVICE = '@server';

const encoder = new TextEncoder();

/** Length of `text` in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  return encoder.encode(text).byteLength;
}

/** Whether a message can be said on any wire: it is JSON, and not too long. */
export function fitsWire(message: unknown): boolean {
  try {
    const text = JSON.stringify(message) as string | undefined;
    return text !== undefined && utf8Bytes(text) <= MAX_MESSAGE_BYTES;
  } catch {
    // A cycle, or a number that JSON does not have.
    return false;
  }
}
