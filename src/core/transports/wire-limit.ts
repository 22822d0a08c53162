import { MAX_MESSAGE_BYTES, utf8Bytes } from '../protocol/limits.js';

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
