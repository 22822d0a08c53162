import { messageSchemas, type Message, type MessageOf } from '../../src/core/protocol/messages.js';
import { PHASES } from '../../src/core/protocol/vocabulary.js';
import { pick, type Random } from './random.js';

export type MessageType = Message['type'];
export const TYPES = (Object.keys(messageSchemas) as MessageType[]).filter(
  // These affect only the sender's own user.
  (type) => type !== 'busy' && type !== 'preferences',
);

type EnvelopeField = 'v' | 'id' | 'callID' | 'to' | 'records' | 'names' | 'remaining';
type MessageBody = { [T in MessageType]: Omit<MessageOf<T>, EnvelopeField> }[MessageType];

const REASONS = ['hung-up', 'canceled', 'connection-lost', 'media-failed', 'timeout'] as const;
const CANCELS = [
  'canceled',
  'timeout',
  'busy',
  'unreachable',
  'unsupported',
  'lost',
  'glare',
] as const;

/** A well-formed body of this type about a user and a round, with all other fields random. */
export function bodyOf(
  draw: Random,
  type: MessageType,
  { user, round, device }: { user: string; round: number; device: string },
): MessageBody {
  const customData = '';
  switch (type) {
    case 'invite':
      return {
        ...{ type, customData, callType: pick(draw, ['voice', 'video']), initiator: user },
        ...{ endWithInitiator: draw() < 0.4, group: draw() < 0.5 },
        ...{ remainingMs: pick(draw, [0, 9_000, 600_000]), timeoutMs: 20_000 },
      };
    case 'ringing':
      return { type, round };
    case 'accept':
      return { type, round, customData, ...(draw() < 0.3 ? { join: true } : {}) };
    case 'select':
      return { type, user };
    case 'decline':
      return { type, round, customData, reason: pick(draw, ['declined', 'busy', 'unsupported']) };
    case 'cancel':
      return { type, user, customData, reason: pick(draw, CANCELS) };
    case 'signal':
      return { type, link: round, data: { type: pick(draw, ['offer', 'answer']), by: device } };
    case 'roster':
      return { type };
    case 'leave':
      return { type, reason: pick(draw, REASONS), ...(draw() < 0.2 ? { gaveUp: true } : {}) };
    case 'end':
      return { type, reason: pick(draw, REASONS) };
    case 'sync':
    case 'state':
      return {
        ...{ type, phase: pick(draw, PHASES) },
        ...(draw() < 0.6 ? { round } : {}),
        ...(draw() < 0.15 ? { join: true } : {}),
        ...(draw() < 0.2 ? { answered: true } : {}),
        ...(draw() < 0.15 ? { replaces: device } : {}),
      };
    case 'seen':
      return { type, callIDs: [], ...(draw() < 0.5 ? { dismissed: true } : {}) };
    case 'history':
      return { type, entries: [], deleted: [{ callID: user, at: round }] };
    case 'preferences':
      return { type };
    case 'busy':
      return { type, callIDs: [user] };
  }
}
