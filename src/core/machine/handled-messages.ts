import type { Sender } from '../protocol/messages.js';

/*
 * Recognises repeated messages. A message is a repeat of another one only if ID, user and device are the same, as
 * stamped by the server, so a user can't make messages of others count as repeats. The number of remembered messages is
 * limited for each user and in total, so that neither one busy sender nor many senders make an event expensive.
 */

/** Times of handled messages, in ms: by sending user, then by device and message ID. The newest are last. */
export type HandledMessages = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Number of users whose messages are remembered, and number of messages for each user. */
const MAX_SENDERS = 256;
const MAX_MESSAGES = 256;

/** @returns the handled messages with this one added; undefined if it was handled before */
export function withHandledMessage(
  handled: HandledMessages,
  { from: { userID, deviceID }, id }: { readonly from: Sender; readonly id: string },
  now: number,
): HandledMessages | undefined {
  const known = handled.get(userID);
  const key = `${deviceID} ${id}`;
  if (known?.has(key)) return undefined;
  const messages = new Map(known).set(key, now);
  dropOldest(messages, MAX_MESSAGES);
  const next = new Map(handled);
  next.delete(userID);
  next.set(userID, messages);
  dropOldest(next, MAX_SENDERS);
  return next;
}

/** @returns the handled messages without those from before `time`, in ms */
export function forgetHandled(handled: HandledMessages, time: number): HandledMessages {
  const left = new Map<string, ReadonlyMap<string, number>>();
  for (const [user, messages] of handled) {
    const recent = [...messages].filter(([, at]) => at >= time);
    if (recent.length) left.set(user, new Map(recent));
  }
  return left;
}

function dropOldest(map: Map<string, unknown>, most: number): void {
  for (const key of map.keys()) {
    if (map.size <= most) return;
    map.delete(key);
  }
}
