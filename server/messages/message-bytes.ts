import type { Message } from '../../src/core/protocol/messages.js';
import { approximateLength } from './approximate-length.js';

/** Approximate number of characters of JSON that each part takes, without its long strings. */
const ENVELOPE_CHARACTERS = 300;
const RECORD_CHARACTERS = 140;
const ITEM_CHARACTERS = 64;

/** Estimates the length of a message as JSON from its parts. Only the data of a signal must be traversed. */
export function messageBytes(message: Message): number {
  const { records, names, remaining, to } = message;
  let length = ENVELOPE_CHARACTERS;
  length += ITEM_CHARACTERS * (names.length + remaining.length + to.length);
  for (const { customData } of records) length += RECORD_CHARACTERS + (customData?.length ?? 0);
  if ('customData' in message) length += message.customData.length;
  if (message.type === 'seen' || message.type === 'busy')
    length += ITEM_CHARACTERS * message.callIDs.length;
  if (message.type === 'preferences')
    // A blocked person has an ID and a name.
    length += ITEM_CHARACTERS * (2 * (message.block?.length ?? 0) + (message.unblock?.length ?? 0));
  if (message.type === 'history') {
    length += ITEM_CHARACTERS * message.deleted.length;
    for (const { callees } of message.entries)
      length += ENVELOPE_CHARACTERS + ITEM_CHARACTERS * callees.length;
  }
  return message.type === 'signal' ? length + approximateLength(message.data) : length;
}
