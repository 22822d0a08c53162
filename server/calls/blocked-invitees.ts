import { isParticipating, type CallKnowledge, type CallMember } from './call-knowledge.js';

/** The changes by an invitation some of whose invitees block the sender: these are `withheld`. */
export function withBlocked(
  changes: ReadonlyMap<string, CallMember>,
  blocked: ReadonlySet<string>,
  { members }: CallKnowledge,
): ReadonlyMap<string, CallMember> {
  if (blocked.size === 0) return changes;
  const changed = new Map(changes);
  for (const user of blocked) {
    const member = changed.get(user);
    // Another user has invited this user already.
    if (!member || isParticipating(members.get(user))) changed.delete(user);
    else changed.set(user, { ...member, state: 'withheld' });
  }
  return changed;
}
