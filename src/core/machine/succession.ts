import type { Delivered, MemberRecord } from '../protocol/messages.js';
import { deviceKey, isIn, recordOf } from './call.js';
import { compare, wasIn } from './record-order.js';
import type { TransitionContext } from './transition-context.js';
import type { Call } from './types.js';

/**
 * @returns the coordinator of a user's invitation: its inviter; else the initiator; else the lowest userID that is in
 */
export function coordinatorOf(
  { me }: Pick<TransitionContext, 'me'>,
  call: Call,
  user: string,
  inviter = recordOf(call, user)?.inviter,
): string | undefined {
  const present = (u: string | undefined): boolean =>
    u !== undefined && u !== user && (u === me ? call.phase === 'in' : isIn(call, u));
  if (present(inviter)) return inviter;
  if (present(call.initiator)) return call.initiator;
  return [...call.members.keys()].filter(present).sort(compare)[0];
}

/**
 * Whether the sender of a message, who coordinates the invitation of a user by succession, did so when it sent the message: the
 * members before it in the succession had left, or were lost, by the time of the server.
 */
export function hasSucceededBefore(
  ctx: TransitionContext,
  call: Call,
  { from: { userID }, at }: Pick<Delivered, 'from' | 'at'>,
  user: string,
): boolean {
  const inviter = recordOf(call, user)?.inviter;
  const precedes = (other: string): boolean =>
    other === inviter ||
    (userID !== call.initiator && (other === call.initiator || compare(other, userID) < 0));
  return [...call.members.values()].every(
    ({ record }) =>
      record.user === user ||
      record.user === userID ||
      !precedes(record.user) ||
      wasOutBefore(ctx, call, record, at),
  );
}

/** Whether a user was not in at a time of the server, as that user's device or the server has reported. */
function wasOutBefore(
  { lastMessageAt }: TransitionContext,
  call: Call,
  record: MemberRecord,
  at: number,
): boolean {
  // The user has not been in yet.
  if (!wasIn(record)) return record.round === 1;
  const key = deviceKey(record.user, record.device ?? '');
  const absence = call.absent.get(key);
  const reportedAt = absence && 'at' in absence ? absence.at : undefined;
  const since = record.state === 'left' ? lastMessageAt.get(key) : reportedAt;
  return since !== undefined && since < at;
}
