import type { MemberRecord } from '../protocol/messages.js';
import { oneOf } from '../protocol/one-of.js';
import type { CallUser, MemberState, Phase } from '../protocol/vocabulary.js';
import { isIn, linkOf, nameOf } from './call.js';
import type { TransitionContext } from './transition-context.js';
import { isPending, isRejected, wasIn } from './record-order.js';
import type { MemberUpdate } from './machine-callbacks.js';
import type { Call, Member } from './types.js';

/*
 * Callbacks about other members. They result from comparing the call before and after a transition, so each is called
 * once for a change, regardless of the number and order of the messages about it.
 */

/** @returns a member's state as pages see it */
export function publicState(call: Call, user: string, self: string): MemberState {
  const member = call.members.get(user);
  return member ? stateOf(call, member, self) : 'left';
}

function stateOf(call: Call, { record, reachedDevices }: Member, self: string): MemberState {
  const { user, state, device } = record;
  switch (state) {
    case 'inviting':
      return reachedDevices === 0 ? 'unreachable' : 'inviting';
    case 'in': {
      if (user === self) return 'accepted';
      // The device is lost, and has no link. Its next message reverts this.
      if (!isIn(call, user)) return 'left';
      return linkOf(call, user, device ?? '')?.state === 'down' ? 'reconnecting' : 'accepted';
    }
    case 'glare':
      return 'accepted';
    case 'unsupported':
      return 'declined';
    case 'unreachable':
      // The invitation has timed out. `unreachable` is only for open invitations.
      return 'timeout';
    default:
      return state;
  }
}

/** Whether this device calls callbacks about other members: while it is invited or in the call. */
export const isParticipating = (call: Call | undefined): boolean => participates(call?.phase);
const participates = oneOf<Phase>('incoming', 'accepting', 'in');

/** Adds the callbacks for all calls that have changed in this transition. */
export function emitMemberEvents(ctx: TransitionContext): void {
  for (const id of ctx.changedCalls) {
    const call = ctx.calls.get(id);
    const before = ctx.before.calls.get(id);
    if (call?.isQuiet || before?.isQuiet) continue;
    if (!call || !(isParticipating(before) || (call.phase === 'in' && !before))) continue;
    emitOutcomes(ctx, before, call);
    emitStates(ctx, before, call);
  }
}

/** `onOutgoing…`: for the inviter. */
function emitOutcomes(ctx: TransitionContext, before: Call | undefined, call: Call): void {
  if (before?.phase !== 'in') return;
  const timedOut: TimedOut = new Map();
  for (const [user, member] of call.members) {
    if (user === ctx.me) continue;
    const was = before.members.get(user);
    const ended = endedRound(ctx, call, was);
    if (ended) emitOutcome(ctx, call, was, ended, timedOut);
    emitOutcome(ctx, call, ended ?? was, member, timedOut);
  }
  for (const callees of timedOut.values())
    ctx.callback(call, 'onOutgoingCallTimeout', call.id, callees, call.type === 'video');
}

/** The callees whose invitations have timed out, by batch. */
type TimedOut = Map<number | undefined, CallUser[]>;

/**
 * @returns what became of an invitation that was open before this transition, if a later round of the user is known now: the
 * user has joined, or another member has invited them again, and both were learned at once
 */
const endedRound = (
  { endedRounds }: TransitionContext,
  call: Call,
  was: Member | undefined,
): Member | undefined =>
  was && isPending(was.record)
    ? endedRounds.find(
        ({ call: of, member: { record } }) =>
          of === call && record.user === was.record.user && record.round === was.record.round,
      )?.member
    : undefined;

/** Reports how an invitation by this user has ended, unless it had ended before. */
function emitOutcome(
  ctx: TransitionContext,
  call: Call,
  before: Member | undefined,
  member: Member,
  timedOut: TimedOut,
): void {
  const { record } = member;
  const was = before?.record;
  // A rejected invitation was withdrawn: the outcome of the round before it is known.
  if (record.inviter !== ctx.me || (was && was.round > record.round)) return;
  const old = sameRound(before, member)?.record;
  const callee = nameOf(call, record.user);
  if (wasIn(record)) {
    // Not accepted by this callee: a join after a reload, a member who was unknown before, a member who has left again
    // before this device learned that they had been in a second time, and a member who turns out to be in by an
    // invitation whose outcome was reported.
    const hasLeftAgain = was?.state === 'left' && record.state === 'left';
    const isKnown = old && (wasIn(old) || hasOutcome(old.state));
    if (was && was.state !== 'in' && !hasLeftAgain && !isKnown)
      ctx.callback(call, 'onOutgoingCallAccepted', call.id, callee);
    return;
  }
  if (!isRejected(record) || (old && isRejected(old))) return;
  const { customData = '' } = record;
  switch (record.state) {
    case 'declined':
    case 'unsupported':
      return ctx.callback(call, 'onOutgoingCallDeclined', call.id, callee, customData);
    case 'busy':
      return ctx.callback(call, 'onOutgoingCallRejectedCauseBusy', call.id, callee, customData);
    case 'timeout':
    case 'unreachable':
      timedOut.set(member.batch, [...(timedOut.get(member.batch) ?? []), callee]);
      return;
    default:
  }
}

/** Whether a callback reports that an invitation has ended in this state. */
const hasOutcome = oneOf<MemberRecord['state']>(
  'declined',
  'unsupported',
  'busy',
  'timeout',
  'unreachable',
);

/** @returns the previous state of the same invitation. If the same device was in by another round, that one counts */
const sameRound = (old: Member | undefined, { record }: Member): Member | undefined => {
  if (old?.record.round === record.round) return old;
  const isSame = old?.record.state === 'in' && old.record.device === record.device;
  return isSame && record.state === 'in' ? old : undefined;
};

/** `onInvitationUserStateChanged`: for all users who are invited or in. */
function emitStates(ctx: TransitionContext, before: Call | undefined, call: Call): void {
  const ended: MemberUpdate[] = [];
  const users: MemberUpdate[] = [];
  for (const [user, member] of call.members) {
    if (user === ctx.me || member.record.state === 'glare') continue;
    const was = before?.members.get(user);
    const state = publicState(call, user, ctx.me);
    const earlier = endedRound(ctx, call, was);
    if (earlier && isRejected(earlier.record) && earlier.record.state !== 'glare') {
      const stateThen = stateOf(call, earlier, ctx.me);
      if (stateThen !== state) ended.push(updateOf(earlier, stateThen));
    }
    const old = sameRound(was, member);
    if (old && before && publicState(before, user, ctx.me) === state) continue;
    // When a call ends in this transition, no member is reported as reconnecting.
    if (state === 'reconnecting' && call.phase === 'over') continue;
    users.push(updateOf(member, state));
  }
  for (const updates of [ended, users])
    if (updates.length) ctx.callback(call, 'onInvitationUserStateChanged', updates);
}

function updateOf({ record }: Member, state: MemberState): MemberUpdate {
  // The custom data belong to the member's answer, not to later states.
  const silent = state === 'left' || state === 'reconnecting';
  return { userID: record.user, state, customData: (!silent && record.customData) || '' };
}
