import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import {
  messageSchemas,
  parseForeignInvite,
  parseMessage,
} from '../../src/core/protocol/messages.js';
import type { Message } from '../../src/core/protocol/messages.js';
import { MAX_DEPTH, MAX_NODES } from '../limits/limits.js';
import type { RejectionCause } from '../observability/rejections.js';

/** The few fields of an invitation of another protocol version that every version has. */
export type ForeignFields = NonNullable<ReturnType<typeof parseForeignInvite>>;

/**
 * What a client sent, rebuilt from the fields that this version knows: nothing else of the sender's object is kept or
 * relayed.
 */
export type Incoming =
  | { readonly type: 'message'; readonly message: Message }
  /** Of another version: relayed, so that the callee can answer that it does not support it. */
  | { readonly type: 'foreign-invite'; readonly message: ForeignFields }
  | { readonly type: 'refused'; readonly cause: RejectionCause };

/**
 * Whether a value is JSON of at most {@link MAX_NODES} values and at most {@link MAX_DEPTH} levels: no binary parts,
 * and nothing that overflows the stack of a later reader or takes long to copy. A key `__proto__` has no honest use.
 */
export function isPlain(value: unknown): boolean {
  return nodesLeft(value, MAX_NODES, 0) >= 0;
}

/** @returns how many of `left` values are left after this one and all in it; negative: it is not plain, or too large */
function nodesLeft(value: unknown, left: number, depth: number): number {
  if (depth > MAX_DEPTH) return -1;
  if (typeof value !== 'object' || value === null) return left - 1;
  let rest = left - 1;
  if (Array.isArray(value)) {
    if (value.length > rest) return -1;
    for (const child of value) if ((rest = nodesLeft(child, rest, depth + 1)) < 0) return -1;
    return rest;
  }
  if (Object.getPrototypeOf(value) !== Object.prototype || Object.hasOwn(value, '__proto__')) {
    return -1;
  }
  // Stops at the first key too many: a list of all keys, or all values, is what takes long.
  for (const key in value) {
    rest = nodesLeft((value as Record<string, unknown>)[key], rest, depth + 1);
    if (rest < 0) return -1;
  }
  return rest;
}

/** Checks a message as it came from a client. */
export function readIncoming(input: unknown): Incoming {
  if (typeof input !== 'object' || input === null || !isPlain(input)) return refused('malformed');
  const message = parseMessage(input);
  if (message) {
    return saysWhatOnlyServerSays(message) ? refused('forged-role') : { type: 'message', message };
  }
  const foreign = parseForeignInvite(input);
  if (foreign) return { type: 'foreign-invite', message: foreign };
  const { v, type } = input as { readonly v?: unknown; readonly type?: unknown };
  if (typeof v === 'number' && v !== PROTOCOL_VERSION) return refused('foreign-version');
  const unknown = typeof type === 'string' && !Object.hasOwn(messageSchemas, type);
  return refused(unknown ? 'unknown-type' : 'malformed');
}

const refused = (cause: RejectionCause): Incoming => ({ type: 'refused', cause });

function saysWhatOnlyServerSays(message: Message): boolean {
  return (
    (message.type === 'leave' && message.lost !== undefined) ||
    (message.type === 'cancel' && message.reason === 'lost')
  );
}
