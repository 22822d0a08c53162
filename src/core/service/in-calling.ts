import { oneOf } from '../protocol/one-of.js';
import type { MemberState } from '../protocol/vocabulary.js';
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
  isPresent(member?.state);
const isPresent = oneOf<MemberState>('accepted', 'reconnecting');

/** Invited, and still to answer. */
export const isWaiting = (member: Pick<Member, 'state'> | undefined): boolean =>
  isUnanswered(member?.state);
const isUnanswered = oneOf<MemberState>('inviting', 'ringing', 'unreachable');
