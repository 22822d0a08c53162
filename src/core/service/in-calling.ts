import type { CallConfig, CallSnapshot, Member } from './types.js';

/** Whether this user placed the call. */
export const isInitiator = (userID: string | undefined, call: CallSnapshot | undefined): boolean =>
  call?.initiator !== undefined && call.initiator.userID === userID;

/** Whether this user may invite more people into the call: by the page's configuration. */
export const mayInvite = (
  { inCalling }: CallConfig,
  userID: string | undefined,
  call: CallSnapshot | undefined,
): boolean =>
  !!inCalling?.canInvitingInCalling &&
  (!inCalling.onlyInitiatorCanInvite || isInitiator(userID, call));

/** In the call, as far as anybody knows. */
export const isIn = (member: Pick<Member, 'state'> | undefined): boolean =>
  /^(accepted|reconnecting)$/.test(member?.state ?? '');

/** Invited, and still to answer. */
export const isWaiting = (member: Pick<Member, 'state'> | undefined): boolean =>
  /^(inviting|ringing|unreachable)$/.test(member?.state ?? '');
