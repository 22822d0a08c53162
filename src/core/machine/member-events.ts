import { oneOf } from '../protocol/one-of.js';
import type { CallUser, MemberState, Phase } from '../protocol/vocabulary.js';
import { isIn, linkOf, nameOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { isRejected, wasIn } from './record-order.js';
import type { Call, Member, MemberUpdate } from './types.js';

/*
 * Callbacks about the other members come from comparing what was known before a transition with what is known
 * after it: so each fires once for one fact, however often and in whatever order it was heard.
 */

/** A member's state as pages see it. */
export function publicState(call: Call, user: string, self: string): MemberState {
  const member = call.members.get(user);
  if (!member) return 'left';
  const { state, device } = member.record;
  switch (state) {
    case 'inviting':
      return member.reachedDevices === 0 ? 'unreachable' : 'inviting';
    case 'in': {
      if (user === self) return 'accepted';
      // Vanished, and no link says otherwise. Its next word brings it back.
      if (!isIn(call, user)) return 'left';
      return linkOf(call, user, device ?? '')?.state === 'down' ? 'reconnecting' : 'accepted';
    }
    case 'glare':
      return 'accepted';
    case 'unsupported':
      return 'declined';
    case 'unreachable':
      // Its time is over: pages read `unreachable` of an invitation that is still open.
      return 'timeout';
    default:
      return state;
  }
}

/** Who hears of other members: those invited or in the call, while they are. */
export const isParticipating = (call: Call | undefined): boolean => takesPart(call?.phase);
const takesPart = oneOf<Phase>('incoming', 'accepting', 'in');

/** Tells what changed in the calls that this transition touched. */
export function emitMemberEvents(ctx: TransitionContext): void {
  for (const id of ctx.changedCalls) {
    const call = ctx.calls.get(id);
    const before = ctx.before.calls.get(id);
    if (!call || !(isParticipating(before) || (call.phase === 'in' && !before))) continue;
    emitOutcomes(ctx, before, call);
    emitStates(ctx, before, call);
  }
}

/** `onOutgoing…`: to the one who invited. */
function emitOutcomes(ctx: TransitionContext, before: Call | undefined, call: Call): void {
  if (before?.phase !== 'in') return;
  const timedOut = new Map<number | undefined, CallUser[]>();
  for (const [user, member] of call.members) {
    const { record } = member;
    if (user === ctx.me || record.inviter !== ctx.me) continue;
    const old = sameRound(before.members.get(user), member);
    const callee = nameOf(call, user);
    if (wasIn(record)) {
      // Neither one who was in and comes back after a reload accepts anything, nor one of whom nothing was known.
      const was = before.members.get(user)?.record;
      if (was && was.state !== 'in' && !(old && wasIn(old.record)))
        ctx.callback(call, 'onOutgoingCallAccepted', call.id, callee);
      continue;
    }
    if (!isRejected(record) || (old && isRejected(old.record))) continue;
    const { customData = '' } = record;
    switch (record.state) {
      case 'declined':
      case 'unsupported':
        ctx.callback(call, 'onOutgoingCallDeclined', call.id, callee, customData);
        break;
      case 'busy':
        ctx.callback(call, 'onOutgoingCallRejectedCauseBusy', call.id, callee, customData);
        break;
      case 'timeout':
      case 'unreachable':
        timedOut.set(member.batch, [...(timedOut.get(member.batch) ?? []), callee]);
        break;
      default:
    }
  }
  for (const callees of timedOut.values())
    ctx.callback(call, 'onOutgoingCallTimeout', call.id, callees, call.type === 'video');
}

/** What was known of the same invitation before. A device that is in stays so, by whichever round. */
const sameRound = (old: Member | undefined, { record }: Member): Member | undefined => {
  if (old?.record.round === record.round) return old;
  const isSame = old?.record.state === 'in' && old.record.device === record.device;
  return isSame && record.state === 'in' ? old : undefined;
};

/** `onInvitationUserStateChanged`: to everybody invited or in. */
function emitStates(ctx: TransitionContext, before: Call | undefined, call: Call): void {
  const users: MemberUpdate[] = [];
  for (const [user, member] of call.members) {
    if (user === ctx.me || member.record.state === 'glare') continue;
    const state = publicState(call, user, ctx.me);
    const old = sameRound(before?.members.get(user), member);
    if (old && before && publicState(before, user, ctx.me) === state) continue;
    // Of a call that ends in this step, nobody comes back.
    if (state === 'reconnecting' && call.phase === 'over') continue;
    // The custom data of one who is in belong to the answer, not to what happens later.
    const silent = state === 'left' || state === 'reconnecting';
    users.push({ userID: user, state, customData: (!silent && member.record.customData) || '' });
  }
  if (users.length) ctx.callback(call, 'onInvitationUserStateChanged', users);
}
