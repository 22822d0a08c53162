import type { MemberRecord, MessageOf, Sender } from '../../src/core/protocol/messages.js';
import type { CallKnowledge, CallMember } from './call-knowledge.js';

/*
 * Determines who is in a call, and who coordinates an invitation, from the server's state of the call.
 */

/** Whether the sender's device is in the call. */
export function isSenderIn({ userID, deviceID }: Sender, call: CallKnowledge): boolean {
  const member = call.members.get(userID);
  // In a call that was recovered after a restart, the reports of the devices are the only information.
  const isMember = member ? member.state === 'in' : !call.origin?.isComplete;
  return (
    isMember &&
    call.devices.some(({ device }) => device.userID === userID && device.deviceID === deviceID)
  );
}

/** Whether a device of this user is in the call. */
export const hasDeviceIn = (call: CallKnowledge, userID: string): boolean =>
  call.devices.some(({ device }) => device.userID === userID);

/**
 * Whether a user is in the call with the device that was selected last, as far as the server knows. After a reload, the former
 * device may still count as in the call when the user has left it, or when the device that has replaced it is lost.
 */
export function isThere(call: CallKnowledge, userID: string): boolean {
  const { state, device: selected } = call.members.get(userID) ?? {};
  if (state === 'left') return false;
  if (state !== 'in' || selected === undefined) return hasDeviceIn(call, userID);
  return call.devices.some(
    ({ device }) => device.userID === userID && device.deviceID === selected,
  );
}

/**
 * Whether a user coordinates the invitation of another one. The coordinator is the inviter while in the call, else the
 * initiator while in the call, else any user in the call: the devices choose the lowest user ID then, but may know of other
 * devices that have left.
 */
export function coordinates(call: CallKnowledge, userID: string, invitee: string): boolean {
  if (userID === invitee || !hasDeviceIn(call, userID)) return false;
  const inviter = call.members.get(invitee)?.inviter;
  for (const first of [inviter, call.origin?.initiator]) {
    if (first !== undefined && first !== invitee && isThere(call, first)) {
      return userID === first;
    }
  }
  return true;
}

/**
 * Whether to believe a user's claim to be in the call. True if all messages of the call were seen, if the user has placed the
 * call or invited another user, or once a device of another user has named the user.
 */
export function isCredible({ origin, members, named }: CallKnowledge, userID: string): boolean {
  if (origin?.isComplete || origin?.initiator === userID) return true;
  if ([...members.values()].some(({ inviter }) => inviter === userID)) return true;
  return [...named].some(([user, names]) => user !== userID && names.has(userID));
}

/**
 * The device that is in may believe in another round of its user than the server: a false statement of a member has made it
 * believe that, or it has missed that it was let in again. Without its record, devices would ignore its invitations, and would
 * not learn that it leaves.
 * @returns what it states of itself, in the round that the server knows; undefined if it is not in or states something else
 */
export function inKnownRound(
  { deviceID }: Sender,
  record: MemberRecord,
  known: CallMember,
): MemberRecord | undefined {
  const { round, state, device } = record;
  if (known.state !== 'in' || device !== known.device || device !== deviceID) return undefined;
  // With an earlier round, it has left before it came in again.
  const isCurrent = state === 'in' || (state === 'left' && round > known.round);
  return isCurrent ? { ...record, round: known.round } : undefined;
}

/**
 * Whether this is the first invitation to a call: its sender invites all users in its records. An invitation that is repeated
 * after a restart of the server also contains records of users who have answered before.
 */
export const isFirst = ({ records, to }: MessageOf<'invite'>, sender: string): boolean =>
  records.every(({ user, round }) => round === 1 && (user === sender || to.includes(user)));
