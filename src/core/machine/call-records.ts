import type { MemberRecord } from '../protocol/messages.js';
import type { EndReason } from '../protocol/vocabulary.js';
import { linkOf, newMember, replacesAbsent } from './call.js';
import type { DeferredMessage } from './claim.js';
import type { TransitionContext } from './transition-context.js';
import { closeLink } from './links.js';
import { isPending, isRejected, merge } from './record-order.js';
import type { Call } from './types.js';

/*
 * Merges records into a call: the only way in which a device gains knowledge of a call. Conclusions are drawn in
 * `review.ts`.
 */

/** Merges one record into the call. */
export function mergeRecord(ctx: TransitionContext, call: Call, record: MemberRecord): void {
  const { user } = record;
  const member = call.members.get(user);
  if (member?.isWithdrawn && isEcho(ctx, member.record, record)) return;
  if (!member || member.isWithdrawn) {
    call.members.set(user, newMember(record));
  } else {
    const old = member.record;
    const merged = replacesAbsent(call, record) ? record : merge(old, record);
    if (merged === old) return;
    // A member who left, or returned with another device or in another round, needs a new link. A link that is up is
    // kept if only the round changes, so that a later round can't interrupt media.
    if (user !== ctx.me && old.state === 'in' && old.device !== undefined) {
      const isSame = merged.state === 'in' && merged.device === old.device;
      const isUp = linkOf(call, user, old.device)?.state === 'up';
      if (!isSame || (merged.round !== old.round && !isUp)) closeLink(ctx, call, user, old.device);
    }
    if (merged.round > old.round) {
      ctx.endedRounds.push({ call, member });
      call.members.set(user, newMember(merged));
    } else member.record = merged;
    // A user whose invitation was cancelled can't change that by declining afterwards.
    if (merged.round === old.round && old.state === 'canceled') member.isTakenBack = true;
    if (user !== ctx.me && isRejected(merged)) call.lastOutcome = endReasonOf(merged.state);
  }
  if (call.members.size > 2) call.group = true;
}

/** Whether a record repeats an invitation of this device that the server has rejected: nobody else has opened that round. */
const isEcho = ({ me }: TransitionContext, withdrawn: MemberRecord, record: MemberRecord) =>
  record.inviter === me &&
  record.round === withdrawn.round &&
  (isPending(record) || isRejected(record));

/**
 * The server states who has opened a round. If this device has opened it at the same time, that member was first and
 * coordinates the invitation.
 */
export function correctInviter(call: Call, { user, round, inviter }: MemberRecord): void {
  const member = call.members.get(user);
  if (member?.record.round !== round || member.record.inviter === inviter) return;
  member.record = { ...member.record, inviter };
}

/** The end reason for a caller whose last invitation has ended in this state. */
function endReasonOf(state: MemberRecord['state']): EndReason {
  // Cancelled by the server, while this device was disconnected.
  if (state === 'canceled') return 'connection-lost';
  return state === 'glare' ? 'answered-elsewhere' : (state as EndReason);
}

/**
 * Merges the names and remaining times of a message into the call.
 * @param isDeferred whether the message was deferred when it was received
 */
export function mergeDetails(
  call: Call,
  { message, receivedAt }: Pick<DeferredMessage, 'message' | 'receivedAt'>,
  isPresent = true,
  isDeferred = false,
): void {
  for (const { userID, userName } of message.names)
    if (userName && !call.names.has(userID)) call.names.set(userID, userName);
  const { userID, userName } = message.from;
  if (userName) call.names.set(userID, userName);
  for (const { user, ms } of message.remaining) {
    const member = call.members.get(user);
    if (!member || !isPending(member.record)) continue;
    // The inviter's statement has priority, unless the message was deferred: it may be outdated, or older than the
    // invitation. Of other members who are in, the first statement counts.
    const isLatest = member.record.inviter === userID && !isDeferred;
    if (!isLatest && !(isPresent && member.deadline === undefined)) continue;
    // That the time is over does not extend it: each response would, after its transit time.
    const isOver = ms === 0 && member.deadline !== undefined && member.deadline < receivedAt;
    if (!isOver) member.deadline = receivedAt + ms;
  }
}
