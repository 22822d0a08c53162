import type { Message, MemberRecord } from '../../src/core/protocol/messages.js';
import { pick, type Random } from './random.js';
import { bodyOf, TYPES } from './random-message.js';

/** Values that may replace those of a message. */
export interface Names {
  readonly users: readonly string[];
  readonly devices: readonly string[];
  readonly callID: string;
}

/** Returns the message with one to three fields replaced: users, devices, rounds, states, its type or its call. */
export function mutate(draw: Random, message: Message, names: Names): Message {
  let changed = message;
  const times = 1 + Math.floor(draw() * 3);
  for (let time = 0; time < times; time++) changed = mutateOnce(draw, changed, names);
  return changed;
}

function mutateOnce(draw: Random, message: Message, names: Names): Message {
  const { users, devices, callID } = names;
  const luck = draw();
  if (luck < 0.2) {
    const { v, id, callID, to, records, names, remaining } = message;
    const context = { user: pick(draw, users), round: 1, device: pick(draw, devices) };
    const body = bodyOf(draw, pick(draw, TYPES), context);
    return { ...body, ...{ v, id, callID, to, records, names, remaining } };
  }
  if (luck < 0.35) return { ...message, callID };
  if (luck < 0.45 && 'user' in message) return { ...message, user: pick(draw, users) };
  if (luck < 0.5 && 'initiator' in message) return { ...message, initiator: pick(draw, users) };
  if (luck < 0.55 && message.type === 'sync') return { ...message, join: draw() < 0.5 };
  const index = Math.floor(draw() * message.records.length);
  const records = message.records.map((record, at) =>
    at === index ? mutateRecord(draw, record, users, devices) : record,
  );
  return { ...message, records };
}

function mutateRecord(
  draw: Random,
  record: MemberRecord,
  users: readonly string[],
  devices: readonly string[],
): MemberRecord {
  const states = ['inviting', 'ringing', 'declined', 'canceled', 'timeout', 'in', 'left'] as const;
  const luck = draw();
  if (luck < 0.25) return { ...record, user: pick(draw, users) };
  if (luck < 0.5) return { ...record, device: pick(draw, devices) };
  if (luck < 0.75) return { ...record, round: record.round + pick(draw, [1, 1, 2, 100]) };
  if (luck < 0.9) return { ...record, state: pick(draw, states) };
  return { ...record, inviter: pick(draw, users) };
}
