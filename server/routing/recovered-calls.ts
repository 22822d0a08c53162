import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallMessage } from '../calls/authority.js';
import { namedBy, statesToBeIn, type CallKnowledge } from '../calls/call-knowledge.js';
import type { Presence } from '../presence/presence.js';
import type { Quotas } from '../limits/quotas.js';
import { namedIn, type Relay } from '../calls/relayed.js';
import type { Stamped } from '../messages/stamp.js';

interface RecoveredCallsDependencies {
  readonly presence: Pick<Presence, 'call' | 'enter' | 'note'>;
  readonly quotas: Pick<Quotas, 'recoveredCall'>;
}

/** Messages whose records show which users the sender considers members of the call. */
const TYPES_THAT_NAME_MEMBERS = new Set<CallMessage['type']>([
  'invite',
  'roster',
  'select',
  'sync',
  'state',
]);

/** Calls that are unknown after a restart. They continue by the reports of their devices. */
export class RecoveredCalls {
  readonly #parts: RecoveredCallsDependencies;

  constructor(parts: RecoveredCallsDependencies) {
    this.#parts = parts;
  }

  /**
   * Recovers the state of a call from the reports of its devices. Each device reports only for its own user, and names the
   * users from whom it accepts messages.
   */
  async claim(sender: Sender, message: CallMessage, call: CallKnowledge): Promise<CallKnowledge> {
    const isAnswer = message.type === 'accept';
    if (message.type !== 'sync' && message.type !== 'state' && !isAnswer) return call;
    if (call.origin?.isComplete && call.members.has(sender.userID)) return call;
    // A user who answers an invitation accepts messages from the recipients of the answer.
    const names = isAnswer ? message.to : namedBy(sender.userID, message.records);
    const recovered = await this.recover(sender, message.callID, call, names);
    if (isAnswer || !statesToBeIn(sender, message)) return recovered;
    if (!isRecovered(recovered, sender.userID)) return recovered;
    if (!recovered.named.has(sender.userID)) return recovered;
    await this.#parts.presence.enter(sender, message.callID, message.keepsOthers);
    return this.#parts.presence.call(message.callID, namedIn(message, sender.userID));
  }

  /** Records users named by a device of an unknown call, within the limit for such calls. */
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

  /** In a recovered call: a recipient who accepts messages from the sender also accepts them from the users in its records. */
  async notePeers(
    { sender, message, authorization, call }: Relay,
    deliveries: ReadonlyMap<string, Stamped>,
  ): Promise<void> {
    if (call.named.size === 0 || !TYPES_THAT_NAME_MEMBERS.has(message.type)) return;
    const records = [...authorization.records.values()];
    const recipients = [...deliveries.keys()].filter((user) =>
      call.named.get(user)?.has(sender.userID),
    );
    if (recipients.length === 0 || records.length === 0) return;
    const named = new Map(recipients.map((user) => [user, namedBy(user, records)]));
    await this.#parts.presence.note(message.callID, { named });
  }
}

/** Whether this user may be a member although the server does not know, because it has not seen the whole call. */
export const isRecovered = ({ origin, members }: CallKnowledge, userID: string): boolean =>
  !origin?.isComplete && !members.has(userID);
