import type { CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { checkInvitees, checkMembers, checkTimeout } from './commands.js';
import { isIn, isWaiting, mayInvite } from './in-calling.js';
import type { CallConfig } from './call-config.js';
import type { CallSnapshot } from './snapshots.js';
import type { InviteOptions } from './types.js';

/** @throws {CallError} `invalid-argument`, `not-allowed`, `too-many-members` */
export function checkInvite(
  options: InviteOptions,
  self: CallUser | undefined,
  call: CallSnapshot,
  config: CallConfig,
): { invitees: readonly CallUser[]; timeoutMs: number } {
  const { invitees: named, timeoutSeconds } = Object(options) as InviteOptions;
  const invitees = checkInvitees(named, self);
  const timeoutMs = checkTimeout(timeoutSeconds, config);
  if (!mayInvite(config, self?.userID, call)) throw new CallError('not-allowed');
  const there = call.members.filter((member) => member.self || isIn(member) || isWaiting(member));
  const all = new Set([...there, ...invitees].map(({ userID }) => userID));
  checkMembers(all.size, config);
  return { invitees, timeoutMs };
}
