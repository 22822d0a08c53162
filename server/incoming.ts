import { PROTOCOL_VERSION } from '../src/core/protocol/limits.js';
import { isForeignInvite, messageSchemas, parseMessage } from '../src/core/protocol/messages.js';
import type { Message } from '../src/core/protocol/messages.js';
import { MAX_DEPTH } from './limits.js';
import type { RefusalCause } from './refusals.js';

type Fields = Readonly<Record<string, unknown>>;

/** What a client sent, after the check. `fields` is what the sender's object has, without anything that looks like a stamp. */
export type Incoming =
  | { readonly type: 'message'; readonly message: Message; readonly fields: Fields }
  /** Of another version: passed on, so that the callee can say that it does not speak it. */
  | {
      readonly type: 'foreign-invite';
      readonly to: readonly string[];
      readonly toDevice: string | undefined;
      readonly fields: Fields;
    }
  | { readonly type: 'refused'; readonly cause: RefusalCause };

/**
 * Whether a value is what JSON can say, and no deeper than {@link MAX_DEPTH}: no binary parts, and nothing that
 * overflows the stack of a later reader. A key `__proto__` has no honest use.
 */
export function isPlain(value: unknown, depth = 0): boolean {
  if (depth > MAX_DEPTH) return false;
  if (typeof value !== 'object' || value === null) return true;
  const plain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  if (!plain || Object.hasOwn(value, '__proto__')) return false;
  for (const child of Object.values(value)) if (!isPlain(child, depth + 1)) return false;
  return true;
}

/** Checks a message as it came from a client. */
export function readIncoming(input: unknown): Incoming {
  if (typeof input !== 'object' || input === null || !isPlain(input)) return refused('malformed');
  const fields = withoutStamp(input as Fields);
  const message = parseMessage(fields);
  if (message) {
    return saysWhatOnlyServerSays(message)
      ? refused('forged-role')
      : { type: 'message', message, fields };
  }
  if (isForeignInvite(fields)) {
    const { to, toDevice } = fields as { to: string[]; toDevice?: unknown };
    const device = typeof toDevice === 'string' ? toDevice : undefined;
    return { type: 'foreign-invite', to, toDevice: device, fields };
  }
  if (typeof fields['v'] === 'number' && fields['v'] !== PROTOCOL_VERSION) {
    return refused('foreign-version');
  }
  const { type } = fields;
  const unknown = typeof type === 'string' && !Object.hasOwn(messageSchemas, type);
  return refused(unknown ? 'unknown-type' : 'malformed');
}

const STAMP = ['from', 'at', 'replay'];

/** No honest client stamps what it sends. */
function withoutStamp(fields: Fields): Fields {
  if (!STAMP.some((key) => key in fields)) return fields;
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !STAMP.includes(key)));
}

const refused = (cause: RefusalCause): Incoming => ({ type: 'refused', cause });

function saysWhatOnlyServerSays(message: Message): boolean {
  return (
    (message.type === 'leave' && message.lost !== undefined) ||
    (message.type === 'cancel' && message.reason === 'lost')
  );
}
