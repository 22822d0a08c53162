import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallMessage } from '../calls/authority.js';
import { namedBy, type CallKnowledge } from '../calls/call-knowledge.js';
import type { Presence } from '../presence/presence.js';
import type { Quotas } from '../limits/quotas.js';
import { namedIn, type Relay } from '../calls/relayed.js';
import type { Stamped } from '../messages/stamp.js';

interface FoundCallsDependencies {
  readonly presence: Pick<Presence, 'call' | 'enter' | 'note'>;
  readonly quotas: Pick<Quotas, 'recoveredCall'>;
}

/** What shows whom a device takes for members of the call. */
const TYPES_THAT_NAME_MEMBERS = new Set<CallMessage['type']>([
  'invite',
  'roster',
  'select',
  'sync',
  'state',
]);

/** Calls whose beginning the server has not seen: they go on by what their devices say of themselves. */
export class RecoveredCalls {
  readonly #parts: FoundCallsDependencies;

  constructor(parts: FoundCallsDependencies) {
    this.#parts = parts;
  }

  /**
   * After a restart nothing is known of a call that goes on, and its devices' own word is taken for what it is: each one
   * speaks for itself, and says whom it will hear.
   */
  async claim(sender: Sender, message: CallMessage, call: CallKnowledge): Promise<CallKnowledge> {
    const isAnswer = message.type === 'accept';
    if (message.type !== 'sync' && message.type !== 'state' && !isAnswer) return call;
    if (call.origin?.isComplete && call.members.has(sender.userID)) return call;
    // Whoever answers will hear those who are answered.
    const names = isAnswer ? message.to : namedBy(sender.userID, message.records);
    const found = await this.recover(sender, message.callID, call, names);
    const isIn = message.type === 'sync' && message.phase === 'in';
    if (!isIn || !isRecovered(found, sender.userID)) return found;
    if (!found.named.has(sender.userID)) return found;
    await this.#parts.presence.enter(sender, message.callID);
    return this.#parts.presence.call(message.callID, namedIn(message, sender.userID));
  }

  /** Takes note of a call that is not known from its beginning, as long as there are few of them. */
  async recover(
    { userID }: Sender,
    callID: string,
    call: CallKnowledge,
    names: readonly string[],
  ): Promise<CallKnowledge> {
    const { presence, quotas } = this.#parts;
    const known = call.named.get(userID);
    if (known && names.every((name) => known.has(name))) return call;
    if (!known && (await quotas.recoveredCall(userID)) > 0) return call;
    const named = new Map([[userID, names]]);
    await presence.note(callID, { named });
    const all = new Set([...(known ?? []), ...names]);
    return { ...call, named: new Map([...call.named, [userID, all]]) };
  }

  /** In a call that was found after a restart: who is told of somebody by a member that it knows will hear that one. */
  async notePeers(
    { sender, message, authorization, call }: Relay,
    deliveries: ReadonlyMap<string, Stamped>,
  ): Promise<void> {
    if (call.named.size === 0 || !TYPES_THAT_NAME_MEMBERS.has(message.type)) return;
    const records = [...authorization.records.values()];
    const told = [...deliveries.keys()].filter((user) => call.named.get(user)?.has(sender.userID));
    if (told.length === 0 || records.length === 0) return;
    const named = new Map(told.map((user) => [user, namedBy(user, records)]));
    await this.#parts.presence.note(message.callID, { named });
  }
}

/** This user may be in the call without the server's knowing: it has not seen all of the call. */
export const isRecovered = ({ origin, members }: CallKnowledge, userID: string): boolean =>
  !origin?.isComplete && !members.has(userID);
