import type { MemberRecord } from '../../src/core/protocol/messages.js';
import { isOpen, type CallKnowledge, type CallMember } from './call-knowledge.js';
import { isThere } from './membership.js';

/* What a member may not have heard about the members of its call: the server tells that member. */

/**
 * Two members may invite a user at the same time, and open the same round. The first of them is its inviter, and
 * coordinates the invitation; it may have ended it already.
 * @param users users whom the sender has just invited
 * @returns the records of those whom another member has invited before, to tell the sender
 */
export function invitedByOthers(
  senderID: string,
  users: Iterable<string>,
  members: ReadonlyMap<string, CallMember>,
): MemberRecord[] {
  return [...users].flatMap((user) => {
    const member = members.get(user);
    const record = member && member.inviter !== senderID ? recordOf(user, member) : undefined;
    return record ? [record] : [];
  });
}

/**
 * A member may have missed messages about others while its device was disconnected, and their coordinator may have left
 * since: then the member itself may coordinate an open invitation, or nobody can prove that a user is in.
 * @returns the records of invitations that others have opened, and of users who are in and whose inviter is not, to tell a
 * member who is in; empty for anybody else
 */
export function missedRecords(senderID: string, call: CallKnowledge): MemberRecord[] {
  const { members } = call;
  if (members.get(senderID)?.state !== 'in') return [];
  return [...members].flatMap(([user, member]) => {
    if (user === senderID || member.inviter === senderID) return [];
    const isUnproven =
      member.state === 'in' &&
      member.inviter !== user &&
      isThere(call, user) &&
      !isThere(call, member.inviter);
    const record = isOpen(member) || isUnproven ? recordOf(user, member) : undefined;
    return record ? [record] : [];
  });
}

/** @returns what the server knows about a user; undefined if that is secret, because the user blocks the inviter */
function recordOf(user: string, member: CallMember): MemberRecord | undefined {
  const { round, state, inviter, device, reason } = member;
  if (state === 'withheld') return undefined;
  if (isOpen(member)) return { user, round, state: 'inviting', inviter };
  return {
    ...{ user, round, state, inviter },
    ...(device !== undefined && { device }),
    ...(reason !== undefined && { reason }),
  };
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

/**
 * Whether a user who was in has left while a member's device was disconnected. The user may have come in again before, with
 * another device.
 * @param stated the record of that user as the member knows it
 */
export const hasLeftSince = ({ round, device }: MemberRecord, known: CallMember): boolean =>
  known.state === 'left' && (known.device === device || known.round > round);
