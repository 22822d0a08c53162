import type { Invitation } from '../inbox/inbox.js';
import type { Stamped } from '../messages/stamp.js';

/** A stored invitation with its remaining time. */
export function replay(
  { invite, message, receivedAt, expiresAt }: Invitation,
  now: number,
): Stamped {
  const left = (ms: number) => Math.max(0, ms);
  return {
    ...message,
    remainingMs: left(expiresAt - now),
    remaining: invite.remaining.map(({ user, ms }) => ({ user, ms: left(ms - now + receivedAt) })),
    replay: true,
  };
}
