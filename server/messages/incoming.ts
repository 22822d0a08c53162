import { PROTOCOL_VERSION } from '../../src/core/protocol/limits.js';
import {
  messageSchemas,
  parseForeignInvite,
  parseMessage,
} from '../../src/core/protocol/messages.js';
import type { Message } from '../../src/core/protocol/messages.js';
import { MAX_DEPTH, MAX_NODES } from '../limits/limits.js';
import type { RejectionCause } from '../observability/rejections.js';

/** The fields of an invitation of another protocol version that all versions have in common. */
export type ForeignFields = NonNullable<ReturnType<typeof parseForeignInvite>>;

/**
 * The result of reading a client's message. The message is rebuilt from the fields that this version knows; nothing else of
 * the sender's object is stored or relayed.
 */
export type Incoming =
  | { readonly type: 'message'; readonly message: Message }
  /** An invite of another protocol version. It is relayed, so that the callee can answer that it is unsupported. */
  | { readonly type: 'foreign-invite'; readonly message: ForeignFields }
  | { readonly type: 'refused'; readonly cause: RejectionCause };

/**
 * Whether a value is JSON with at most {@link MAX_NODES} values and {@link MAX_DEPTH} levels: without binary parts, and safe
 * to copy and to traverse recursively. Rejects the key `__proto__`, which no valid message contains.
 */
export function isPlain(value: unknown): boolean {
  return nodesLeft(value, MAX_NODES, 0) >= 0;
}

/** @returns `left` minus the number of values in `value`; negative if it is not plain JSON or too large */
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
  // Stop at the first key too many: `Object.keys` or `Object.values` of a huge object would take long.
  for (const key in value) {
    rest = nodesLeft((value as Record<string, unknown>)[key], rest, depth + 1);
    if (rest < 0) return -1;
  }
  return rest;
}

/** Parses and checks a message from a client. */
export function readIncoming(input: unknown): Incoming {
  if (typeof input !== 'object' || input === null || !isPlain(input)) return rejected('malformed');
  const message = parseMessage(input);
  if (message) {
    return isReservedForServer(message) ? rejected('forged-role') : { type: 'message', message };
  }
  const foreign = parseForeignInvite(input);
  if (foreign) return { type: 'foreign-invite', message: foreign };
  const { v, type } = input as { readonly v?: unknown; readonly type?: unknown };
  if (typeof v === 'number' && v !== PROTOCOL_VERSION) return rejected('foreign-version');
  const unknown = typeof type === 'string' && !Object.hasOwn(messageSchemas, type);
  return rejected(unknown ? 'unknown-type' : 'malformed');
}

const rejected = (cause: RejectionCause): Incoming => ({ type: 'refused', cause });

function isReservedForServer(message: Message): boolean {
  return (
    (message.type === 'leave' && message.lost !== undefined) ||
    (message.type === 'cancel' && message.reason === 'lost') ||
    (message.type === 'busy' && message.device !== undefined)
  );
}
