import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { isOpen, type CallMember } from './call-knowledge.js';

/**
 * Two members may invite a user at the same time, and open the same round. The first of them is its inviter, and
 * coordinates the invitation.
 * @param users users whom the sender has just invited
 * @returns the records of those whom another member has invited before, to tell the sender
 */
export function invitedByOthers(
  senderID: string,
  users: Iterable<string>,
  members: ReadonlyMap<string, CallMember>,
): MemberRecord[] {
  const records: MemberRecord[] = [];
  for (const user of users) {
    const member = members.get(user);
    if (!member || !isOpen(member) || member.inviter === senderID) continue;
    const { round, inviter } = member;
    records.push({ user, round, state: 'inviting', inviter });
  }
  return records;
}
