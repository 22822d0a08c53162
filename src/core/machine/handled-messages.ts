import type { Sender } from '../protocol/messages.js';

/*
 * Repeats. A message is a repeat only of one with the same ID from the same device of the same user, as the server has
 * stamped them: nobody makes another one's message count as a repeat. What is remembered is bounded for each user and
 * in all, so that neither one who sends much nor many who send little make an event expensive.
 */

/** Handled messages: by sending user, then by device and message ID, with the time. The newest are last. */
export type HandledMessages = ReadonlyMap<string, ReadonlyMap<string, number>>;

/** Most users whose messages are remembered, and most messages of each. */
const MAX_SENDERS = 256;
const MAX_MESSAGES = 256;

/** @returns what is remembered with this message, or nothing when it was handled before */
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

/** Forgets messages from before `time`, in ms. */
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
