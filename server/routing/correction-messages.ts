import type { MemberRecord, Sender } from '../../src/core/protocol/messages.js';
import type { CallKnowledge } from '../calls/call-knowledge.js';
import { missedRecords } from '../calls/corrections.js';
import { isSenderIn } from '../calls/membership.js';
import { ofServer, type Stamped } from '../messages/stamp.js';

/** Creates the message that tells a device what it may not know about other members. */
export const correction = (
  to: Sender,
  callID: string,
  records: readonly MemberRecord[],
  at: number,
): Stamped => ofServer({ type: 'roster', callID, to: [to.userID], records: [...records] }, to, at);

/** @returns what a device that has connected may not know about other members of the calls that it is in */
export async function correctionsAfterReconnect(
  sender: Sender,
  callIDs: readonly string[],
  presence: { readonly call: (callID: string) => Promise<CallKnowledge> },
  at: number,
): Promise<Stamped[]> {
  const calls = await Promise.all(callIDs.map((callID) => presence.call(callID)));
  return calls.flatMap((call, index) => {
    const records = isSenderIn(sender, call) ? missedRecords(sender.userID, call) : [];
    return records.length > 0 ? [correction(sender, callIDs[index] ?? '', records, at)] : [];
  });
}
