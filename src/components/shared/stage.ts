import type { MemberState } from '../../core/protocol/vocabulary.js';
import { isIn } from '../../core/service/in-calling.js';
import type { CallSnapshot, Member } from '../../core/service/types.js';

/** What is to be seen of a call, and the name of the slot for it. */
export type Stage = 'incoming' | 'outgoing' | 'ongoing';

const CAME: readonly MemberState[] = ['accepted', 'left', 'reconnecting'];

/**
 * The stage of a call. While `ended` it is the one that the call has ended in, for as long as the end is shown; an
 * end that this user has just chosen alone (declined, cancelled) is not shown.
 */
export function stageOf(call: CallSnapshot | undefined): Stage | undefined {
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
      // Who was invited has come once they themselves are in; the caller's call once somebody else is.
      const invited = call.inviter !== undefined;
      const came = call.members.some(({ self, state }) => self === invited && CAME.includes(state));
      if (call.startedAt !== undefined || came) return 'ongoing';
      if (call.endReason === (invited ? 'declined' : 'canceled')) return undefined;
      return invited ? 'incoming' : 'outgoing';
    }
    default:
      return undefined;
  }
}

/** All members but the user of this device. */
export const othersOf = (call: CallSnapshot): readonly Member[] =>
  call.members.filter(({ self }) => !self);

/** The others who are in the call; at its beginning and end those who were to be. */
export function presentOf(call: CallSnapshot): readonly Member[] {
  const others = othersOf(call);
  const present = others.filter(isIn);
  return present.length ? present : others;
}
