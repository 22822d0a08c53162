import type { CallConfig, CallSnapshot, Member } from './types.js';

/** Whether this user placed the call. */
export const isInitiator = (userID: string | undefined, call: CallSnapshot | undefined): boolean =>
  call?.initiator !== undefined && call.initiator.userID === userID;

/** Whether the page's configuration allows this user to invite more users into the call. */
export const mayInvite = (
  { inCalling }: CallConfig,
  userID: string | undefined,
  call: CallSnapshot | undefined,
): boolean =>
  !!inCalling?.canInvitingInCalling &&
  (!inCalling.onlyInitiatorCanInvite || isInitiator(userID, call));

/** Whether a member is in the call, also while reconnecting. */
export const isIn = (member: Pick<Member, 'state'> | undefined): boolean =>
  /^(accepted|reconnecting)$/.test(member?.state ?? '');

/** Whether a member is invited and has not answered yet. */
export const isWaiting = (member: Pick<Member, 'state'> | undefined): boolean =>
  /^(inviting|ringing|unreachable)$/.test(member?.state ?? '');
