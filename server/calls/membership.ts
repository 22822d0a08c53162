import type { Sender } from '../../src/core/protocol/messages.js';
import type { CallKnowledge } from './call-knowledge.js';

/*
 * Who is in a call, and who decides about an invitation, by what the server knows of the call.
 */

/** The device of this sender is in the call. */
export function isSenderIn({ userID, deviceID }: Sender, call: CallKnowledge): boolean {
  const member = call.members.get(userID);
  // Of a call that was found after a restart, what its devices say of themselves is all there is.
  const isMember = member ? member.state === 'in' : !call.origin?.isComplete;
  return (
    isMember &&
    call.devices.some(({ device }) => device.userID === userID && device.deviceID === deviceID)
  );
}

export const hasDeviceIn = (call: CallKnowledge, userID: string): boolean =>
  call.devices.some(({ device }) => device.userID === userID);

/**
 * Whether this user coordinates the invitation of another one: its inviter while in the call; else the initiator, if in;
 * else anybody who is in. The devices take the lowest userID then, but may know of other ones that are gone.
 */
export function coordinates(call: CallKnowledge, userID: string, invitee: string): boolean {
  if (userID === invitee || !hasDeviceIn(call, userID)) return false;
  const inviter = call.members.get(invitee)?.inviter;
  for (const first of [inviter, call.origin?.initiator]) {
    if (first !== undefined && first !== invitee && hasDeviceIn(call, first)) {
      return userID === first;
    }
  }
  return true;
}

/**
 * Whether it counts for others that the user says to be in the call: always where all messages of the call were seen;
 * else once another user's own device has named it, or for one who has placed the call or invited somebody.
 */
export function isCredible({ origin, members, named }: CallKnowledge, userID: string): boolean {
  if (origin?.isComplete || origin?.initiator === userID) return true;
  if ([...members.values()].some(({ inviter }) => inviter === userID)) return true;
  return [...named].some(([user, names]) => user !== userID && names.has(userID));
}
