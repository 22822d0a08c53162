import type { MemberState } from '../../core/protocol/vocabulary.js';
import { isIn } from '../../core/service/in-calling.js';
import type { CallSnapshot, Member } from '../../core/service/snapshots.js';

/** The view that shows a call; also the name of the provider's slot for it. */
export type CallView = 'incoming' | 'outgoing' | 'ongoing';

const JOINED_STATES: readonly MemberState[] = ['accepted', 'left', 'reconnecting'];

/**
 * The view for the state of a call. An ended call keeps its last view while its end is shown. If only this user
 * ended the invitation (declined or cancelled it), no end is shown.
 */
export function callViewOf(call: CallSnapshot | undefined): CallView | undefined {
  switch (call?.status) {
    case 'incoming':
      return 'incoming';
    case 'calling':
    case 'ringing-out':
      return 'outgoing';
    case 'connecting':
    case 'active':
    case 'reconnecting':
      return 'ongoing';
    case 'ended': {
      // An invited user has joined when they are in themselves; a caller's call has begun when another member is in.
      const isInvited = call.inviter !== undefined;
      const hasJoined = call.members.some(
        ({ self, state }) => self === isInvited && JOINED_STATES.includes(state),
      );
      if (call.startedAt !== undefined || hasJoined) return 'ongoing';
      if (call.endReason === (isInvited ? 'declined' : 'canceled')) return undefined;
      return isInvited ? 'incoming' : 'outgoing';
    }
    default:
      return undefined;
  }
}

/** All members except the user of this device. */
export const othersOf = (call: CallSnapshot): readonly Member[] =>
  call.members.filter(({ self }) => !self);

/** The other members who are in the call. If nobody is in, at its start and end, all other members. */
export function presentOf(call: CallSnapshot): readonly Member[] {
  const others = othersOf(call);
  const present = others.filter(isIn);
  return present.length ? present : others;
}
