import { oneOf } from '../protocol/one-of.js';
import type { CallStatus, MemberState } from '../protocol/vocabulary.js';
import type { CallConfig } from './call-config.js';
import type { CallSnapshot, Member } from './snapshots.js';

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

/** Whether there is no call any more. */
export const isOver = oneOf<CallStatus>('idle', 'ended');

/** Whether a member is in the call, also while reconnecting. */
export const isIn = (member: Pick<Member, 'state'> | undefined): boolean =>
  isPresent(member?.state);
const isPresent = oneOf<MemberState>('accepted', 'reconnecting');

/** Whether a member is invited and has not answered yet. */
export const isWaiting = (member: Pick<Member, 'state'> | undefined): boolean =>
  isUnanswered(member?.state);
const isUnanswered = oneOf<MemberState>('inviting', 'ringing', 'unreachable');
