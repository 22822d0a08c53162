import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { isOpen, type CallKnowledge, type CallMember } from './call-knowledge.js';

/* What a member may not have heard about the members of its call: the server tells that member. */

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

/**
 * A member may have missed invitations to its call while its device was disconnected, and may coordinate them now, because
 * their inviters have left since.
 * @returns the records of open invitations by others, to tell a member who is in; empty for anybody else
 */
export function openInvitations(
  senderID: string,
  { members }: Pick<CallKnowledge, 'members'>,
): MemberRecord[] {
  if (members.get(senderID)?.state !== 'in') return [];
  return invitedByOthers(senderID, members.keys(), members);
}

/**
 * While a member's device was disconnected, a user who was in may have come in again with another device, as after a reload.
 * @param stated the record of that user as the member knows it
 * @param known the user as the server knows it
 * @returns the record to tell the member; `undefined` if there is nothing to tell
 */
export function replacedDevice(
  { user, round, state, device }: MemberRecord,
  known: CallMember,
): (MemberRecord & { readonly device: string }) | undefined {
  const isReplaced = state === 'in' && known.state === 'in' && known.round > round;
  if (!isReplaced || known.device === undefined || known.device === device) return undefined;
  return { user, round: known.round, state, device: known.device, inviter: known.inviter };
}
