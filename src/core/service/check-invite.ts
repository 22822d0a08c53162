import type { Command } from '../machine/events.js';
import type { CallUser } from '../protocol/vocabulary.js';
import { CallError } from './call-error.js';
import { checkInvitees, checkMembers, checkReason, checkTimeout } from './commands.js';
import { isIn, isWaiting, mayInvite } from './in-calling.js';
import type { CallConfig } from './call-config.js';
import type { CallSnapshot } from './snapshots.js';
import type { InviteOptions, TransferOptions } from './types.js';

/** @throws {CallError} `invalid-argument`, `not-allowed`, `too-many-members` */
export function checkInvite(
  options: InviteOptions,
  self: CallUser | undefined,
  call: CallSnapshot,
  config: CallConfig,
): Extract<Command, { type: 'user.invite' }> {
  const { invitees: named, timeoutSeconds } = Object(options) as InviteOptions;
  const invitees = checkInvitees(named, self);
  const timeoutMs = checkTimeout(timeoutSeconds, config);
  if (!mayInvite(config, self?.userID, call)) throw new CallError('not-allowed');
  checkAll(call, invitees, config);
  return { type: 'user.invite', invitees, timeoutMs };
}

/** @returns the members who are in the call or invited to it, with this user */
const membersThere = ({ members }: CallSnapshot): readonly CallUser[] =>
  members.filter((member) => member.self || isIn(member) || isWaiting(member));

/** @throws {CallError} `too-many-members` */
export function checkMerge(
  call: CallSnapshot,
  config: CallConfig,
): Extract<Command, { type: 'user.merge' }> {
  checkMembers(membersThere(call).length + 1, config);
  return { type: 'user.merge', timeoutMs: checkTimeout(undefined, config) };
}

/** @throws {CallError} `too-many-members` */
function checkAll(call: CallSnapshot, added: readonly CallUser[], config: CallConfig): void {
  const all = new Set([...membersThere(call), ...added].map(({ userID }) => userID));
  checkMembers(all.size, config);
}

/** @throws {CallError} `invalid-argument`, `too-many-members` */
export function checkTransfer(
  user: string | CallUser,
  options: TransferOptions,
  self: CallUser | undefined,
  call: CallSnapshot,
  config: CallConfig,
): Extract<Command, { type: 'user.transfer' }> {
  const { reason, timeoutSeconds } = Object(options) as TransferOptions;
  const targets = checkInvitees([user], self);
  const [target] = targets as readonly [CallUser];
  checkAll(call, targets, config);
  const timeoutMs = checkTimeout(timeoutSeconds, config);
  return { type: 'user.transfer', target, reason: checkReason(reason), timeoutMs };
}
