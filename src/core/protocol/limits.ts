/** Version of the wire protocol. It changes only when older peers must not process the messages of newer ones. */
export const PROTOCOL_VERSION = 1;

/** Largest message on the wire, in bytes of UTF-8 JSON. */
export const MAX_MESSAGE_BYTES = 65_536;
/** Largest custom data, in bytes of UTF-8. */
export const MAX_CUSTOM_DATA_BYTES = 1_024;
/** Longest user and device IDs, in UTF-16 code units. */
export const MAX_ID_LENGTH = 128;
/** Longest user name, in UTF-16 code units; longer names are truncated. */
export const MAX_NAME_LENGTH = 128;
/** Longest callID, in UTF-16 code units. */
export const MAX_CALL_ID_LENGTH = 64;
/** Most members of a call. A higher `maxMembers` in the configuration has no effect. */
export const MAX_MEMBERS = 64;
/** Longest texts of a caller for the notification of a call, in UTF-16 code units. */
export const MAX_NOTIFICATION_TITLE_LENGTH = 64;
export const MAX_NOTIFICATION_MESSAGE_LENGTH = 256;
/** Calls on hold of one device, besides the current one. */
export const MAX_HELD_CALLS = 3;
/** Most calls that one device states to be in, in one message. */
export const MAX_STATED_CALLS = 8;
/** Most people whom one user can block. */
export const MAX_BLOCKED = 500;
/** Most devices of one user in a list of devices. */
export const MAX_DEVICES = 256;
/** Most calls in one list of a message. */
export const MAX_CALLS = 200;
/** Shortest and longest time-out of an invitation, in seconds. */
export const MIN_TIMEOUT_SECONDS = 1;
export const MAX_TIMEOUT_SECONDS = 600;

/**
 * Device ID of messages that come from the server itself (or, without a server, from the transport). No device has it.
 */
export const SERVER_DEVICE = '@server';

/** Created when it is first needed: simulated browsers of unit tests may lack it. */
let encoder: TextEncoder | undefined;

/** Length of `text` in bytes of UTF-8. */
export function utf8Bytes(text: string): number {
  encoder ??= new TextEncoder();
  return encoder.encode(text).byteLength;
}

/** Whether every transport can carry a message: it can be serialized as JSON of at most `MAX_MESSAGE_BYTES`. */
export function fitsWire(message: unknown): boolean {
  try {
    const text = JSON.stringify(message) as string | undefined;
    return text !== undefined && utf8Bytes(text) <= MAX_MESSAGE_BYTES;
  } catch {
    // A cycle, or a BigInt.
    return false;
  }
}
