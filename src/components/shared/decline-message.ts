import { MAX_CUSTOM_DATA_BYTES, utf8Bytes } from '../../core/protocol/limits.js';

/*
 * The format of a message with which a call is declined: the custom data of the decline are the JSON text
 * `{"message":"…"}`. A device with an earlier version of ringkit shows a plain decline, and its page gets this text.
 */

/** Longest message, in characters. */
export const MAX_DECLINE_MESSAGE_LENGTH = 200;

/** @returns the custom data of a decline with a message, which is cut if it is too long */
export function declineData(message: string): string {
  const text = message.slice(0, MAX_DECLINE_MESSAGE_LENGTH);
  const data = JSON.stringify({ message: text });
  return utf8Bytes(data) > MAX_CUSTOM_DATA_BYTES ? declineData(text.slice(0, -1)) : data;
}

/** @returns the message of a decline; undefined if its custom data are not in this format */
export function declineMessageOf(customData: string): string | undefined {
  if (!customData.startsWith('{')) return undefined;
  try {
    const { message } = JSON.parse(customData) as { readonly message?: unknown };
    const text = typeof message === 'string' ? message.trim() : '';
    return text.slice(0, MAX_DECLINE_MESSAGE_LENGTH) || undefined;
  } catch {
    return undefined;
  }
}
