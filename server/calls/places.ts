import { MAX_USERS_PER_CALL } from '../limits/limits.js';
import type { CallKnowledge, CallMember } from './call-knowledge.js';

/**
 * Whether a member would take more than a fair share of the places that a call has over its lifetime. A member other than the
 * initiator may invite at most as many new users as places remain free for everybody else. So no member can use up all places:
 * of 256, the first inviter leaves half, the second a quarter, and so on. Calls of ordinary size never reach this limit.
 *
 * @param changes new states of members, by userID, of an invitation by `inviter`
 */
export function exceedsShare(
  { origin, members }: Pick<CallKnowledge, 'origin' | 'members'>,
  inviter: string,
  changes: ReadonlyMap<string, CallMember>,
): boolean {
  if (!origin || origin.initiator === inviter) return false;
  let added = 0;
  for (const user of changes.keys()) if (!members.has(user)) added += 1;
  if (added === 0) return false;
  let invited = added;
  for (const [user, member] of members) {
    if (user !== inviter && member.inviter === inviter) invited += 1;
  }
  return invited > MAX_USERS_PER_CALL - members.size - added;
}
