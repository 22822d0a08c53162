import type { MemberRecord } from '../protocol/messages.js';
import type { EndReason } from '../protocol/vocabulary.js';
import { linkOf, newMember } from './call.js';
import type { DeferredMessage } from './claim.js';
import type { TransitionContext } from './transition-context.js';
import { closeLink } from './links.js';
import { isPending, isRejected, merge } from './record-order.js';
import type { Call } from './types.js';

/*
 * What a device knows of a call grows here alone: by merging records. Nothing here decides; `review` does.
 */

/** Merges one record into what is known. */
export function mergeRecord(ctx: TransitionContext, call: Call, record: MemberRecord): void {
  const { user } = record;
  const member = call.members.get(user);
  if (!member) {
    call.members.set(user, newMember(record));
  } else {
    const old = member.record;
    const merged = merge(old, record);
    if (merged === old) return;
    // A member that left, or came back with another device or in another round, is linked anew. Media that flow go on:
    // by a later round of the same device nobody interrupts them.
    if (user !== ctx.me && old.state === 'in' && old.device !== undefined) {
      const isSame = merged.state === 'in' && merged.device === old.device;
      const isUp = linkOf(call, user, old.device)?.state === 'up';
      if (!isSame || (merged.round !== old.round && !isUp)) closeLink(ctx, call, user, old.device);
    }
    if (merged.round > old.round) call.members.set(user, newMember(merged));
    else member.record = merged;
    // Who is taken out of the call can't change that by declining afterwards.
    if (merged.round === old.round && old.state === 'canceled') member.isTakenBack = true;
    if (user !== ctx.me && isRejected(merged)) call.lastOutcome = endReasonOf(merged.state);
  }
  if (call.members.size > 2) call.group = true;
}

/** What a refusal means to one who is in, when it leaves nobody. */
function endReasonOf(state: MemberRecord['state']): EndReason {
  // Taken back by somebody else: by the server, while this device was away.
  if (state === 'canceled') return 'connection-lost';
  return state === 'glare' ? 'answered-elsewhere' : (state as EndReason);
}

/** Learns the names and the remaining times that a message carries. */
export function mergeDetails(
  call: Call,
  { message, isHandled, heardAt }: DeferredMessage,
  isPresent = true,
): void {
  for (const { userID, userName } of message.names)
    if (userName && !call.names.has(userID)) call.names.set(userID, userName);
  const { userID, userName } = message.from;
  if (userName) call.names.set(userID, userName);
  for (const { user, ms } of message.remaining) {
    const member = call.members.get(user);
    if (!member || !isPending(member.record)) continue;
    // The inviter knows best; of others who are in, the first statement counts. What was kept may be older than either.
    const isLatest = member.record.inviter === userID && !isHandled;
    if (isLatest || (isPresent && member.deadline === undefined)) member.deadline = heardAt + ms;
  }
}
