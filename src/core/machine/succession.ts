import { isIn, recordOf } from './call.js';
import { compare } from './record-order.js';
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
